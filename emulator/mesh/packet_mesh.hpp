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
/// busy for one occupancy per flit and is at the next router one hop latency after its start. A
/// tile's ways in and out are such links too if they take time (`local_occupancy`).
///
/// Deadlock-free routing makes the links a graph without cycles: x links feed only the next x link
/// and the y links, y links only the next y link. So links are served one after another, upstream
/// first, and all requests of a link are known when its turn comes. A link keeps its packets in
/// order, hence its requests are a merge of a few sorted streams. Every link sees its requests in
/// the order in which a simulation by global time would present them, so the result is the same,
/// without an event queue. Traffic without end is served window by window: what a link is asked
/// for after the window stays for the next one.
class PacketMesh final : public MeshModel {
public:
    explicit PacketMesh(const MeshParams& params);
    void carry(std::span<const MeshPacket> packets, std::span<std::uint64_t> arrival_ps) override;
    void begin() override;
    void offer(const MeshPacket& packet, std::uint32_t id) override;
    void advance(std::uint64_t until, std::vector<MeshDelivery>& delivered) override;
    [[nodiscard]] std::vector<LinkUse> links() const override;
    void watch_delays(bool on) override { watching_ = on; }
    [[nodiscard]] LinkDelay worst_link(std::uint32_t packet) const override;
    [[nodiscard]] std::uint64_t max_link_flits() const override { return grid_.max_link_flits(); }

private:
    using Stream = std::vector<PacketHead>;
    /// A link; kLocal is the way out of the mesh at `tile`.
    struct Link {
        std::array<Stream, kDirections> requests;  ///< by the direction travelled so far
        LinkUse use;
        std::uint32_t next = 0;       ///< tile at its end
        std::uint64_t occupancy = 0;  ///< per flit
        std::uint64_t hop = 0;        ///< head, from its request to the next router
        std::uint64_t free = 0;
        bool slow = false;  ///< off-chip: its pace may exceed that of the other links
    };
    struct WayIn {
        Stream waiting;
        std::uint64_t free = 0;
    };

    [[nodiscard]] Link& link(std::uint32_t mesh, std::uint32_t tile, Direction way) noexcept {
        return links_[(mesh * grid_.tiles() + tile) * kDirections +
                      static_cast<std::uint32_t>(way)];
    }
    void order_links();
    void order_mesh(std::uint32_t mesh);
    void add(const MeshPacket& packet, std::uint32_t id);
    void serve_all(std::uint64_t until);
    void let_in(std::uint32_t mesh, std::uint32_t tile, std::uint64_t until);
    void enter(std::uint32_t mesh, std::uint32_t tile, const PacketHead& head);
    void serve(Link& link, std::uint64_t until);
    template <class Leave>
    void serve_requests(Link& link, std::uint64_t until, Leave leave);
    void deliver(const PacketHead& head);
    void note(const Link& link, const PacketHead& head, std::uint64_t wait);
    void sort_by_runs(Stream& stream);
    void join(Stream& from, Stream& into);

    MeshGrid grid_;
    bool ways_out_;                        ///< take time
    std::vector<Link> links_;              ///< by mesh, tile and way; kept per step
    std::vector<WayIn> ways_in_;           ///< by mesh and tile
    std::vector<std::uint32_t> order_;     ///< links, upstream first
    Stream ejected_;                       ///< of serve
    Stream scratch_;                       ///< of sort_by_runs and join
    std::vector<std::size_t> runs_;        ///< of sort_by_runs
    std::span<std::uint64_t> arrival_ps_;  ///< of the step being carried; empty: not in carry
    std::vector<MeshDelivery> delivered_;  ///< since the last advance
    bool watching_ = false;
    std::vector<LinkDelay> worst_;  ///< by packet, of a step
};

}  // namespace seamount::emu
