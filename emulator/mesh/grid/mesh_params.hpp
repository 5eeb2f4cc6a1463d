#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "emulator/mesh/grid/ticks.hpp"
#include "isa/base/name_table.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/chip/routes.hpp"

namespace seamount::emu {

using Direction = isa::Way;
inline constexpr std::size_t kDirections = static_cast<std::size_t>(Direction::kLocal) + 1;

/// Place of a direction in an array of kDirections.
[[nodiscard]] constexpr std::size_t index_of(Direction way) {
    return static_cast<std::size_t>(way);
}

/// Router pipelines of the reference vectors in tests/golden/noc.
enum class Pipeline : std::uint8_t {
    kA,  ///< speculative switch allocation: 3 cycles per hop, credits back after 5
    kB,  ///< virtual channel, then switch: 4 cycles per hop, credits back after 6
};
inline constexpr auto kPipelineNames =
    name_table<Pipeline>({{Pipeline::kA, "A"}, {Pipeline::kB, "B"}});

/// Shape, routing and times of a mesh.
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

    Ticks inject{};         ///< from the source to its router
    Ticks hop_east_west{};  ///< head, from switch to the next router
    Ticks hop_north_south{};
    Ticks hop_off_chip{};
    Ticks eject{};            ///< from the last switch to the target
    Ticks occupancy{};        ///< of a link by one flit
    Ticks local_occupancy{};  ///< of a tile's way in and of its way out
    Ticks off_chip_occupancy{};
    Ticks allocate{};                ///< by a head for an output, ahead of the switch
    Ticks credit{};                  ///< from a switch back to the one upstream
    Ticks eject_credit{};            ///< from a target back to its router
    std::uint32_t buffer_flits = 8;  ///< flit: per input and virtual channel; packet: per input
    std::uint32_t virtual_channels = 1;

    /// Of anything that one event of a mesh plans.
    [[nodiscard]] Ticks longest_delay() const noexcept;
    /// Ticks are picoseconds: from the prices and the `mesh:` section of a chip file.
    [[nodiscard]] static MeshParams of(const isa::ChipSpec& chip);
    /// Ticks are cycles of a router pipeline. Latency without load: 5 + 3 H + (L - 1) cycles (A),
    /// 6 + 4 H + (L - 1) cycles (B) for H hops and L flits.
    [[nodiscard]] static MeshParams of(Pipeline pipeline, std::uint32_t width,
                                       std::uint32_t height);
};

}  // namespace seamount::emu
