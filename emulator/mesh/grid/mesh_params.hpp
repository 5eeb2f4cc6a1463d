#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "isa/base/name_table.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/chip/routes.hpp"

namespace seamount::emu {

using Direction = isa::Way;
inline constexpr std::size_t kDirections = 5;

/// Router pipelines of the reference vectors in tests/golden/noc.
enum class Pipeline : std::uint8_t {
    kA,  ///< speculative switch allocation: 3 cycles per hop, credits back after 5
    kB,  ///< virtual channel, then switch: 4 cycles per hop, credits back after 6
};
inline constexpr auto kPipelineNames =
    name_table<Pipeline>({{Pipeline::kA, "A"}, {Pipeline::kB, "B"}});

/// Shape, routing and times of a mesh. A tick is what the caller makes of it: a picosecond for a
/// chip (asynchronous links), a cycle for a synchronous router.
struct MeshParams {
    std::uint32_t width = 1;       ///< tiles of the whole system, east-west
    std::uint32_t height = 1;      ///< north-south
    std::uint32_t chip_width = 0;  ///< tiles of one chip; 0: one chip is the whole system
    std::uint32_t chip_height = 0;
    std::uint32_t meshes = 1;  ///< parallel physical meshes, 1 or 2
    isa::MeshPolicy policy = isa::MeshPolicy::kAlternate;
    isa::MeshRouting routing = isa::MeshRouting::kXy;
    /// Next-hop tables of a chip with dead links, for every mesh; instead of `routing`.
    std::shared_ptr<const isa::Routes> tables;

    std::uint64_t inject = 0;         ///< ticks from the source to its router
    std::uint64_t hop_east_west = 0;  ///< head, from switch to the next router
    std::uint64_t hop_north_south = 0;
    std::uint64_t hop_off_chip = 0;
    std::uint64_t eject = 0;            ///< from the last switch to the target
    std::uint64_t occupancy = 0;        ///< of a link by one flit
    std::uint64_t local_occupancy = 0;  ///< of a tile's way in and of its way out
    std::uint64_t off_chip_occupancy = 0;
    std::uint64_t allocate = 0;      ///< by a head for an output, ahead of the switch
    std::uint64_t credit = 0;        ///< from a switch back to the one upstream
    std::uint64_t eject_credit = 0;  ///< from a target back to its router
    std::uint32_t buffer_flits = 8;  ///< flit: per input and virtual channel; packet: per input
    std::uint32_t virtual_channels = 1;

    /// Of anything that one event of a mesh plans.
    [[nodiscard]] std::uint64_t longest_delay() const noexcept;
    /// Picoseconds, from the prices and the `mesh:` section of a chip file.
    [[nodiscard]] static MeshParams of(const isa::ChipSpec& chip);
    /// Cycles of a router pipeline. Latency without load: 5 + 3 H + (L - 1) cycles (A),
    /// 6 + 4 H + (L - 1) cycles (B) for H hops and L flits.
    [[nodiscard]] static MeshParams of(Pipeline pipeline, std::uint32_t width,
                                       std::uint32_t height);
};

}  // namespace seamount::emu
