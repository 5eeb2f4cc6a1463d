#include "emulator/mesh/packet_mesh.hpp"

#include <algorithm>
#include <limits>

#include "isa/assert.hpp"

namespace seamount::emu {

namespace {

constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();
/// In PacketHead::flits: the packet crossed an off-chip link.
constexpr std::uint16_t kSlowFlag = 0x8000;
constexpr std::uint16_t kSizeMask = 0x7FFF;
static_assert(kMaxFlits == kSizeMask);

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
      links_(std::size_t{grid_.meshes()} * grid_.tiles() * kDirections),
      ways_in_(std::size_t{grid_.meshes()} * grid_.tiles()) {
    for (std::size_t i = 0; i < links_.size(); ++i) {
        Link& link = links_[i];
        link.use.mesh = static_cast<std::uint8_t>(i / kDirections / grid_.tiles());
        link.use.tile = static_cast<std::uint32_t>(i / kDirections % grid_.tiles());
        link.use.way = static_cast<Direction>(i % kDirections);
        if (!grid_.exists(link.use.tile, link.use.way)) continue;
        link.next = grid_.neighbor(link.use.tile, link.use.way);
        link.occupancy = grid_.occupancy_ps(link.use.tile, link.use.way);
        link.hop = params.allocate + (link.use.way == Direction::kLocal
                                          ? params.eject
                                          : grid_.hop_ps(link.use.tile, link.use.way));
        link.slow = grid_.off_chip(link.use.tile, link.use.way);
    }
    order_links();
}

void PacketMesh::order_links() {
    for (std::uint32_t mesh = 0; mesh < grid_.meshes(); ++mesh) order_mesh(mesh);
    for (std::uint32_t i = 0; ways_out_ && i < links_.size(); ++i) {
        if (links_[i].use.way == Direction::kLocal) order_.push_back(i);
    }
}

void PacketMesh::order_mesh(std::uint32_t mesh) {
    const std::uint32_t width = grid_.width();
    const std::uint32_t height = grid_.height();
    std::vector<std::pair<std::uint64_t, std::uint32_t>> ranked;
    for (std::uint32_t tile = 0; tile < grid_.tiles(); ++tile) {
        for (std::uint32_t port = 0; port < 4; ++port) {
            const auto way = static_cast<Direction>(port);
            const bool along_x = way == Direction::kEast || way == Direction::kWest;
            const std::uint32_t x =
                way == Direction::kWest ? width - 1 - grid_.x(tile) : grid_.x(tile);
            const std::uint32_t y =
                way == Direction::kNorth ? height - 1 - grid_.y(tile) : grid_.y(tile);
            const bool second = along_x == grid_.y_first(mesh);
            // Upstream first, the first dimension before the second.
            std::uint64_t rank = (along_x ? x : y) + (second ? std::uint64_t{width} + height : 0);
            if (!grid_.exists(tile, way)) continue;
            if (const isa::Routes* const tables = grid_.tables()) {
                // Routes climb to lower and lower ranks, then descend to higher and higher ones.
                rank = tables->descends(tile, way) ? grid_.tiles() + tables->rank(tile)
                                                   : grid_.tiles() - 1 - tables->rank(tile);
            }
            ranked.emplace_back(
                rank,
                (mesh * grid_.tiles() + tile) * static_cast<std::uint32_t>(kDirections) + port);
        }
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [rank, index] : ranked) order_.push_back(index);
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

void PacketMesh::offer(const MeshPacket& packet, std::uint32_t id) {
    add(packet, id);
}

void PacketMesh::advance(std::uint64_t until, std::vector<MeshDelivery>& delivered) {
    serve_all(until);
    delivered.insert(delivered.end(), delivered_.begin(), delivered_.end());
    delivered_.clear();
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
    for (const std::uint32_t index : order_) serve(links_[index], until);
}

/// Packets enter their source router in order of time, one after another.
void PacketMesh::let_in(std::uint32_t mesh, std::uint32_t tile, std::uint64_t until) {
    WayIn& way = ways_in_[mesh * grid_.tiles() + tile];
    if (way.waiting.empty()) return;
    sort_by_runs(way.waiting);
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

/// Natural merge sort: the packets of one core are in time order already, so a tile injects as many
/// sorted runs as it has cores.
void PacketMesh::sort_by_runs(Stream& stream) {
    runs_.assign(1, 0);
    for (std::size_t i = 1; i < stream.size(); ++i) {
        if (stream[i].before(stream[i - 1])) runs_.push_back(i);
    }
    runs_.push_back(stream.size());
    while (runs_.size() > 2) {
        const std::size_t last = runs_.size() - 1;
        const auto run = [&](std::size_t i) {
            const std::size_t first = runs_[std::min(i, last)];
            return std::span<const PacketHead>{stream}.subspan(
                first, runs_[std::min(i + 1, last)] - first);
        };
        scratch_.resize(stream.size());
        PacketHead* out = scratch_.data();
        std::size_t kept = 0;
        for (std::size_t i = 0; i < last; i += 2) {
            merge_streams(run(i), run(i + 1), [&](const PacketHead& head) { *out++ = head; });
            runs_[kept++] = runs_[i];
        }
        runs_[kept++] = stream.size();
        runs_.resize(kept);
        stream.swap(scratch_);
    }
}

/// Merges `from` into `into` and empties it.
void PacketMesh::join(Stream& from, Stream& into) {
    if (from.empty()) return;
    if (into.empty()) return into.swap(from);
    scratch_.resize(from.size() + into.size());
    PacketHead* out = scratch_.data();
    merge_streams(from, into, [&](const PacketHead& head) { *out++ = head; });
    into.swap(scratch_);
    from.clear();
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
    sort_by_runs(local);
    for (std::size_t way = 0; way < by(Direction::kLocal); ++way) {
        // What turned here joins what was injected here.
        if (way != by(link.use.way)) join(link.requests[way], local);
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
