#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "emulator/base/parallel.hpp"
#include "emulator/mesh/packet/merge.hpp"
#include "emulator/mesh/packet/packet_link.hpp"
#include "emulator/mesh/packet/sinks.hpp"

namespace seamount::emu {

/// Packets that reserve every link of their routes, in global time order (ties: the lower packet
/// index first). They hold up nobody but those that want the same link.
///
/// A head that is at a router at time t starts on its link at max(t, link free), keeps the link
/// busy for one occupancy per flit and is at the next router one hop latency after its start. A
/// tile's way out is such a link too if it takes time (`local_occupancy`).
///
/// Deadlock-free routing makes the links a graph without cycles: x links feed only the next x link
/// and the y links, y links only the next y link. So links are served one after another, upstream
/// first, and all requests of a link are known when its turn comes. A link keeps its packets in
/// order, hence its requests are a merge of a few sorted streams. Every link sees its requests in
/// the order in which a simulation by global time would present them, so the result is the same,
/// without an event queue. What a link is asked for after `until` stays for the next `play`. Links
/// that nobody asks for cost nothing.
class Reservations {
public:
    /// What was served since `clear`, or since `forget_served`.
    struct Served {
        std::uint64_t heads = 0;  ///< that got a link
        Ticks waited{};           ///< by them, for their links
        Ticks travelled{};        ///< by them, on links
    };

    /// `grid` and `links` must outlive it.
    Reservations(const MeshGrid& grid, std::vector<PacketLink>& links);

    /// All links are idle. Costs a look at every link.
    void clear();
    /// The same if only packets that reserve have used the links since the last time: costs as much
    /// as those that were used.
    void clear_used();
    /// The head of a packet comes from its tile to a router. A `sink` is one of sinks.hpp: it is
    /// told when packets are out of the mesh.
    template <class Sink>
    void enter(std::uint32_t mesh, TileId tile, const PacketHead& head, const Sink& sink);
    /// The same for many heads from `tile` to `target`: where they are to be appended; one will be.
    /// Null: they are out of the mesh at once, so they have to enter() one by one.
    [[nodiscard]] HeadStream* way_in(std::uint32_t mesh, TileId tile, TileId target);
    /// Serves all that is asked before `until`. Returns how long packets waited.
    template <class Sink>
    Ticks play(Ticks until, const Sink& sink);

    /// From now on play_lanes() divides links among `threads`, which must outlive its last call.
    void use(Parallel& threads);
    /// Whether there are several threads, and routes on which links can be divided among them.
    [[nodiscard]] bool has_lanes() const noexcept { return !phases_.empty(); }
    /// Serves all that is asked, as play() does. Links of one direction in one row or column are a
    /// lane: none feeds another of the same dimension, so lanes are served side by side, first
    /// those of the first dimension, then those of the second, then the ways out.
    Ticks play_lanes(const StepSink& sink);

    [[nodiscard]] const Served& served() const noexcept { return workers_.front().served; }
    void forget_served() noexcept { workers_.front().served = {}; }
    /// When the next packet wants a link; kNever if none does.
    [[nodiscard]] Ticks next_request() const noexcept;
    /// Takes all requests away: calls take(mesh, tile, way, head) with the heads at each router, by
    /// the direction in which they came, in order.
    template <class Take>
    void hand_over(Take take);

private:
    using Stream = HeadStream;
    using Lane = std::vector<std::uint32_t>;  ///< links, upstream first
    /// What a thread has to serve links with.
    struct Worker {
        Stream in_order;  ///< what a link serves now
        Stream ejected;   ///< of serve_by_dimension
        StreamSorter sorter;
        Served served;
        std::vector<std::uint32_t> used;  ///< links that were served since the last clearing
        bool wakes = true;                ///< false: of lanes, all of whose links are looked at
    };

    [[nodiscard]] PacketLink& link(std::uint32_t mesh, TileId tile, Direction way) noexcept {
        return links_[link_index(grid_, mesh, tile, way)];
    }
    [[nodiscard]] std::size_t number(const PacketLink& link) const noexcept {
        return static_cast<std::size_t>(&link - links_.data());
    }
    template <class Sink>
    void serve(Worker& worker, std::uint32_t index, Ticks until, const Sink& sink);
    template <class Sink>
    void serve_taken(Worker& worker, PacketLink& link, const Sink& sink);
    template <class Sink>
    void serve_by_dimension(Worker& worker, PacketLink& link, const Sink& sink);
    template <class Sink, class Leave>
    void serve_in_order(Worker& worker, PacketLink& link, const Sink& sink, Leave leave);
    template <class Sink, std::size_t kExits, class Choose>
    void serve_to(Worker& worker, PacketLink& link, const Sink& sink,
                  const std::array<Stream*, kExits>& exits, Choose choose);
    [[nodiscard]] static Stream& join_locals(Worker& worker, PacketLink& link);
    [[nodiscard]] static Stream* take_requests(Worker& worker, PacketLink& link, Ticks until);
    [[nodiscard]] std::size_t phase_of(const LinkUse& link) const noexcept;
    void find_lanes();
    template <class Sink>
    void leave_by(Direction exit, std::uint32_t mesh, TileId tile, Direction way,
                  const PacketHead& head, const Sink& sink);
    template <class Sink>
    void deliver(const PacketHead& head, const Sink& sink) const;
    /// Somebody asks for `link`: its turn comes in this `play`, or in the next one.
    void wake(const PacketLink& link) noexcept {
        const std::size_t at = place_[number(link)];
        waiting_[at / 64] |= std::uint64_t{1} << (at % 64);
    }

    const MeshGrid& grid_;
    std::vector<PacketLink>& links_;
    const bool ways_out_take_time_;
    std::vector<std::uint32_t> order_;    ///< links, upstream first
    std::vector<std::uint32_t> place_;    ///< by link, in order_; of those that have one
    std::vector<std::uint64_t> waiting_;  ///< bit per place in order_: the link has requests
    Stream coming_;                       ///< of hand_over
    Parallel* threads_ = nullptr;
    std::vector<std::vector<Lane>> phases_;  ///< one after another; none: no lanes
    std::vector<Worker> workers_{1};         ///< by thread; the first one has what lasts
};

template <class Take>
void Reservations::hand_over(Take take) {
    std::fill(waiting_.begin(), waiting_.end(), 0);
    for (std::size_t i = 0; i < links_.size(); ++i) {
        const std::size_t way = i % kDirections;
        const PacketLink& here = links_[i];
        coming_.clear();
        for (std::size_t out = 0; out < kDirections; ++out) {
            Stream& asked = links_[i - way + out].requests[way];
            coming_.insert(coming_.end(), asked.begin(), asked.end());
            asked.clear();
        }
        workers_.front().sorter.sort(coming_);
        for (const PacketHead& head : coming_) {
            take(here.use.mesh, here.use.tile, static_cast<Direction>(way), head);
        }
    }
}

}  // namespace seamount::emu
