#include "emulator/mesh/packet/reservations.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <span>
#include <tuple>
#include <utility>

#include "emulator/mesh/packet/link_order.hpp"

namespace seamount::emu {

namespace {

/// A link that serves heads in order.
struct LinkServer {
    Ticks free;
    Ticks hop;
    Ticks occupancy;
    Ticks allocate;
    Ticks waited{};
    Ticks longest{};
    std::uint64_t flits = 0;

    /// When the head is at the link's end.
    Ticks serve(const PacketHead& head) noexcept {
        const Ticks start = std::max(head.time, free);
        const Ticks wait = start - head.time;
        const std::uint64_t size = head.train.flits();
        waited += wait;
        longest = std::max(longest, wait);
        flits += size;
        free = start + occupancy * size + allocate;
        return start + hop;
    }
};

}  // namespace

Reservations::Reservations(const MeshGrid& grid, std::vector<PacketLink>& links)
    : grid_{grid},
      links_{links},
      ways_out_take_time_{grid.params().local_occupancy != Ticks{}},
      order_{links_upstream_first(grid)} {
    for (std::uint32_t i = 0; i < links_.size() && ways_out_take_time_; ++i) {
        if (links_[i].use.way == Direction::kLocal) order_.push_back(i);
    }
    place_.resize(links_.size());
    for (std::uint32_t i = 0; i < order_.size(); ++i) place_[order_[i]] = i;
    waiting_.resize((order_.size() + 63) / 64);
}

void Reservations::clear() {
    for (PacketLink& link : links_) link.clear();
    std::fill(waiting_.begin(), waiting_.end(), 0);
    workers_.front().used.clear();
    forget_served();
}

void Reservations::clear_used() {
    for (const std::uint32_t index : workers_.front().used) links_[index].clear();
    workers_.front().used.clear();
    forget_served();
}

Ticks Reservations::next_request() const noexcept {
    Ticks next = kNever;
    for (const PacketLink& link : links_) {
        for (const Stream& stream : link.requests) {
            for (const PacketHead& head : stream) next = std::min(next, head.time);
        }
    }
    return next;
}

template <class Sink>
void Reservations::enter(std::uint32_t mesh, TileId tile, const PacketHead& head,
                         const Sink& sink) {
    const Direction exit = grid_.route(mesh, tile, head.target, Direction::kLocal);
    leave_by(exit, mesh, tile, Direction::kLocal, head, sink);
}

HeadStream* Reservations::way_in(std::uint32_t mesh, TileId tile, TileId target) {
    const Direction exit = grid_.route(mesh, tile, target, Direction::kLocal);
    if (exit == Direction::kLocal && !ways_out_take_time_) return nullptr;
    PacketLink& next = link(mesh, tile, exit);
    wake(next);
    return &next.requests[index_of(Direction::kLocal)];
}

template <class Sink>
Ticks Reservations::play(Ticks until, const Sink& sink) {
    const Ticks before = served().waited;
    // A link that is served wakes only links after it.
    for (std::size_t word = 0; word < waiting_.size(); ++word) {
        std::uint64_t later = ~std::uint64_t{0};
        while ((waiting_[word] & later) != 0) {
            const int bit = std::countr_zero(waiting_[word] & later);
            const std::uint64_t here = std::uint64_t{1} << bit;
            later = ~(here | (here - 1));
            const std::uint32_t index = order_[word * 64 + static_cast<std::size_t>(bit)];
            serve(workers_.front(), index, until, sink);
            if (!links_[index].asked()) waiting_[word] &= ~here;
        }
    }
    return served().waited - before;
}

void Reservations::use(Parallel& threads) {
    threads_ = &threads;
    workers_.resize(threads.threads());
    phases_.clear();
    if (threads.threads() > 1 && grid_.tables() == nullptr) find_lanes();
}

/// 0: along the dimension in which routes begin, 1: along the other, 2: out of the mesh.
std::size_t Reservations::phase_of(const LinkUse& link) const noexcept {
    if (link.way == Direction::kLocal) return 2;
    const bool along_x = link.way == Direction::kEast || link.way == Direction::kWest;
    return along_x == grid_.y_first(link.mesh) ? 1 : 0;
}

void Reservations::find_lanes() {
    using Place = std::tuple<std::size_t, std::uint8_t, Direction, std::uint32_t>;
    std::map<Place, Lane> lanes;
    for (const std::uint32_t index : order_) {
        const LinkUse& link = links_[index].use;
        const bool along_x = link.way == Direction::kEast || link.way == Direction::kWest;
        const std::uint32_t line = along_x ? grid_.y(link.tile) : grid_.x(link.tile);
        lanes[{phase_of(link), link.mesh, link.way, line}].push_back(index);
    }
    for (auto& [place, lane] : lanes) {
        phases_.resize(std::get<0>(place) + 1);
        phases_.back().push_back(std::move(lane));
    }
}

Ticks Reservations::play_lanes(const StepSink& sink) {
    const Ticks before = served().waited;
    for (Worker& worker : workers_) worker.wakes = false;
    for (const std::vector<Lane>& lanes : phases_) {
        threads_->for_each(lanes.size(), [&](std::size_t lane, std::size_t thread) {
            for (const std::uint32_t index : lanes[lane]) {
                if (links_[index].asked()) serve(workers_[thread], index, kNever, sink);
            }
        });
    }
    std::fill(waiting_.begin(), waiting_.end(), 0);
    Worker& all = workers_.front();
    all.wakes = true;
    for (Worker& worker : std::span{workers_}.subspan(1)) {
        all.used.insert(all.used.end(), worker.used.begin(), worker.used.end());
        all.served.heads += worker.served.heads;
        all.served.waited += worker.served.waited;
        all.served.travelled += worker.served.travelled;
        worker.used.clear();
        worker.served = {};
    }
    return served().waited - before;
}

/// `head`, which came by `way`, leaves the router of `tile` by `exit`.
template <class Sink>
void Reservations::leave_by(Direction exit, std::uint32_t mesh, TileId tile, Direction way,
                            const PacketHead& head, const Sink& sink) {
    PacketLink& next = link(mesh, tile, exit);
    if (exit != Direction::kLocal || ways_out_take_time_) {
        next.requests[index_of(way)].push_back(head);
        wake(next);
    } else {
        PacketHead out = head;
        out.time += next.hop;
        deliver(out, sink);
    }
}

/// `head` is out of the mesh.
template <class Sink>
void Reservations::deliver(const PacketHead& head, const Sink& sink) const {
    const Ticks pace = grid_.pace(head.train.crossed_chips());
    sink.deliver(head.packet, head.time + pace * (head.train.flits() - 1U));
}

/// What was injected at `link` joined by what turns there, in order; without copying if only one
/// stream has heads.
HeadStream& Reservations::join_locals(Worker& worker, PacketLink& link) {
    Stream* joined = &link.requests[index_of(Direction::kLocal)];
    worker.sorter.sort(*joined);
    for (std::size_t way = 0; way < index_of(Direction::kLocal); ++way) {
        Stream& turned = link.requests[way];
        if (way == index_of(link.use.way) || turned.empty()) continue;
        if (joined->empty()) {
            joined = &turned;
        } else {
            worker.sorter.join(turned, *joined);
        }
    }
    return *joined;
}

/// Moves what is asked of `link` before `until` to worker.in_order. Returns the stream that lent
/// its buffer for that, which is to get it back, or nullptr.
HeadStream* Reservations::take_requests(Worker& worker, PacketLink& link, Ticks until) {
    Stream& own = link.requests[index_of(Direction::kLocal)];
    Stream& onward = link.requests[index_of(link.use.way)];
    Stream& in_order = worker.in_order;
    Stream* local = &join_locals(worker, link);
    const std::size_t locals = count_before(*local, until);
    if (locals != local->size() && local != &own) {  // what stays counts as injected here
        local->swap(own);
        local = &own;
    }
    const std::size_t onwards = link.use.way == Direction::kLocal ? 0 : count_before(onward, until);
    in_order.clear();
    if (onwards == 0 && locals == local->size()) {
        in_order.swap(*local);
        return local;
    }
    in_order.resize(locals + onwards);
    merge_streams(std::span{*local}.first(locals), std::span{onward}.first(onwards),
                  in_order.data());
    drop_front(*local, locals);
    if (onwards != 0) drop_front(onward, onwards);
    return nullptr;
}

/// Serves worker.in_order and calls `leave(head)` with each head at the link's end. The server and
/// what `leave` counts are this function's own: they stay in registers.
template <class Sink, class Leave>
void Reservations::serve_in_order(Worker& worker, PacketLink& link, const Sink& sink, Leave leave) {
    LinkServer server{link.free, link.hop, link.occupancy, grid_.params().allocate};
    const bool between_chips = link.between_chips;
    auto waits = sink.waits_at(number(link), worker.in_order.size());
    for (const PacketHead& asking : worker.in_order) {
        PacketHead head = asking;
        head.time = server.serve(asking);
        waits.add(head.packet, head.time - server.hop - asking.time);
        if (between_chips) head.train.cross_chips();
        leave(head);
    }
    link.free = server.free;
    link.use.wait += server.waited;
    link.use.max_wait = std::max(link.use.max_wait, server.longest);
    link.use.flits += server.flits;
    worker.served.waited += server.waited;
    worker.served.heads += worker.in_order.size();
    worker.served.travelled += worker.in_order.size() * link.hop;
}

/// Serves worker.in_order; head goes to exits[choose(target)], which are different streams.
template <class Sink, std::size_t kExits, class Choose>
void Reservations::serve_to(Worker& worker, PacketLink& link, const Sink& sink,
                            const std::array<Stream*, kExits>& exits, Choose choose) {
    // Any of them may get all: room is made before, so that nobody has to ask in the loop.
    std::array<PacketHead*, kExits> end;
    for (std::size_t i = 0; i < kExits; ++i) {
        const std::size_t size = exits[i]->size();
        exits[i]->resize(size + worker.in_order.size());
        end[i] = exits[i]->data() + size;
    }
    serve_in_order(worker, link, sink,
                   [choose, &end](const PacketHead& head) { *end[choose(head.target)]++ = head; });
    for (std::size_t i = 0; i < kExits; ++i) {
        exits[i]->resize(static_cast<std::size_t>(end[i] - exits[i]->data()));
    }
}

template <class Sink>
void Reservations::serve(Worker& worker, std::uint32_t index, Ticks until, const Sink& sink) {
    PacketLink& link = links_[index];
    const bool idle = link.use.flits == 0;
    Stream* const lender = take_requests(worker, link, until);
    serve_taken(worker, link, sink);
    if (idle && link.use.flits != 0) worker.used.push_back(index);
    if (lender == nullptr) return;
    worker.in_order.clear();
    worker.in_order.swap(*lender);
}

/// Serves worker.in_order.
template <class Sink>
void Reservations::serve_taken(Worker& worker, PacketLink& link, const Sink& sink) {
    if (link.use.way == Direction::kLocal) {
        return serve_in_order(worker, link, sink,
                              [&](const PacketHead& head) { deliver(head, sink); });
    }
    if (grid_.tables() == nullptr) return serve_by_dimension(worker, link, sink);
    const std::uint32_t mesh = link.use.mesh;
    const TileId next = link.next;
    const Direction way = link.use.way;
    serve_in_order(worker, link, sink, [&](const PacketHead& head) {
        leave_by(grid_.route(mesh, next, head.target, way), mesh, next, way, head, sink);
    });
}

/// Where a head goes at the next router: on, to the tile or, along the first dimension, back or
/// forth along the second. The choice is made without a branch.
template <class Sink>
void Reservations::serve_by_dimension(Worker& worker, PacketLink& link, const Sink& sink) {
    const std::uint32_t mesh = link.use.mesh;
    const TileId next = link.next;
    const Direction way = link.use.way;
    const auto asked_by = [&](Direction exit) {
        return &this->link(mesh, next, exit).requests[index_of(way)];
    };
    const auto wake_asked = [&](Direction exit) {
        if (worker.wakes && !asked_by(exit)->empty()) wake(this->link(mesh, next, exit));
    };
    const bool y_first = grid_.y_first(mesh);
    const std::uint16_t* const first = y_first ? grid_.ys() : grid_.xs();
    const std::uint16_t* const second = y_first ? grid_.xs() : grid_.ys();
    const int here_first = first[next.index()];
    const int here_second = second[next.index()];
    Stream ejected;
    ejected.swap(worker.ejected);
    Stream* const out = ways_out_take_time_ ? asked_by(Direction::kLocal) : &ejected;
    const bool along_x = way == Direction::kEast || way == Direction::kWest;
    if (along_x == y_first) {
        serve_to(worker, link, sink, std::array{out, asked_by(way)}, [=](PackedTile target) {
            return std::size_t{second[target.index()] != here_second ? 1U : 0U};
        });
    } else {
        const Direction forth = y_first ? Direction::kEast : Direction::kSouth;
        const Direction back = y_first ? Direction::kWest : Direction::kNorth;
        serve_to(worker, link, sink,
                 std::array{asked_by(back), out, asked_by(forth), asked_by(way)},
                 [=](PackedTile target) {
                     constexpr int kOn = 3;
                     const int ahead = second[target.index()] - here_second;
                     const int turn = 1 + (ahead >> 31) - (-ahead >> 31);
                     const int left = first[target.index()] - here_first;
                     const int goes_on = (left | -left) >> 31;  // all bits, or none
                     return static_cast<std::size_t>(turn ^ ((turn ^ kOn) & goes_on));
                 });
        for (const Direction exit : {back, forth}) wake_asked(exit);
    }
    wake_asked(way);
    if (ways_out_take_time_) wake_asked(Direction::kLocal);
    for (PacketHead& head : ejected) {
        head.time += this->link(mesh, next, Direction::kLocal).hop;
        deliver(head, sink);
    }
    ejected.clear();
    ejected.swap(worker.ejected);
}

template void Reservations::enter(std::uint32_t, TileId, const PacketHead&, const StepSink&);
template void Reservations::enter(std::uint32_t, TileId, const PacketHead&, const WatchedStepSink&);
template void Reservations::enter(std::uint32_t, TileId, const PacketHead&, const TrafficSink&);
template Ticks Reservations::play(Ticks, const StepSink&);
template Ticks Reservations::play(Ticks, const WatchedStepSink&);
template Ticks Reservations::play(Ticks, const TrafficSink&);

}  // namespace seamount::emu
