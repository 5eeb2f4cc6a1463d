#include "compiler/partition/fill/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/ir/fanout.hpp"
#include "compiler/ir/pool_use.hpp"
#include "compiler/ir/rows/shared_rows.hpp"
#include "compiler/ir/tile_padding.hpp"
#include "compiler/partition/fill/group_numbers.hpp"
#include "isa/image/synapse_block.hpp"
#include "isa/image/synapse_cost.hpp"

namespace seamount::compiler {
namespace {

/// Neuron groups and microcode of every shard: distinct (program, profile), distinct programs.
void count_groups(const Lowered& lowered, const Mapping& mapping,
                  IdVector<ShardId, CoreFill>& fills) {
    const GroupNumbers numbers{lowered};
    std::vector<std::uint64_t> groups;    // shard << 32 | number of (program, profile)
    std::vector<std::uint64_t> programs;  // shard << 32 | program
    for (std::uint32_t p = 0; p < lowered.populations.size(); ++p) {
        const LoweredPopulation& population = lowered.populations[p];
        std::uint64_t last_group = ~std::uint64_t{0};
        for (std::uint32_t i = 0; i < population.size; ++i) {
            const ShardId home = mapping.shard_of[population.first_neuron + i];
            ++fills[home].compartments;
            const std::uint64_t shard = home.value();
            const std::uint32_t profile =
                population.profile_of.empty() ? 0 : population.profile_of[i];
            const std::uint64_t group = shard << 32 | numbers.of(p, profile);
            if (group == last_group) continue;
            last_group = group;
            groups.push_back(group);
            programs.push_back(shard << 32 | population.program);
        }
    }
    const auto distinct = [](std::vector<std::uint64_t>& keys) {
        std::sort(keys.begin(), keys.end());
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    };
    distinct(groups);
    distinct(programs);
    const auto shard_of = [](std::uint64_t key) {
        return ShardId{static_cast<std::uint32_t>(key >> 32)};
    };
    for (const std::uint64_t key : groups) ++fills[shard_of(key)].neuron_groups;
    for (const std::uint64_t key : programs) {
        const auto& program = *lowered.programs[key & 0xFFFFFFFFU];
        fills[shard_of(key)].microcode_words += program.words.size();
    }
}

/// Adds the rows that SharedRows stores. Shards with more compartments than an image has are
/// reported anyway.
void count_shared(const Lowered& lowered, const Mapping& mapping, const std::vector<bool>* only,
                  IdVector<ShardId, CoreFill>& fills,
                  IdVector<ShardId, std::set<isa::SynapseFormat>>& formats) {
    const bool any = std::any_of(lowered.projections.begin(), lowered.projections.end(),
                                 [](const LoweredProjection& p) { return p.share; });
    const bool fits = std::all_of(fills.begin(), fills.end(), [](const CoreFill& fill) {
        return fill.compartments <= isa::info(isa::CoreLimit::kCompartments).image_most;
    });
    if (!any || !fits) return;
    const Layout layout = lay_out(lowered, mapping.shard_of, mapping.shards);
    const SharedRows shared{lowered, layout, only};
    for (const ShardId shard : fills.ids()) {
        const SharedRows::Shard& held = shared.shards()[shard];
        fills[shard].input_axons += held.axons.size();
        fills[shard].synapse_bits += held.bits;
        for (const SharedRows::Row& row : held.rows) {
            for (std::size_t at = 0; at < row.words.size();) {
                const isa::SynapseFormat& format = shared.formats()[row.words[at]];
                formats[shard].insert(format);
                at += 1 + isa::block_words(format, isa::BlockHeader::count(row.words[at + 1]));
            }
        }
    }
}

/// What the shards take of their pools. Input axons are those of the pool, unless an image cannot
/// number those that it has.
void count_pool(const Lowered& lowered, const Mapping& mapping,
                IdVector<ShardId, CoreFill>& fills) {
    const auto pool = pool_use(lowered, mapping.shard_of, mapping.shards);
    const auto padding =
        padding_of_shards(tile_paddings(lowered, mapping.shard_of), mapping.shards);
    for (const ShardId shard : fills.ids()) {
        CoreFill& fill = fills[shard];
        const isa::PoolUse& use = pool[shard];
        if (fill.input_axons <= isa::info(isa::CoreLimit::kInputAxons).image_most) {
            fill.input_axons = use.input_axons;
        }
        fill.synapse_words = use.synapse_words;
        fill.synapse_bits = std::uint64_t{use.synapse_words} * isa::ChipSpec::kSynapseWordBits;
        fill.axon_map = use.axon_map;
        fill.axon_memory = use.axon_memory;
        fill.pool_words = use.input_axons + fill.compartments + padding[shard] + use.synapse_words +
                          use.axon_map + use.axon_memory;
    }
}

IdVector<ShardId, CoreFill> count(const Lowered& lowered, const Mapping& mapping,
                                  const std::vector<bool>* only) {
    IdVector<ShardId, CoreFill> fills(mapping.shards);
    count_groups(lowered, mapping, fills);

    Fanout fanout{lowered, mapping.shard_of, mapping.shards};
    const auto& kinds = fanout.kinds();
    IdVector<ShardId, std::set<isa::SynapseFormat>> formats(mapping.shards);
    std::vector<bool> used(std::size_t{mapping.shards} * kinds.size());
    fanout.for_each_source([&](const Fanout::Source& source, std::span<const FanoutGroup> groups) {
        std::uint32_t packets = 0;
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const FanoutGroup& group = groups[g];
            CoreFill& fill = fills[group.shard];
            fill.synapses += group.count;
            const bool first = g == 0 || !fanout.same_axon(group, groups[g - 1]);
            if (first) ++packets;
            if (source.shares) continue;
            if (first) ++fill.input_axons;
            fill.synapse_bits += isa::synapse_bits(kinds[group.kind].format, group.count);
            used[group.shard.index() * kinds.size() + group.kind] = true;
        }
        if (source.neuron != Fanout::kFromHost) {
            fills[mapping.shard_of[source.neuron]].output_axons += packets;
        }
    });
    for (std::size_t slot = 0; slot < used.size(); ++slot) {
        if (!used[slot]) continue;
        const ShardId shard{static_cast<std::uint32_t>(slot / kinds.size())};
        formats[shard].insert(kinds[slot % kinds.size()].format);
    }
    if (lowered.pool) {
        count_pool(lowered, mapping, fills);
    } else {
        count_shared(lowered, mapping, only, fills, formats);
    }
    for (const ShardId shard : fills.ids()) {
        fills[shard].synapse_formats = formats[shard].size();
    }
    return fills;
}

}  // namespace

std::vector<LimitExcess> exceeded(const isa::CoreAmounts& need, const isa::CoreLimits& limits) {
    std::vector<LimitExcess> found;
    for (const isa::CoreLimitInfo& row : isa::kCoreLimitTable) {
        const std::uint64_t allowed = limits.*row.amount;
        if (allowed != 0 && need.*row.amount > allowed) {
            found.push_back({row.limit, need.*row.amount, allowed});
        }
    }
    return found;
}

isa::CoreLimits effective_limits(const isa::CoreLimits& limits) noexcept {
    isa::CoreLimits effective = limits;
    for (const isa::CoreLimitInfo& row : isa::kCoreLimitTable) {
        std::uint64_t& limit = effective.*row.amount;
        if (row.image_most != 0 && (limit == 0 || limit > row.image_most)) limit = row.image_most;
    }
    return effective;
}

std::string remedy(isa::CoreLimit limit, LimitCase where) {
    const isa::CoreLimitInfo& info = isa::info(limit);
    switch (where) {
        case LimitCase::kNeuron:
        case LimitCase::kPacked:
            return fmt::format("{}, or use a chip with more {} per core", info.remedy,
                               info.resource);
        case LimitCase::kPinned:
            return fmt::format(
                "spread the pinned neurons over more cores, use --partitioner greedy, which "
                "ignores pinned cores, or use a chip with more {} per core",
                info.resource);
        case LimitCase::kCores:
            break;
    }
    return fmt::format("use a chip with more cores or more {} per core, or {}", info.resource,
                       info.remedy);
}

IdVector<ShardId, CoreFill> count_fills(const Lowered& lowered, const Mapping& mapping) {
    return count(lowered, mapping, nullptr);
}

IdVector<ShardId, CoreFill> count_fills(const Lowered& lowered, const Mapping& mapping,
                                        const std::vector<bool>& only) {
    return count(lowered, mapping, &only);
}

}  // namespace seamount::compiler
