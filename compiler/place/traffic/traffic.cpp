#include "compiler/place/traffic/traffic.hpp"

#include <algorithm>
#include <vector>

#include "compiler/ir/fanout.hpp"
#include "compiler/place/traffic/mesh_links.hpp"
#include "isa/image/synapse_cost.hpp"

namespace seamount::compiler {
namespace {

/// Packets per link of one direction, as differences along the lines of the mesh: a route adds one
/// where it starts and takes one where it ends, so that a packet costs the same for any distance.
class LinkLoads {
public:
    LinkLoads(std::uint32_t lines, std::uint32_t length)
        : stride_{std::size_t{length} + 1}, change_(lines * stride_) {}

    /// A packet crosses the links between positions [from, to) of `line`.
    void add(std::uint32_t line, std::uint32_t from, std::uint32_t to) {
        ++change_[line * stride_ + from];
        --change_[line * stride_ + to];
    }
    /// Raises the maxima of `traffic`; chips are `chip_length` positions long.
    void find_busiest(std::uint32_t chip_length, Traffic& traffic) const {
        std::int64_t load = 0;  // returns to 0 at the end of each line
        for (std::size_t i = 0; i < change_.size(); ++i) {
            load += change_[i];
            const auto packets = static_cast<std::uint64_t>(load);
            traffic.max_link = std::max(traffic.max_link, packets);
            if ((i % stride_ + 1) % chip_length != 0) continue;
            traffic.max_off_chip_link = std::max(traffic.max_off_chip_link, packets);
        }
    }

private:
    std::size_t stride_;
    std::vector<std::int64_t> change_;
};

/// Hops and link loads over the routing tables of a chip with dead links (isa::Routes), which
/// `traffic` has counted as if all links worked; packets stay.
void count_routed(const Lowered& lowered, const Mapping& mapping, const isa::ChipSpec& chip,
                  Traffic& traffic) {
    if (chip.faults.dead_links.empty()) return;
    const MeshLinks links{chip};
    traffic.hops = 0;
    std::vector<std::uint64_t> load(links.count());
    Fanout fanout{lowered, mapping.shard_of, mapping.shards};
    fanout.for_each_source([&](const Fanout::Source& source, std::span<const FanoutGroup> groups) {
        if (source.neuron == Fanout::kFromHost) return;
        const TileId from = chip.tile_of(mapping.core_of[mapping.shard_of[source.neuron]]);
        for (std::size_t g = 0; g < groups.size(); ++g) {
            if (g != 0 && fanout.same_axon(groups[g], groups[g - 1])) continue;
            links.for_each(from, chip.tile_of(mapping.core_of[groups[g].shard]),
                           [&](std::size_t link) {
                               ++load[link];
                               ++traffic.hops;
                           });
        }
    });
    traffic.max_link = *std::max_element(load.begin(), load.end());
    traffic.max_off_chip_link = 0;
    for (std::size_t link = 0; link < load.size(); ++link) {
        if (!links.is_off_chip(link)) continue;
        traffic.max_off_chip_link = std::max(traffic.max_off_chip_link, load[link]);
    }
}

}  // namespace

Traffic count_traffic(const Lowered& lowered, const Mapping& mapping, const isa::ChipSpec& chip) {
    Traffic traffic;
    LinkLoads east{chip.height, chip.width};
    LinkLoads west{chip.height, chip.width};
    LinkLoads north{chip.width, chip.height};
    LinkLoads south{chip.width, chip.height};
    Fanout fanout{lowered, mapping.shard_of, mapping.shards};
    traffic.work.resize(mapping.shards);
    const std::vector<SynapseKind>& kinds = fanout.kinds();
    fanout.for_each_source([&](const Fanout::Source& source, std::span<const FanoutGroup> groups) {
        if (source.neuron == Fanout::kFromHost) return;
        const ShardId home = mapping.shard_of[source.neuron];
        const TileId from = chip.tile_of(mapping.core_of[home]);
        const std::uint32_t x0 = chip.column_of(from);
        const std::uint32_t y0 = chip.row_of(from);
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const FanoutGroup& group = groups[g];
            const SynapseKind& kind = kinds[group.kind];
            CoreWork& there = traffic.work[group.shard];
            (kind.dense != 0 ? there.dense : there.synapses) += group.count;
            there.words += (isa::synapse_bits(kind.format, group.count) + 31) / 32;
            if (g != 0 && fanout.same_axon(group, groups[g - 1])) continue;
            ++traffic.work[home].packets_out;
            ++there.packets_in;
            const TileId to = chip.tile_of(mapping.core_of[group.shard]);
            const std::uint32_t x1 = chip.column_of(to);
            const std::uint32_t y1 = chip.row_of(to);
            if (group.shard == home) {
                ++traffic.local_packets;
                continue;
            }
            ++traffic.packets;
            if (x1 > x0) east.add(y0, x0, x1);
            if (x1 < x0) west.add(y0, x1, x0);
            if (y1 > y0) south.add(x1, y0, y1);
            if (y1 < y0) north.add(x1, y1, y0);
            traffic.hops += (x1 > x0 ? x1 - x0 : x0 - x1) + (y1 > y0 ? y1 - y0 : y0 - y1);
        }
    });
    for (const LinkLoads* loads : {&east, &west}) {
        loads->find_busiest(chip.width / chip.mesh.chips_x, traffic);
    }
    for (const LinkLoads* loads : {&north, &south}) {
        loads->find_busiest(chip.height / chip.mesh.chips_y, traffic);
    }
    return traffic;
}

Traffic routed_traffic(const Lowered& lowered, const Mapping& mapping, const isa::ChipSpec& chip) {
    Traffic traffic = count_traffic(lowered, mapping, chip);
    count_routed(lowered, mapping, chip, traffic);
    return traffic;
}

}  // namespace seamount::compiler
