#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "isa/spec/chip_spec.hpp"

namespace seamount::emu {

enum class MeshFidelity : std::uint8_t {
    kPacket,  ///< every link is reserved hop by hop in time order; no backpressure
    kIdeal,   ///< no contention: latency of the route alone
};

/// One packet of a step. Times are relative to the start of the step.
struct MeshPacket {
    /// The packet leaves its tile; its head is at the source router one tile time
    /// (Event::kTileSpike) later.
    std::uint64_t inject_ps = 0;
    std::uint16_t source_tile = 0;
    std::uint16_t target_tile = 0;
    std::uint32_t flits = 1;  ///< 1..65535
};

/// What the mesh did; integers, summed over steps.
struct MeshCounters {
    std::uint64_t packets = 0;
    std::uint64_t hops_east_west = 0;  ///< flits over horizontal links
    std::uint64_t hops_north_south = 0;
    std::uint64_t tile_spikes =
        0;  ///< packets that entered the mesh from a tile (every packet once)
    std::uint64_t contention_ps = 0;  ///< time that packets waited for links
    [[nodiscard]] std::uint64_t hops() const noexcept { return hops_east_west + hops_north_south; }
    friend bool operator==(const MeshCounters&, const MeshCounters&) = default;
};

/// The routers and links of the chip. Dimension-order XY routing. Owned by one SystemC process;
/// plain C++ itself.
class MeshModel {
public:
    virtual ~MeshModel() = default;
    /// Carries all packets of one step and writes the arrival time of each (tail at the target
    /// tile's local port, in ps from the start of the step) to `arrival_ps[i]`. Links are idle at
    /// the start of a step.
    virtual void carry(std::span<const MeshPacket> packets,
                       std::span<std::uint64_t> arrival_ps) = 0;
    [[nodiscard]] const MeshCounters& counters() const noexcept { return counters_; }
    /// Flits that crossed the busiest link so far.
    [[nodiscard]] virtual std::uint64_t max_link_flits() const = 0;

protected:
    MeshCounters counters_;
};

[[nodiscard]] std::unique_ptr<MeshModel> make_mesh(MeshFidelity fidelity,
                                                   const isa::ChipSpec& chip);

}  // namespace seamount::emu
