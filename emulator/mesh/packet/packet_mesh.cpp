#include "emulator/mesh/packet/packet_mesh.hpp"

#include <algorithm>
#include <limits>

#include "emulator/mesh/packet/link_order.hpp"
#include "isa/base/assert.hpp"

namespace seamount::emu {

namespace {

constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();
/// In PacketHead::flits: the packet crossed an off-chip link.
constexpr std::uint16_t kSlowFlag = 0x8000;
constexpr std::uint16_t kSizeMask = 0x7FFF;
static_assert(kMaxFlits == kSizeMask);

/// Waiting that makes packets queue up: more than so many percent of the time on links, of at least
/// so many heads. If some buffer is too short to keep its link busy, or holds no whole packet, they
/// always queue up.
constexpr std::uint64_t kWaitPercent = 4;
constexpr std::uint64_t kEvidence = 1000;
/// Occupancies of a link after which waiting is judged, in traffic without end.
constexpr std::uint64_t kPeriod = 1024;

constexpr std::size_t by(Direction way) {
    return static_cast<std::size_t>(way);
}

/// How many heads of a sorted stream lie before `until`; what lies after is little.
std::size_t count_before(const std::vector<PacketHead>& stream, std::uint64_t until) {
    std::size_t count = stream.size();
    while (count != 0 && stream[count - 1].time_ps >= until) --count;
    return count;
}

void drop_front(std::vector<PacketHead>& stream, std::size_t count) {
    stream.erase(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(count));
}

/// A link that serves heads in order.
template <class Leave>
struct LinkServer {
    std::uint64_t free;
    std::uint64_t hop;
    std::uint64_t occupancy;
    std::uint64_t allocate;
    Leave leave;  ///< called with each head at the link's end and how long it waited
    std::uint64_t waited = 0;
    std::uint64_t longest = 0;
    std::uint64_t flits = 0;

    void operator()(PacketHead head) {
        const std::uint64_t start = std::max(head.time_ps, free);
        const std::uint64_t wait = start - head.time_ps;
        const std::uint64_t size = head.flits & kSizeMask;
        waited += wait;
        longest = std::max(longest, wait);
        flits += size;
        free = start + occupancy * size + allocate;
        head.time_ps = start + hop;
        leave(head, wait);
    }
};

}  // namespace

PacketMesh::PacketMesh(const MeshParams& params)
    : grid_{params},
      ways_out_{params.local_occupancy != 0},
      links_{packet_links(grid_)},
      ways_in_(std::size_t{grid_.meshes()} * grid_.tiles()),
      order_{links_upstream_first(grid_)},
      period_{kPeriod * std::max<std::uint64_t>(grid_.pace_ps(false), 1)} {
    for (std::uint32_t i = 0; i < links_.size(); ++i) {
        const Link& link = links_[i];
        if (link.use.way == Direction::kLocal && ways_out_) order_.push_back(i);
        short_buffers_ = short_buffers_ || link.outruns(params.buffer_flits);
    }
}

void PacketMesh::begin() {
    for (Link& link : links_) {
        for (Stream& stream : link.requests) stream.clear();
        link.free = 0;
        link.use.flits = link.use.wait_ps = link.use.max_wait_ps = 0;
    }
    for (WayIn& way : ways_in_) {
        way.waiting.clear();
        way.free = 0;
    }
    grid_.begin();
    arrival_ps_ = {};
    delivered_.clear();
    queueing_ = long_packets_ = false;
    now_ = heads_ = waited_ = travelled_ = 0;
    period_end_ = period_;
}

void PacketMesh::carry(std::span<const MeshPacket> packets, std::span<std::uint64_t> arrival_ps) {
    SM_ASSERT(packets.size() == arrival_ps.size(), "one arrival per packet");
    begin();
    arrival_ps_ = arrival_ps;
    worst_.assign(watching_ ? packets.size() : 0, {});
    for (std::size_t i = 0; i < packets.size(); ++i) {
        add(packets[i], static_cast<std::uint32_t>(i));
    }
    serve_all(kNoEnd);
    arrival_ps_ = {};
}

bool PacketMesh::congested() const noexcept {
    return heads_ >= kEvidence && waited_ * 100 > travelled_ * kWaitPercent;
}

/// From now on queues_ play, with what is on its way.
void PacketMesh::queue_up() {
    if (queues_ == nullptr) queues_ = make_packet_queues(grid_, links_);
    queues_->begin();
    queueing_ = true;
    Stream coming;
    for (std::size_t i = 0; i < links_.size(); ++i) {
        const auto way = static_cast<Direction>(i % kDirections);
        const Link& here = links_[i];
        coming.clear();
        for (std::size_t out = 0; out < kDirections; ++out) {
            Stream& asked = links_[i - by(way) + out].requests[by(way)];
            coming.insert(coming.end(), asked.begin(), asked.end());
            asked.clear();
        }
        sorter_.sort(coming);
        for (PacketHead head : coming) {
            const std::uint64_t pace = grid_.pace_ps((head.flits & kSlowFlag) != 0);
            head.flits &= kSizeMask;
            queues_->enter(here.use.mesh, here.use.tile, way, head,
                           head.time_ps + pace * (head.flits - 1U));
        }
    }
}

void PacketMesh::offer(const MeshPacket& packet, std::uint32_t id) {
    long_packets_ = long_packets_ || packet.flits > grid_.params().buffer_flits;
    add(packet, id);
}

void PacketMesh::advance(std::uint64_t until, std::vector<MeshDelivery>& delivered) {
    if (!queueing_ && (long_packets_ || short_buffers_)) queue_up();
    while (!queueing_ && now_ < until) {
        const std::uint64_t before = heads_ + delivered_.size();
        now_ = std::min(until, period_end_);
        serve_all(now_);
        if (now_ < period_end_) break;
        if (congested()) queue_up();
        const bool quiet = heads_ + delivered_.size() == before;
        if (heads_ >= kEvidence) heads_ = waited_ = travelled_ = 0;
        period_end_ += period_;
        if (!quiet) continue;
        const std::uint64_t next = std::min(until, next_request());
        if (next > period_end_) period_end_ += (next - period_end_) / period_ * period_;
    }
    if (now_ < until) {
        now_ = until;
        serve_all(until);
    }
    delivered.insert(delivered.end(), delivered_.begin(), delivered_.end());
    delivered_.clear();
}

/// When the next packet wants to enter the mesh or a link; kNoEnd if none does.
std::uint64_t PacketMesh::next_request() const noexcept {
    std::uint64_t next = kNoEnd;
    const auto look = [&next](const Stream& stream) {
        for (const PacketHead& head : stream) next = std::min(next, head.time_ps);
    };
    for (const WayIn& way : ways_in_) look(way.waiting);
    for (const Link& link : links_) {
        for (const Stream& stream : link.requests) look(stream);
    }
    return next;
}

void PacketMesh::add(const MeshPacket& packet, std::uint32_t id) {
    const std::uint32_t mesh = grid_.enter(packet, counters_);
    PacketHead head{packet.inject_ps, id, packet.target_tile,
                    static_cast<std::uint16_t>(packet.flits)};
    if (grid_.params().local_occupancy != 0) {
        ways_in_[mesh * grid_.tiles() + packet.source_tile].waiting.push_back(head);
    } else {
        head.time_ps += grid_.params().inject;
        enter(mesh, packet.source_tile, head);
    }
}

void PacketMesh::serve_all(std::uint64_t until) {
    for (std::uint32_t mesh = 0; mesh < grid_.meshes(); ++mesh) {
        for (std::uint32_t tile = 0; tile < grid_.tiles(); ++tile) let_in(mesh, tile, until);
    }
    if (queueing_) {
        counters_.contention_ps += queues_->play(until, delivered_);
    } else {
        for (const std::uint32_t index : order_) serve(links_[index], until);
    }
}

/// Packets enter their source router in order of time, one after another.
void PacketMesh::let_in(std::uint32_t mesh, std::uint32_t tile, std::uint64_t until) {
    WayIn& way = ways_in_[mesh * grid_.tiles() + tile];
    if (way.waiting.empty()) return;
    sorter_.sort(way.waiting);
    const MeshParams& params = grid_.params();
    const std::uint64_t pace = grid_.pace_ps(false);
    const std::size_t count = count_before(way.waiting, until);
    for (std::size_t i = 0; i < count; ++i) {
        PacketHead head = way.waiting[i];
        head.time_ps = std::max(head.time_ps, way.free);
        way.free = head.time_ps + params.local_occupancy + pace * (head.flits - 1U);
        head.time_ps += params.inject;
        enter(mesh, tile, head);
    }
    drop_front(way.waiting, count);
}

void PacketMesh::enter(std::uint32_t mesh, std::uint32_t tile, const PacketHead& head) {
    if (queueing_) {
        return queues_->enter(mesh, tile, Direction::kLocal, head,
                              head.time_ps + grid_.pace_ps(false) * (head.flits - 1U));
    }
    const Direction way = grid_.route(mesh, tile, head.target, Direction::kLocal);
    if (way != Direction::kLocal || ways_out_) {
        link(mesh, tile, way).requests[by(Direction::kLocal)].push_back(head);
    } else {
        PacketHead out = head;
        out.time_ps += link(mesh, tile, way).hop;
        deliver(out);
    }
}

/// `head` is out of the mesh.
void PacketMesh::deliver(const PacketHead& head) {
    const std::uint64_t pace = grid_.pace_ps((head.flits & kSlowFlag) != 0);
    const std::uint64_t at = head.time_ps + pace * ((head.flits & kSizeMask) - 1U);
    if (!arrival_ps_.empty()) {
        arrival_ps_[head.packet] = at;
    } else {
        delivered_.push_back({at, head.packet});
    }
}

void PacketMesh::note(const Link& link, const PacketHead& head, std::uint64_t wait) {
    if (wait <= worst_[head.packet].wait_ps) return;
    worst_[head.packet] = {link.use.tile, link.use.way, link.use.mesh, wait};
}

/// Serves what is asked before `until` and calls `leave(head)` with each head at the link's end.
template <class Leave>
void PacketMesh::serve_requests(Link& link, std::uint64_t until, Leave leave) {
    Stream& local = link.requests[by(Direction::kLocal)];
    Stream& onward = link.requests[by(link.use.way)];
    sorter_.sort(local);
    for (std::size_t way = 0; way < by(Direction::kLocal); ++way) {
        // What turned here joins what was injected here.
        if (way != by(link.use.way)) sorter_.join(link.requests[way], local);
    }
    const std::size_t locals = count_before(local, until);
    const std::size_t onwards = link.use.way == Direction::kLocal ? 0 : count_before(onward, until);
    const auto merge = [&](auto note_and_leave) {
        using Server = LinkServer<decltype(note_and_leave)>;
        return merge_streams(
            std::span{local}.first(locals), std::span{onward}.first(onwards),
            Server{link.free, link.hop, link.occupancy, grid_.params().allocate, note_and_leave});
    };
    const auto finish = [&](const auto& server) {
        link.free = server.free;
        link.use.wait_ps += server.waited;
        link.use.max_wait_ps = std::max(link.use.max_wait_ps, server.longest);
        link.use.flits += server.flits;
        counters_.contention_ps += server.waited;
        waited_ += server.waited;
        heads_ += locals + onwards;
        travelled_ += (locals + onwards) * link.hop;
    };
    // What few runs need would cost the others a quarter of the time.
    if ((watching_ && !arrival_ps_.empty()) || grid_.several_chips()) {
        finish(merge([=, this, &link](PacketHead head, std::uint64_t wait) mutable {
            if (watching_ && !arrival_ps_.empty()) note(link, head, wait);
            if (link.slow) head.flits |= kSlowFlag;
            leave(head);
        }));
    } else {
        finish(merge([=](const PacketHead& head, std::uint64_t) mutable { leave(head); }));
    }
    drop_front(local, locals);
    if (onwards != 0) drop_front(onward, onwards);
}

void PacketMesh::serve(Link& link, std::uint64_t until) {
    const std::uint32_t mesh = link.use.mesh;
    const std::uint32_t next = link.next;
    const Direction way = link.use.way;
    if (way == Direction::kLocal) {
        return serve_requests(link, until, [this](const PacketHead& head) { deliver(head); });
    }
    const auto leave_by = [&](Direction exit, const PacketHead& head) {
        if (exit != Direction::kLocal || ways_out_) {
            this->link(mesh, next, exit).requests[by(way)].push_back(head);
        } else {
            PacketHead out = head;
            out.time_ps += this->link(mesh, next, exit).hop;
            deliver(out);
        }
    };
    if (grid_.tables() != nullptr) {
        return serve_requests(link, until, [&](const PacketHead& head) {
            leave_by(grid_.route(mesh, next, head.target, way), head);
        });
    }
    // Where a head goes at the next router: back or forth along the second dimension, to the tile,
    // or on along the first.
    const bool y_first = grid_.y_first(mesh);
    const Direction forth = y_first ? Direction::kEast : Direction::kSouth;
    const Direction back = y_first ? Direction::kWest : Direction::kNorth;
    Stream ejected;
    ejected.swap(ejected_);
    Stream& out = ways_out_ ? this->link(mesh, next, Direction::kLocal).requests[by(way)] : ejected;
    const std::array<Stream*, 4> exits{&this->link(mesh, next, back).requests[by(way)], &out,
                                       &this->link(mesh, next, forth).requests[by(way)],
                                       &this->link(mesh, next, way).requests[by(way)]};
    const std::uint16_t* const first = y_first ? grid_.ys() : grid_.xs();
    const std::uint16_t* const second = y_first ? grid_.xs() : grid_.ys();
    const std::uint32_t here_first = first[next];
    const std::uint32_t here_second = second[next];
    serve_requests(link, until, [=](const PacketHead& head) {
        const std::uint32_t there = second[head.target];
        const std::size_t turn =
            1U + (there > here_second ? 1U : 0U) - (there < here_second ? 1U : 0U);
        exits[first[head.target] == here_first ? turn : 3]->push_back(head);
    });
    for (PacketHead& head : ejected) {
        head.time_ps += this->link(mesh, next, Direction::kLocal).hop;
        deliver(head);
    }
    ejected.clear();
    ejected.swap(ejected_);
}

std::vector<LinkUse> PacketMesh::links() const {
    std::vector<LinkUse> used;
    for (const Link& link : links_) {
        if (link.use.flits == 0) continue;
        used.push_back(link.use);
        used.back().busy_ps = link.use.flits * link.occupancy;
    }
    return used;
}

LinkDelay PacketMesh::worst_link(std::uint32_t packet) const {
    SM_ASSERT(packet < worst_.size(), "worst_link needs watch_delays before the step");
    return worst_[packet];
}

}  // namespace seamount::emu
