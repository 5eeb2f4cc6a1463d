#include "compiler/place/traffic/traffic.hpp"

#include <algorithm>
#include <vector>

#include "compiler/ir/fanout.hpp"
#include "compiler/place/traffic/mesh_links.hpp"
#include "isa/image/pool_cost.hpp"
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

/// What is read of synapse memory for one spike, as the emulated core counts it.
class RowWords {
public:
    RowWords(const Lowered& lowered, const std::vector<SynapseKind>& kinds,
             const isa::ChipSpec& chip)
        : kinds_{kinds},
          access_{chip.limits.has_pool() ? std::max(chip.core_timing.fetch_words, 1U) : 0},
          bits_(kinds.size()),
          outputs_(kinds.size()) {
        if (access_ == 0) return;
        for (std::size_t p = 0; p < lowered.projections.size(); ++p) {
            const LoweredProjection& projection = lowered.projections[p];
            const auto kind = static_cast<std::size_t>(
                std::lower_bound(kinds.begin(), kinds.end(), kind_of(lowered, p)) - kinds.begin());
            const std::uint32_t bits = projection.pool_bits;
            bits_[kind] = bits_[kind] == 0 ? bits : std::min(bits_[kind], bits);
            if (!projection.convolution) continue;
            outputs_[kind] = projection.convolution->outputs_per_group();
        }
    }

    /// Words of 32 bits of `count` synapses from one source onto one core. Of a kernel, whose rows
    /// have one tap each: at least.
    [[nodiscard]] std::uint64_t of(std::uint32_t kind, std::uint32_t count) const {
        if (access_ == 0) return (isa::synapse_bits(kinds_[kind].format, count) + 31) / 32;
        if (kinds_[kind].dense == 0 || outputs_[kind] == 0) {
            return whole(isa::pool::list_row_words(count, bits_[kind]));
        }
        const std::uint64_t rows = (count + outputs_[kind] - 1) / outputs_[kind];
        return rows * whole(isa::pool::kernel_row_words(outputs_[kind], bits_[kind]));
    }

private:
    /// Words of 64 bits in whole accesses, as words of 32.
    [[nodiscard]] std::uint64_t whole(std::uint64_t words) const {
        return (2 * words + access_ - 1) / access_ * access_;
    }

    const std::vector<SynapseKind>& kinds_;
    std::uint32_t access_;                ///< words of 32 bits; 0: no pool
    std::vector<std::uint32_t> bits_;     ///< of a synapse, the fewest of a projection of the kind
    std::vector<std::uint32_t> outputs_;  ///< of a row of a kernel
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
    const RowWords row_words{lowered, kinds, chip};
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
            there.words += row_words.of(group.kind, group.count);
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
