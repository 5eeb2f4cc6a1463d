#include "compiler/partition/fill/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "compiler/ir/fanout.hpp"
#include "compiler/ir/shared_rows.hpp"
#include "isa/image/synapse_block.hpp"
#include "isa/image/synapse_cost.hpp"

namespace seamount::compiler {
namespace {

// What the fields of the image can name: 16-bit targets and axons, 7-bit formats
// (isa/image/image.hpp).
constexpr std::uint32_t kImageCompartments = 65536;
constexpr std::uint32_t kImageInputAxons = 65536;
constexpr std::uint32_t kImageFormats = 128;

std::uint32_t at_most(std::uint32_t limit, std::uint32_t most) {
    return limit == 0 ? most : std::min(limit, most);
}

/// Neuron groups and microcode of every shard: distinct (population, profile), distinct programs.
void count_groups(const Lowered& lowered, const Mapping& mapping,
                  IdVector<ShardId, CoreFill>& fills) {
    std::vector<std::uint64_t> groups;    // shard << 32 | running number of (population, profile)
    std::vector<std::uint64_t> programs;  // shard << 32 | program
    std::uint64_t first_group = 0;
    for (const LoweredPopulation& population : lowered.populations) {
        std::uint64_t last_group = ~std::uint64_t{0};
        for (std::uint32_t i = 0; i < population.size; ++i) {
            const ShardId home = mapping.shard_of[population.first_neuron + i];
            ++fills[home].compartments;
            const std::uint64_t shard = home.value();
            const std::uint64_t profile =
                population.profile_of.empty() ? 0 : population.profile_of[i];
            const std::uint64_t group = shard << 32 | (first_group + profile);
            if (group == last_group) continue;
            last_group = group;
            groups.push_back(group);
            programs.push_back(shard << 32 | population.program);
        }
        first_group += population.profiles.size();
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
        fills[shard_of(key)].microcode_words += static_cast<std::uint32_t>(program.words.size());
    }
}

/// Adds the rows that SharedRows stores. Shards with more compartments than an image has are
/// reported anyway.
void count_shared(const Lowered& lowered, const Mapping& mapping,
                  IdVector<ShardId, CoreFill>& fills,
                  IdVector<ShardId, std::set<isa::SynapseFormat>>& formats) {
    const bool any = std::any_of(lowered.projections.begin(), lowered.projections.end(),
                                 [](const LoweredProjection& p) { return p.share; });
    const bool fits = std::all_of(fills.begin(), fills.end(), [](const CoreFill& fill) {
        return fill.compartments <= kImageCompartments;
    });
    if (!any || !fits) return;
    const Layout layout = lay_out(lowered, mapping.shard_of, mapping.shards);
    const SharedRows shared{lowered, layout};
    for (const ShardId shard : fills.ids()) {
        const SharedRows::Shard& held = shared.shards()[shard];
        fills[shard].input_axons += static_cast<std::uint32_t>(held.axons.size());
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

}  // namespace

std::vector<LimitExcess> exceeded(const CoreFill& fill, const isa::CoreLimits& limits) {
    std::vector<LimitExcess> found;
    const auto check = [&](const char* limit, std::uint64_t need, std::uint64_t allowed) {
        if (allowed != 0 && need > allowed) found.push_back({limit, need, allowed});
    };
    check("compartments", fill.compartments, limits.compartments);
    check("input_axons", fill.input_axons, limits.input_axons);
    check("output_axons", fill.output_axons, limits.output_axons);
    check("synapse_bits", fill.synapse_bits, limits.synapse_bits);
    check("synapses", fill.synapses, limits.synapses);
    check("synapse_formats", fill.synapse_formats, limits.synapse_formats);
    check("neuron_groups", fill.neuron_groups, limits.neuron_groups);
    check("microcode_words", fill.microcode_words, limits.microcode_words);
    return found;
}

isa::CoreLimits effective_limits(const isa::CoreLimits& limits) noexcept {
    isa::CoreLimits effective = limits;
    effective.compartments = at_most(limits.compartments, kImageCompartments);
    effective.input_axons = at_most(limits.input_axons, kImageInputAxons);
    effective.synapse_formats = at_most(limits.synapse_formats, kImageFormats);
    return effective;
}

std::string remedy(const std::string& limit, LimitCase where) {
    struct Texts {
        const char* resource;  // what a chip can have more of
        const char* less;      // how one neuron, or the neurons of a core, can need less
    };
    static const std::map<std::string, Texts> all{
        {"compartments", {"compartments", "use fewer neurons"}},
        {"input_axons", {"input axons", "connect fewer sources to each neuron"}},
        {"output_axons", {"output axons", "lower the fan-out"}},
        {"synapse_bits", {"synapse memory", "lower the fan-in or the bits of weights and delays"}},
        {"synapses", {"synapses", "lower the fan-in"}},
        {"synapse_formats",
         {"synapse formats",
          "give the projections the same exponent, bits, sign, accumulator and largest delay"}},
        {"neuron_groups",
         {"neuron groups",
          "use fewer populations x parameter sets (what differs per neuron can be state words)"}},
        {"microcode_words", {"microcode memory", "use shorter neuron programs"}},
    };
    const auto found = all.find(limit);
    if (found == all.end()) return {};
    const auto& [resource, less] = found->second;
    switch (where) {
        case LimitCase::kNeuron:
        case LimitCase::kPacked:
            return fmt::format("{}, or use a chip with more {} per core", less, resource);
        case LimitCase::kPinned:
            return fmt::format(
                "spread the pinned neurons over more cores, use --partitioner greedy, which "
                "ignores pinned cores, or use a chip with more {} per core",
                resource);
        case LimitCase::kCores:
            break;
    }
    return fmt::format("use a chip with more cores or more {} per core, or {}", resource, less);
}

IdVector<ShardId, CoreFill> count_fills(const Lowered& lowered, const Mapping& mapping) {
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
    count_shared(lowered, mapping, fills, formats);
    for (const ShardId shard : fills.ids()) {
        fills[shard].synapse_formats = static_cast<std::uint32_t>(formats[shard].size());
    }
    return fills;
}

}  // namespace seamount::compiler
