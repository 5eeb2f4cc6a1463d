#include "emulator/mesh/packet/packet_queues.hpp"

#include <algorithm>
#include <bit>

#include "emulator/mesh/grid/time_wheel.hpp"
#include "isa/base/assert.hpp"

namespace seamount::emu {

namespace {

constexpr std::uint32_t kWays = kDirections;
constexpr auto kLocal = static_cast<std::uint32_t>(Direction::kLocal);
/// No input of a router.
constexpr std::uint32_t kNobody = kWays;

template <template <class> class Wheel>
class Queues final : public PacketQueues {
public:
    Queues(const MeshGrid& grid, std::vector<PacketLink>& links)
        : grid_{grid},
          params_{grid.params()},
          links_{links},
          shift_{static_cast<unsigned>(std::bit_width(params_.buffer_flits - 1))} {
        for (std::uint32_t i = 0; i < links.size(); ++i) {
            const std::uint32_t mesh = grid.mesh_of(i / kWays);
            const TileId tile = grid.tile_of(i / kWays);
            const auto way = static_cast<Direction>(i % kWays);
            const Direction back = isa::opposite(way);
            const bool fed = way != Direction::kLocal && grid.exists(tile, back);
            const TileId before = fed ? grid.neighbor(tile, back) : tile;
            upstream_.push_back(grid.router(mesh, before) * kWays + i % kWays);
            next_.push_back(grid.router(mesh, links[i].next));
        }
        begin();
    }

    void begin() override {
        queues_.assign(links_.size(), {});
        buffers_.assign(links_.size(), {});
        places_.assign(links_.size() << shift_, {});
        planned_.assign(links_.size() / kWays, kNever);
        wheel_.clear();
        now_ = {};
    }

    void enter(std::uint32_t mesh, TileId tile, Direction way, const PacketHead& head,
               Ticks tail) override {
        const std::uint32_t router = grid_.router(mesh, tile);
        const auto by = static_cast<std::uint32_t>(way);
        if (by != kLocal) fill(upstream_[router * kWays + by], head.train.flits());
        put(router, by, {head, tail});
    }

    Ticks play(Ticks until, std::vector<MeshDelivery>& delivered) override {
        waited_ = {};
        delivered_ = &delivered;
        for (;;) {
            const Ticks time = wheel_.take(until, events_);
            if (time == kNever) return waited_;
            now_ = time;
            for (const std::uint32_t router : events_) {
                if (planned_[router] != now_) continue;  // it was looked at before
                planned_[router] = kNever;
                decide(router);
            }
        }
    }

private:
    /// A queue keeps packets that went on while they are fewer than this, or than those that wait.
    static constexpr std::size_t kPassed = 32;

    struct Waiting {
        PacketHead head;  ///< time: at the router
        Ticks tail{};     ///< its last flit at the router
    };
    /// An input of a router, by router and the direction in which its packets travel.
    struct Queue {
        std::vector<Waiting> packets;
        std::size_t first = 0;
        Ticks free{};            ///< the tail of the last packet has left; see hold
        Ticks asks{};            ///< since when the first packet does
        std::uint32_t exit = 0;  ///< where it wants to go

        /// Until it is known when the tail of the packet that is leaving will have left.
        void hold() noexcept { free = asks = kNever; }
        [[nodiscard]] bool held() const noexcept { return free == kNever; }
        [[nodiscard]] bool empty() const noexcept { return first == packets.size(); }
    };
    /// The buffer at the end of a link, as the link sees it.
    struct Buffer {
        std::uint64_t sent = 0;    ///< flits into it
        std::uint64_t left = 0;    ///< flits out of it
        Ticks end{};               ///< the link passes the last flit of its last packet
        std::uint32_t source = 0;  ///< way of the input that its last packet came from
        bool starved = false;      ///< somebody waits for a place
    };

    /// In a buffer. A packet that goes on frees places one after another; the link behind it knows
    /// of all of them when the first credit is back.
    struct Place {
        Ticks free{};
        Ticks known{};
        void take() noexcept { free = kNever; }
        [[nodiscard]] bool taken() const noexcept { return free == kNever; }
    };

    /// The place of a flit, numbered as they are sent over a link. It is the place that the flit
    /// one buffer before had.
    [[nodiscard]] Place& place(std::uint32_t link, std::uint64_t flit) noexcept {
        return places_[(std::size_t{link} << shift_) + (flit & ((1U << shift_) - 1U))];
    }

    void plan(std::uint32_t router, Ticks time) {
        if (planned_[router] <= time) return;
        planned_[router] = time;
        wheel_.push(time, router);
    }

    void put(std::uint32_t router, std::uint32_t way, const Waiting& waiting) {
        Queue& queue = queues_[router * kWays + way];
        if (2 * queue.first >= queue.packets.size() && (queue.empty() || queue.first > kPassed)) {
            queue.packets.erase(queue.packets.begin(),
                                queue.packets.begin() + static_cast<std::ptrdiff_t>(queue.first));
            queue.first = 0;
        }
        queue.packets.push_back(waiting);
        if (queue.packets.size() - queue.first == 1 && !queue.held()) uncover(router, way);
    }

    /// A packet has become the first of its queue.
    void uncover(std::uint32_t router, std::uint32_t way) {
        Queue& queue = queues_[router * kWays + way];
        const PacketHead& head = queue.packets[queue.first].head;
        queue.asks = std::max(head.time, queue.free);
        const PacketLink& at = links_[router * kWays];
        queue.exit = static_cast<std::uint32_t>(
            grid_.route(at.use.mesh, at.use.tile, head.target, static_cast<Direction>(way)));
        plan(router, std::max(queue.asks, now_));
    }

    /// When the first packet of `queue` may start on link `index`; kNever: that is not known yet.
    [[nodiscard]] Ticks start(const Queue& queue, std::uint32_t index) {
        const PacketLink& link = links_[index];
        if (link.held()) return kNever;
        Ticks time = std::max(queue.asks, link.free);
        Buffer& buffer = buffers_[index];
        const std::uint64_t needs = std::min<std::uint64_t>(
            queue.packets[queue.first].head.train.flits(), params_.buffer_flits);
        for (std::uint64_t i = 0; i < needs; ++i) {
            const Place& wanted = place(index, buffer.sent + i - params_.buffer_flits);
            if (wanted.taken()) {
                buffer.starved = true;
                return kNever;
            }
            // Flits leave one occupancy after another, the first when the link is allocated.
            time = std::max({time, less(wanted.free, params_.allocate + link.occupancy * i),
                             less(wanted.known, params_.allocate)});
        }
        return time;
    }

    /// `ahead` before `time`, but not before the beginning.
    [[nodiscard]] static Ticks less(Ticks time, Ticks ahead) noexcept {
        return time > ahead ? time - ahead : Ticks{};
    }

    void decide(std::uint32_t router) {
        while (decide_once(router)) {
        }
    }

    /// Every link takes one packet, if there is one that may start. True if that may have uncovered
    /// another one for this instant.
    bool decide_once(std::uint32_t router) {
        std::array<std::uint32_t, kWays> chosen;  // input, by exit
        chosen.fill(kNobody);
        std::array<bool, kWays> contested{};  // by exit: somebody else must wait
        Ticks later = kNever;
        for (std::uint32_t way = 0; way < kWays; ++way) {
            const Queue& queue = queues_[router * kWays + way];
            if (queue.empty()) continue;
            const Ticks time = start(queue, router * kWays + queue.exit);
            if (time > now_) {
                later = std::min(later, time);
                continue;
            }
            std::uint32_t& best = chosen[queue.exit];
            contested[queue.exit] = best != kNobody;
            if (best == kNobody || asked_before(queue, queues_[router * kWays + best])) best = way;
        }
        // Ways out that take no time are passed first: what they uncover asks at this instant.
        if (chosen[kLocal] != kNobody && links_[router * kWays + kLocal].occupancy == Ticks{}) {
            pass(router, chosen[kLocal]);
            return true;
        }
        for (std::uint32_t exit = 0; exit < kWays; ++exit) {
            if (chosen[exit] == kNobody) continue;
            pass(router, chosen[exit]);
            if (contested[exit]) later = std::min(later, links_[router * kWays + exit].free);
        }
        if (later != kNever) plan(router, later);
        return false;
    }

    [[nodiscard]] static bool asked_before(const Queue& a, const Queue& b) noexcept {
        if (a.asks != b.asks) return a.asks < b.asks;
        return a.packets[a.first].head.packet < b.packets[b.first].head.packet;
    }

    /// The first packet of a queue starts on the link that it wants.
    void pass(std::uint32_t router, std::uint32_t way) {
        Queue& queue = queues_[router * kWays + way];
        const std::uint32_t index = router * kWays + queue.exit;
        Waiting waiting = queue.packets[queue.first++];
        PacketLink& link = links_[index];
        Buffer& buffer = buffers_[index];
        const std::uint64_t flits = waiting.head.train.flits();
        const Ticks head = now_ + params_.allocate;
        if (way != kLocal) waiting.tail = std::max(waiting.tail, unpin(router, way, flits, head));
        const Ticks tail = std::max(head + link.spread(flits, params_.buffer_flits), waiting.tail);
        link.count(now_ - waiting.head.time, flits);
        waited_ += now_ - waiting.head.time;
        // A packet that does not fit the next buffer keeps link and input until its head goes on.
        const bool pinned = queue.exit != kLocal && flits > params_.buffer_flits;
        if (pinned) {
            queue.hold();
            link.hold();
        }

        const Ticks travel = link.hop - params_.allocate;
        if (queue.exit == kLocal) {
            free_places(index, buffer.sent, flits, head + travel + params_.eject_credit,
                        tail + travel + params_.eject_credit, link.occupancy);
            buffer.sent += flits;
            delivered_->push_back({tail + travel, waiting.head.packet});
        } else {
            fill(index, flits);
            buffer.end = tail;
            buffer.source = way;
            waiting.head.time = now_ + link.hop;
            waiting.tail = tail + travel;
            put(next_[index], queue.exit, waiting);
        }
        if (!pinned) release(router, way, link, flits, head, tail);
    }

    /// The flits of a packet leave input `way` of `router` over `link`, from `head` to `tail`.
    void release(std::uint32_t router, std::uint32_t way, PacketLink& link, std::uint64_t flits,
                 Ticks head, Ticks tail) {
        Queue& queue = queues_[router * kWays + way];
        queue.free = link.free = tail + link.occupancy;
        if (way != kLocal) give_back(router, way, flits, head, tail, link.occupancy);
        if (!queue.empty()) uncover(router, way);
    }

    /// Flits take places in the buffer behind a link.
    void fill(std::uint32_t index, std::uint64_t flits) {
        Buffer& buffer = buffers_[index];
        const std::uint64_t places = std::min<std::uint64_t>(flits, params_.buffer_flits);
        for (std::uint64_t i = flits - places; i < flits; ++i) {
            place(index, buffer.sent + i).take();
        }
        buffer.sent += flits;
    }

    /// Places are known to be free, for the flits from number `flit` on: from `head` to `tail`.
    void free_places(std::uint32_t index, std::uint64_t flit, std::uint64_t flits, Ticks head,
                     Ticks tail, Ticks occupancy) {
        const std::uint64_t places = std::min<std::uint64_t>(flits, params_.buffer_flits);
        for (std::uint64_t i = flits - places; i < flits; ++i) {
            place(index, flit + i) = {i + 1 == flits ? tail : head + occupancy * i, head};
        }
    }

    /// A packet that did not fit the buffer goes on: the link behind it passes the rest and is
    /// free. Returns when its tail is here; the beginning, if it was all along.
    Ticks unpin(std::uint32_t router, std::uint32_t way, std::uint64_t flits, Ticks head) {
        if (flits <= params_.buffer_flits) return {};
        const std::uint32_t index = upstream_[router * kWays + way];
        PacketLink& link = links_[index];
        if (!link.held()) return {};
        // The tail's place is that of the flit one buffer before it.
        const std::uint64_t before = flits - 1 - params_.buffer_flits;
        const Ticks tail =
            std::max(buffers_[index].end, head + link.occupancy * before + params_.credit);
        const std::uint32_t back = index / kWays;
        release(back, buffers_[index].source, link, flits, tail - link.occupancy * (flits - 1),
                tail);
        plan(back, std::max(link.free, now_));
        return tail + link.hop - params_.allocate;
    }

    /// The flits of a packet leave input `way` of `router`.
    void give_back(std::uint32_t router, std::uint32_t way, std::uint64_t flits, Ticks head,
                   Ticks tail, Ticks occupancy) {
        const std::uint32_t index = upstream_[router * kWays + way];
        Buffer& buffer = buffers_[index];
        free_places(index, buffer.left, flits, head + params_.credit, tail + params_.credit,
                    occupancy);
        buffer.left += flits;
        if (!buffer.starved) return;
        buffer.starved = false;
        plan(index / kWays, now_);
    }

    const MeshGrid& grid_;
    const MeshParams& params_;
    std::vector<PacketLink>& links_;
    unsigned shift_;                       ///< places of a buffer as a power of two
    std::vector<std::uint32_t> upstream_;  ///< by router and way: the link that fills the input
    std::vector<std::uint32_t> next_;      ///< by link: router at its end
    std::vector<Queue> queues_;            ///< by router and way
    std::vector<Buffer> buffers_;          ///< by link
    std::vector<Place> places_;            ///< by link and place
    std::vector<Ticks> planned_;           ///< by router: when it is looked at next
    Wheel<std::uint32_t> wheel_;
    std::vector<std::uint32_t> events_;
    Ticks now_{};
    Ticks waited_{};
    std::vector<MeshDelivery>* delivered_ = nullptr;
};

}  // namespace

std::unique_ptr<PacketQueues> make_packet_queues(const MeshGrid& grid,
                                                 std::vector<PacketLink>& links) {
    if (grid.params().longest_delay() < TickWheel<std::uint32_t>::kShortDelay) {
        return std::make_unique<Queues<TickWheel>>(grid, links);
    }
    return std::make_unique<Queues<CalendarWheel>>(grid, links);
}

}  // namespace seamount::emu
