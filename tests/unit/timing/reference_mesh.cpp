#include "tests/unit/timing/reference_mesh.hpp"

#include <algorithm>
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
        heads.emplace(packets[i].inject_ps + chip.price(isa::Event::kTileSpike).time.count(), i,
                      packets[i].source_tile);
    }
    while (!heads.empty()) {
        const auto [time, i, tile] = heads.top();
        heads.pop();
        const std::uint32_t target = packets[i].target_tile;
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

}  // namespace seamount::test
