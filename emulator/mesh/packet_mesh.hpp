#pragma once

#include <array>
#include <vector>

#include "emulator/mesh/grid.hpp"
#include "emulator/mesh/merge.hpp"

namespace seamount::emu {

/// Packet-level mesh: every packet reserves each link of its route, in global time order (ties: the
/// lower packet index first), without backpressure.
///
/// A head that is at a router at time t starts on its link at max(t, link free), keeps the link
/// busy for one occupancy per flit and is at the next router one hop latency after its start.
///
/// Dimension-order routing makes the links a graph without cycles: x links feed only the next x
/// link and the y links, y links only the next y link. So links are served one after another,
/// upstream first, and all requests of a link are known when its turn comes. A link keeps its
/// packets in order, hence its requests are a merge of a few sorted streams. Every link sees its
/// requests in the order in which a simulation by global time would present them, so the result is
/// the same, without an event queue.
class PacketMesh final : public MeshModel {
public:
    explicit PacketMesh(const isa::ChipSpec& chip);
    void carry(std::span<const MeshPacket> packets, std::span<std::uint64_t> arrival_ps) override;
    [[nodiscard]] std::uint64_t max_link_flits() const override { return grid_.max_link_flits(); }

private:
    using Stream = std::vector<PacketHead>;
    /// What asks for a link, by the direction in which it travelled so far.
    using Requests = std::array<Stream, kDirections>;

    [[nodiscard]] Requests& link(std::uint32_t tile, Direction way) noexcept {
        return links_[tile * 4 + static_cast<std::uint32_t>(way)];
    }
    void enter(std::uint32_t tile, const PacketHead& head);
    void eject(const PacketHead& head) noexcept {
        arrival_ps_[head.packet] =
            head.time_ps + grid_.occupancy_ps() * (std::uint64_t{head.flits} - 1);
    }
    void sort_by_runs(Stream& stream);
    void join(const Stream& from, Stream& into);
    void serve(std::uint32_t tile, Direction way);

    MeshGrid grid_;
    std::vector<Requests> links_;          ///< by tile and direction of leaving; kept per step
    Stream ejected_;                       ///< of serve
    Stream scratch_;                       ///< of sort_by_runs and join
    std::vector<std::size_t> runs_;        ///< of sort_by_runs
    std::span<std::uint64_t> arrival_ps_;  ///< of the step being carried
};

}  // namespace seamount::emu
