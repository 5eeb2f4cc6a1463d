#include "tests/unit/timing/reference_mesh.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <queue>
#include <tuple>

namespace seamount::test {

ReferenceRun reference_carry(const isa::ChipSpec& chip, std::span<const emu::MeshPacket> packets) {
    struct Link {
        std::uint64_t free_ps = 0;
        std::uint64_t flits = 0;
    };
    using Head = std::tuple<std::uint64_t, std::size_t, std::uint32_t>;  // time, packet, router
    std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
    std::map<std::pair<std::uint32_t, std::uint32_t>, Link> links;
    ReferenceRun run;
    run.arrival_ps.resize(packets.size());
    const std::uint64_t occupancy = chip.link_occupancy.count();

    for (std::size_t i = 0; i < packets.size(); ++i) {
        heads.emplace(packets[i].inject.count() + chip.price(isa::Event::kTileSpike).time.count(),
                      i, packets[i].source_tile.value());
    }
    while (!heads.empty()) {
        const auto [time, i, tile] = heads.top();
        heads.pop();
        const std::uint32_t target = packets[i].target_tile.value();
        const std::uint64_t flits = packets[i].flits;
        if (tile == target) {
            run.arrival_ps[i] = time + occupancy * (flits - 1);
            continue;
        }
        const std::uint32_t x = tile % chip.width;
        const std::uint32_t target_x = target % chip.width;
        const bool horizontal = x != target_x;
        const std::uint32_t next = horizontal
                                       ? (target_x > x ? tile + 1 : tile - 1)
                                       : (target > tile ? tile + chip.width : tile - chip.width);
        Link& link = links[{tile, next}];
        const std::uint64_t start = std::max(time, link.free_ps);
        link.free_ps = start + occupancy * flits;
        link.flits += flits;
        run.contention_ps += start - time;
        run.hops += flits;
        run.max_link_flits = std::max(run.max_link_flits, link.flits);
        const auto hop = horizontal ? isa::Event::kHopEastWest : isa::Event::kHopNorthSouth;
        heads.emplace(start + chip.price(hop).time.count(), i, next);
    }
    return run;
}

namespace {

struct Waiting {
    std::size_t packet;
    std::uint64_t head;  ///< at the router
};
struct InputQueue {
    std::deque<Waiting> waiting;
    std::uint64_t free_ps = 0;
};
struct QueuedLink {
    std::uint64_t free_ps = 0;
    std::vector<std::uint64_t> gone;   ///< by flit sent: its place is free, and its link knows
    std::vector<std::uint64_t> known;  ///< by flit sent: since when that can be foreseen
};
constexpr std::uint64_t kUnknown = ~std::uint64_t{0};

struct QueuedMesh {
    const isa::ChipSpec& chip;
    std::span<const emu::MeshPacket> packets;
    std::map<std::pair<std::uint32_t, std::uint32_t>, InputQueue> queues;  ///< tile, from tile
    std::map<std::pair<std::uint32_t, std::uint32_t>, QueuedLink> links;   ///< tile, to tile
    ReferenceRun run;

    [[nodiscard]] std::uint32_t next(std::uint32_t tile, std::uint32_t target) const {
        const std::uint32_t x = tile % chip.width;
        const std::uint32_t target_x = target % chip.width;
        if (x != target_x) return target_x > x ? tile + 1 : tile - 1;
        if (tile == target) return tile;
        return target > tile ? tile + chip.width : tile - chip.width;
    }

    void inject() {
        std::vector<std::size_t> order(packets.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return packets[a].inject.count() < packets[b].inject.count();
        });
        for (const std::size_t i : order) {
            const std::uint32_t tile = packets[i].source_tile.value();
            queues[{tile, tile}].waiting.push_back(
                {i, packets[i].inject.count() + chip.price(isa::Event::kTileSpike).time.count()});
        }
    }

    [[nodiscard]] std::uint64_t start(std::uint32_t tile, const InputQueue& queue) {
        const std::size_t i = queue.waiting.front().packet;
        const QueuedLink& link = links[{tile, next(tile, packets[i].target_tile.value())}];
        const bool out = tile == packets[i].target_tile.value();
        std::uint64_t time = std::max({queue.waiting.front().head, queue.free_ps, link.free_ps});
        for (std::size_t flit = 0; flit < packets[i].flits; ++flit) {
            const std::size_t number = link.gone.size() + flit;
            if (number < chip.mesh.buffer_flits) continue;
            if (number - chip.mesh.buffer_flits >= link.gone.size()) continue;
            const std::uint64_t gone = link.gone[number - chip.mesh.buffer_flits];
            if (gone == kUnknown) return kUnknown;
            const std::uint64_t later = (out ? 0 : chip.link_occupancy.count()) * flit;
            time = std::max({time, gone > later ? gone - later : 0,
                             link.known[number - chip.mesh.buffer_flits]});
        }
        return time;
    }

    void pass(std::uint32_t tile, std::uint32_t from, std::uint64_t now) {
        InputQueue& queue = queues[{tile, from}];
        const auto [i, head] = queue.waiting.front();
        queue.waiting.pop_front();
        const std::uint32_t to = next(tile, packets[i].target_tile.value());
        QueuedLink& link = links[{tile, to}];
        const std::uint64_t flits = packets[i].flits;
        const std::uint64_t credit = chip.mesh.credit.count();
        const std::uint64_t pace = tile == to ? 0 : chip.link_occupancy.count();
        // A way out takes no time, but the flits come one after another.
        const std::uint64_t arrived = head + chip.link_occupancy.count() * (flits - 1);
        const std::uint64_t tail = std::max(now + pace * (flits - 1), arrived);
        queue.free_ps = link.free_ps = tail + pace;
        run.contention_ps += now - head;
        for (std::uint64_t flit = 0; flit < flits; ++flit) {
            const std::uint64_t leaves = flit + 1 == flits ? tail : now + pace * flit;
            if (from != tile) {
                QueuedLink& back = links[{from, tile}];
                const auto place = std::find(back.gone.begin(), back.gone.end(), kUnknown);
                *place = leaves + credit;
                back.known[static_cast<std::size_t>(place - back.gone.begin())] = now + credit;
            }
            link.gone.push_back(tile == to ? leaves + credit : kUnknown);
            link.known.push_back(now + credit);
        }
        if (tile == to) {
            run.arrival_ps[i] = tail;
            return;
        }
        const bool horizontal = to + 1 == tile || to == tile + 1;
        const bool along_x = horizontal && chip.width > 1;
        const auto hop = along_x ? isa::Event::kHopEastWest : isa::Event::kHopNorthSouth;
        queues[{to, tile}].waiting.push_back({i, now + chip.price(hop).time.count()});
    }
};

}  // namespace

ReferenceRun reference_carry_queued(const isa::ChipSpec& chip,
                                    std::span<const emu::MeshPacket> packets) {
    QueuedMesh mesh{chip, packets, {}, {}, {}};
    mesh.run.arrival_ps.resize(packets.size());
    mesh.inject();
    for (;;) {
        using Choice = std::tuple<std::uint64_t, bool, std::uint64_t, std::size_t, std::uint32_t,
                                  std::uint32_t>;
        Choice best{kUnknown, true, 0, 0, 0, 0};
        for (auto& [place, queue] : mesh.queues) {
            if (queue.waiting.empty()) continue;
            const auto [i, head] = queue.waiting.front();
            best =
                std::min(best, Choice{mesh.start(place.first, queue),
                                      place.first != packets[i].target_tile.value(),
                                      std::max(head, queue.free_ps), i, place.first, place.second});
        }
        if (std::get<0>(best) == kUnknown) return mesh.run;
        mesh.pass(std::get<4>(best), std::get<5>(best), std::get<0>(best));
    }
}

}  // namespace seamount::test
