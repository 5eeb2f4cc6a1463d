#include "emulator/mesh/packet_mesh.hpp"

#include <algorithm>

#include "isa/assert.hpp"

namespace seamount::emu {

PacketMesh::PacketMesh(const isa::ChipSpec& chip) : grid_{chip}, links_(grid_.tiles() * 4) {}

void PacketMesh::carry(std::span<const MeshPacket> packets, std::span<std::uint64_t> arrival_ps) {
    SM_ASSERT(packets.size() == arrival_ps.size(), "one arrival per packet");
    grid_.account(packets, counters_);
    arrival_ps_ = arrival_ps;

    // 1. Packets enter their source routers.
    for (std::size_t i = 0; i < packets.size(); ++i) {
        const MeshPacket& packet = packets[i];
        enter(packet.source_tile,
              {packet.inject_ps + grid_.tile_ps(), static_cast<std::uint32_t>(i),
               packet.target_tile, static_cast<std::uint16_t>(packet.flits)});
    }

    // 2. Along x, upstream first.
    const std::uint32_t width = grid_.width();
    for (std::uint32_t row = 0; row < grid_.tiles(); row += width) {
        for (std::uint32_t x = 0; x + 1 < width; ++x) serve(row + x, Direction::kEast);
        for (std::uint32_t x = width - 1; x > 0; --x) serve(row + x, Direction::kWest);
    }

    // 3. Along y: everything that turns into a column is known now.
    const std::uint32_t last_row = grid_.tiles() - width;
    for (std::uint32_t x = 0; x < width; ++x) {
        for (std::uint32_t row = 0; row < last_row; row += width) {
            serve(row + x, Direction::kSouth);
        }
        for (std::uint32_t row = last_row; row > 0; row -= width) serve(row + x, Direction::kNorth);
    }
}

void PacketMesh::enter(std::uint32_t tile, const PacketHead& head) {
    const Direction way = grid_.route(tile, head.target);
    if (way == Direction::kLocal) return eject(head);
    link(tile, way)[static_cast<std::size_t>(Direction::kLocal)].push_back(head);
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

/// Merges `from` into `into`.
void PacketMesh::join(const Stream& from, Stream& into) {
    if (from.empty()) return;
    scratch_.resize(from.size() + into.size());
    PacketHead* out = scratch_.data();
    merge_streams(from, into, [&](const PacketHead& head) { *out++ = head; });
    into.swap(scratch_);
}

void PacketMesh::serve(std::uint32_t tile, Direction way) {
    const bool along_x = way == Direction::kEast || way == Direction::kWest;
    const auto by = [](Direction travelled) { return static_cast<std::size_t>(travelled); };
    Requests& requests = link(tile, way);
    sort_by_runs(requests[by(Direction::kLocal)]);

    const std::uint32_t width = grid_.width();
    const std::uint32_t next = way == Direction::kEast    ? tile + 1
                               : way == Direction::kWest  ? tile - 1
                               : way == Direction::kSouth ? tile + width
                                                          : tile - width;
    // Where a head goes at the next router: north, to the tile, south, or on along x.
    const std::array<Stream*, 4> exits{&link(next, Direction::kNorth)[by(way)], &ejected_,
                                       &link(next, Direction::kSouth)[by(way)],
                                       &link(next, way)[by(way)]};
    const std::uint32_t x = grid_.x(next);
    const std::uint32_t y = grid_.y(next);
    const std::uint64_t hop_ps = grid_.hop_ps(way);
    const std::uint64_t occupancy_ps = grid_.occupancy_ps();
    std::uint64_t free_ps = 0;
    std::uint64_t waited_ps = 0;
    const auto pass = [&](PacketHead head) {
        const std::uint64_t start = std::max(head.time_ps, free_ps);
        waited_ps += start - head.time_ps;
        free_ps = start + occupancy_ps * head.flits;
        head.time_ps = start + hop_ps;
        const std::uint32_t to_y = grid_.y(head.target);
        const std::size_t turn = 1U + (to_y > y ? 1U : 0U) - (to_y < y ? 1U : 0U);
        exits[grid_.x(head.target) == x ? turn : 3]->push_back(head);
    };
    if (!along_x) {
        // What turned into the column joins what was injected here.
        join(requests[by(Direction::kEast)], requests[by(Direction::kLocal)]);
        join(requests[by(Direction::kWest)], requests[by(Direction::kLocal)]);
    }
    merge_streams(requests[by(Direction::kLocal)], requests[by(way)], pass);
    counters_.contention_ps += waited_ps;
    for (Stream& stream : requests) stream.clear();
    for (const PacketHead& head : ejected_) eject(head);
    ejected_.clear();
}

}  // namespace seamount::emu
