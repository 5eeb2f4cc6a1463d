#pragma once

#include <memory>
#include <vector>

#include "emulator/mesh/packet/packet_link.hpp"
#include "emulator/mesh/packet/packet_queues.hpp"

namespace seamount::emu {

/// Packet-level mesh: every packet reserves each link of its route, in global time order (ties: the
/// lower packet index first). Packets that wait hold up nobody but those that want the same link,
/// with one exception: traffic without end in which packets wait much is played by PacketQueues
/// from then on.
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
    using Link = PacketLink;
    struct WayIn {
        Stream waiting;
        std::uint64_t free = 0;
    };

    [[nodiscard]] Link& link(std::uint32_t mesh, std::uint32_t tile, Direction way) noexcept {
        return links_[(mesh * grid_.tiles() + tile) * kDirections +
                      static_cast<std::uint32_t>(way)];
    }
    void add(const MeshPacket& packet, std::uint32_t id);
    [[nodiscard]] bool congested() const noexcept;
    void queue_up();
    [[nodiscard]] std::uint64_t next_request() const noexcept;
    void serve_all(std::uint64_t until);
    void let_in(std::uint32_t mesh, std::uint32_t tile, std::uint64_t until);
    void enter(std::uint32_t mesh, std::uint32_t tile, const PacketHead& head);
    void serve(Link& link, std::uint64_t until);
    template <class Leave>
    void serve_requests(Link& link, std::uint64_t until, Leave leave);
    void deliver(const PacketHead& head);
    void note(const Link& link, const PacketHead& head, std::uint64_t wait);

    MeshGrid grid_;
    bool ways_out_;                     ///< take time
    bool short_buffers_ = false;        ///< some hold less than their link sends in a credit loop
    std::vector<Link> links_;           ///< by mesh, tile and way; kept per step
    std::vector<WayIn> ways_in_;        ///< by mesh and tile
    std::vector<std::uint32_t> order_;  ///< links, upstream first
    Stream ejected_;                    ///< of serve
    StreamSorter sorter_;
    std::span<std::uint64_t> arrival_ps_;   ///< of the step being carried; empty: not in carry
    std::vector<MeshDelivery> delivered_;   ///< since the last advance
    std::unique_ptr<PacketQueues> queues_;  ///< made when first needed
    bool queueing_ = false;                 ///< queues_ play
    bool long_packets_ = false;             ///< some do not fit a buffer
    std::uint64_t now_ = 0;
    std::uint64_t period_ = 0;      ///< in which waiting is judged
    std::uint64_t period_end_ = 0;  ///< of this one
    std::uint64_t heads_ = 0;       ///< that got a link since waiting was judged last
    std::uint64_t waited_ = 0;      ///< by them
    std::uint64_t travelled_ = 0;   ///< by them, on links
    bool watching_ = false;
    std::vector<LinkDelay> worst_;  ///< by packet, of a step
};

}  // namespace seamount::emu
