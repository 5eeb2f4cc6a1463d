#include "emulator/mesh/packet/reservations.hpp"

#include <algorithm>
#include <bit>

#include "emulator/mesh/packet/link_order.hpp"
#include "emulator/mesh/packet/sinks.hpp"

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
    used_.clear();
    served_ = {};
}

void Reservations::clear_used() {
    for (const std::uint32_t index : used_) links_[index].clear();
    used_.clear();
    served_ = {};
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
    const Ticks before = served_.waited;
    // A link that is served wakes only links after it.
    for (std::size_t word = 0; word < waiting_.size(); ++word) {
        std::uint64_t later = ~std::uint64_t{0};
        while ((waiting_[word] & later) != 0) {
            const int bit = std::countr_zero(waiting_[word] & later);
            const std::uint64_t here = std::uint64_t{1} << bit;
            later = ~(here | (here - 1));
            const std::uint32_t index = order_[word * 64 + static_cast<std::size_t>(bit)];
            PacketLink& link = links_[index];
            const bool idle = link.use.flits == 0;
            serve(link, until, sink);
            if (idle && link.use.flits != 0) used_.push_back(index);
            if (!link.asked()) waiting_[word] &= ~here;
        }
    }
    return served_.waited - before;
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
HeadStream& Reservations::join_locals(PacketLink& link) {
    Stream* joined = &link.requests[index_of(Direction::kLocal)];
    sorter_.sort(*joined);
    for (std::size_t way = 0; way < index_of(Direction::kLocal); ++way) {
        Stream& turned = link.requests[way];
        if (way == index_of(link.use.way) || turned.empty()) continue;
        if (joined->empty()) {
            joined = &turned;
        } else {
            sorter_.join(turned, *joined);
        }
    }
    return *joined;
}

/// Moves what is asked of `link` before `until` to in_order_. Returns the stream that lent its
/// buffer for that, which is to get it back, or nullptr.
HeadStream* Reservations::take_requests(PacketLink& link, Ticks until) {
    Stream& own = link.requests[index_of(Direction::kLocal)];
    Stream& onward = link.requests[index_of(link.use.way)];
    Stream* local = &join_locals(link);
    const std::size_t locals = count_before(*local, until);
    if (locals != local->size() && local != &own) {  // what stays counts as injected here
        local->swap(own);
        local = &own;
    }
    const std::size_t onwards = link.use.way == Direction::kLocal ? 0 : count_before(onward, until);
    in_order_.clear();
    if (onwards == 0 && locals == local->size()) {
        in_order_.swap(*local);
        return local;
    }
    in_order_.resize(locals + onwards);
    merge_streams(std::span{*local}.first(locals), std::span{onward}.first(onwards),
                  in_order_.data());
    drop_front(*local, locals);
    if (onwards != 0) drop_front(onward, onwards);
    return nullptr;
}

/// Serves in_order_ and calls `leave(head)` with each head at the link's end. The server and what
/// `leave` counts are this function's own: they stay in registers.
template <class Sink, class Leave>
void Reservations::serve_in_order(PacketLink& link, const Sink& sink, Leave leave) {
    LinkServer server{link.free, link.hop, link.occupancy, grid_.params().allocate};
    const bool between_chips = link.between_chips;
    auto waits = sink.waits_at(number(link), in_order_.size());
    for (const PacketHead& asking : in_order_) {
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
    served_.waited += server.waited;
    served_.heads += in_order_.size();
    served_.travelled += in_order_.size() * link.hop;
}

/// Serves in_order_; head goes to exits[choose(target)], which are different streams.
template <class Sink, std::size_t kExits, class Choose>
void Reservations::serve_to(PacketLink& link, const Sink& sink,
                            const std::array<Stream*, kExits>& exits, Choose choose) {
    // Any of them may get all: room is made before, so that nobody has to ask in the loop.
    std::array<PacketHead*, kExits> end;
    for (std::size_t i = 0; i < kExits; ++i) {
        const std::size_t size = exits[i]->size();
        exits[i]->resize(size + in_order_.size());
        end[i] = exits[i]->data() + size;
    }
    serve_in_order(link, sink,
                   [choose, &end](const PacketHead& head) { *end[choose(head.target)]++ = head; });
    for (std::size_t i = 0; i < kExits; ++i) {
        exits[i]->resize(static_cast<std::size_t>(end[i] - exits[i]->data()));
    }
}

template <class Sink>
void Reservations::serve(PacketLink& link, Ticks until, const Sink& sink) {
    Stream* const lender = take_requests(link, until);
    serve_taken(link, sink);
    if (lender == nullptr) return;
    in_order_.clear();
    in_order_.swap(*lender);
}

/// Serves in_order_.
template <class Sink>
void Reservations::serve_taken(PacketLink& link, const Sink& sink) {
    if (link.use.way == Direction::kLocal) {
        return serve_in_order(link, sink, [&](const PacketHead& head) { deliver(head, sink); });
    }
    if (grid_.tables() == nullptr) return serve_by_dimension(link, sink);
    const std::uint32_t mesh = link.use.mesh;
    const TileId next = link.next;
    const Direction way = link.use.way;
    serve_in_order(link, sink, [&](const PacketHead& head) {
        leave_by(grid_.route(mesh, next, head.target, way), mesh, next, way, head, sink);
    });
}

/// Where a head goes at the next router: on, to the tile or, along the first dimension, back or
/// forth along the second. The choice is made without a branch.
template <class Sink>
void Reservations::serve_by_dimension(PacketLink& link, const Sink& sink) {
    const std::uint32_t mesh = link.use.mesh;
    const TileId next = link.next;
    const Direction way = link.use.way;
    const auto asked_by = [&](Direction exit) {
        return &this->link(mesh, next, exit).requests[index_of(way)];
    };
    const auto wake_asked = [&](Direction exit) {
        if (!asked_by(exit)->empty()) wake(this->link(mesh, next, exit));
    };
    const bool y_first = grid_.y_first(mesh);
    const std::uint16_t* const first = y_first ? grid_.ys() : grid_.xs();
    const std::uint16_t* const second = y_first ? grid_.xs() : grid_.ys();
    const int here_first = first[next.index()];
    const int here_second = second[next.index()];
    Stream ejected;
    ejected.swap(ejected_);
    Stream* const out = ways_out_take_time_ ? asked_by(Direction::kLocal) : &ejected;
    const bool along_x = way == Direction::kEast || way == Direction::kWest;
    if (along_x == y_first) {
        serve_to(link, sink, std::array{out, asked_by(way)}, [=](PackedTile target) {
            return std::size_t{second[target.index()] != here_second ? 1U : 0U};
        });
    } else {
        const Direction forth = y_first ? Direction::kEast : Direction::kSouth;
        const Direction back = y_first ? Direction::kWest : Direction::kNorth;
        serve_to(
            link, sink, std::array{asked_by(back), out, asked_by(forth), asked_by(way)},
            [=](PackedTile target) {
                const int ahead = second[target.index()] - here_second;
                const int turn = 1 + (ahead >> 31) - (-ahead >> 31);
                return static_cast<std::size_t>(first[target.index()] == here_first ? turn : 3);
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
    ejected.swap(ejected_);
}

template void Reservations::enter(std::uint32_t, TileId, const PacketHead&, const StepSink&);
template void Reservations::enter(std::uint32_t, TileId, const PacketHead&, const WatchedStepSink&);
template void Reservations::enter(std::uint32_t, TileId, const PacketHead&, const TrafficSink&);
template Ticks Reservations::play(Ticks, const StepSink&);
template Ticks Reservations::play(Ticks, const WatchedStepSink&);
template Ticks Reservations::play(Ticks, const TrafficSink&);

}  // namespace seamount::emu
