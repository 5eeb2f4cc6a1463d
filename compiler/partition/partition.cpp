#include "compiler/partition/partition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "compiler/partition/fill/contributors.hpp"
#include "compiler/partition/fill/limits.hpp"
#include "compiler/partition/free_neurons.hpp"
#include "isa/base/text.hpp"

namespace seamount::compiler {
namespace {

/// Shards of the pinned neurons, one per distinct core, ascending; all others stay unplaced.
void use_pins(const Lowered& lowered, const isa::ChipSpec& chip, Mapping& mapping,
              Diagnostics& diagnostics) {
    IdVector<CoreId, ShardId> shard_of_core(chip.cores(), Mapping::kNoShard);
    for (const LoweredPopulation& population : lowered.populations) {
        if (!population.pinned.given()) continue;
        std::uint32_t bad = 0;
        std::uint32_t first_bad = 0;
        for (std::uint32_t i = 0; i < population.size; ++i) {
            const CoreId core = population.pinned.at(i);
            if (core.value() < chip.cores()) {
                shard_of_core[core] = ShardId{};
            } else if (bad++ == 0) {
                first_bad = i;
            }
        }
        if (bad == 0) continue;
        diagnostics.error(
            "CMP-PIN", population.where,
            fmt::format("population '{}': neuron {} is pinned to core {}, chip '{}' has cores 0 to "
                        "{} ({} such neuron{})",
                        population.name, first_bad, population.pinned.at(first_bad), chip.name,
                        chip.cores() - 1, grouped(bad), bad == 1 ? "" : "s"),
            "use a larger chip, or --partitioner greedy, which ignores pinned cores");
    }
    for (const CoreId core : shard_of_core.ids()) {
        if (shard_of_core[core] == Mapping::kNoShard) continue;
        shard_of_core[core] = ShardId{mapping.shards++};
        mapping.core_of.push_back(core);
    }
    for (const LoweredPopulation& population : lowered.populations) {
        if (!population.pinned.given()) continue;
        for (std::uint32_t i = 0; i < population.size; ++i) {
            const CoreId core = population.pinned.at(i);
            if (core.value() >= chip.cores()) continue;
            mapping.shard_of[population.first_neuron + i] = shard_of_core[core];
        }
    }
}

/// One error per limit, naming the first cores and the population that the first one belongs to.
void report_excess(const Lowered& lowered, const isa::ChipSpec& chip, const Partition& result,
                   Diagnostics& diagnostics) {
    struct Excess {
        ShardId shard;
        LimitExcess need;
    };
    std::map<isa::CoreLimit, std::vector<Excess>, ByKey> by_limit;
    for (const ShardId shard : result.fills.ids()) {
        for (const LimitExcess& e : exceeded(result.fills[shard], effective_limits(chip.limits))) {
            by_limit[e.limit].push_back({shard, e});
        }
    }
    constexpr std::size_t kListed = 5;
    for (const auto& [limit, cores] : by_limit) {
        std::string list;
        for (std::size_t i = 0; i < std::min(kListed, cores.size()); ++i) {
            const CoreId core = result.mapping.core_of[cores[i].shard];
            list += fmt::format("{}{} needs {}", i == 0 ? "" : "; ",
                                core == Mapping::kUnplaced ? "one" : fmt::format("core {}", core),
                                grouped(cores[i].need.need));
        }
        if (cores.size() > kListed) list += fmt::format("; (first {} listed)", kListed);
        const bool is_pinned = result.mapping.core_of[cores.front().shard] != Mapping::kUnplaced;
        const auto& shard_of = result.mapping.shard_of;
        const NeuronId neuron{static_cast<std::uint32_t>(
            std::find(shard_of.begin(), shard_of.end(), cores.front().shard) - shard_of.begin())};
        const auto population =
            std::find_if(lowered.populations.begin(), lowered.populations.end(),
                         [&](const auto& p) { return neuron < p.first_neuron + p.size; });
        diagnostics.error(
            "CMP-FIT", population->where,
            fmt::format("the mapping of population '{}' does not fit: {} core{} exceed{} {}, limit "
                        "{} per core: {}",
                        population->name, cores.size(), cores.size() == 1 ? "" : "s",
                        cores.size() == 1 ? "s" : "", isa::name_of(limit),
                        grouped(cores.front().need.allowed), list) +
                largest_contributor(lowered, result.mapping, cores.front().shard, limit),
            remedy(limit, is_pinned ? LimitCase::kPinned : LimitCase::kPacked));
    }
}

/// Shards for the neurons of one region. Everybody else is on one shard meanwhile.
void partition_region(const Lowered& lowered, const isa::ChipSpec& chip,
                      const MappingMethod& method, const std::vector<CoreId>& region,
                      Partition& result, Diagnostics& diagnostics) {
    Partition inside;
    inside.mapping = result.mapping;
    IdVector<NeuronId, ShardId>& shard_of = inside.mapping.shard_of;
    const ShardId outside{inside.mapping.shards++};
    inside.mapping.core_of.push_back(Mapping::kUnplaced);
    for (const LoweredPopulation& population : lowered.populations) {
        if (population.region == region) continue;
        for (std::uint32_t i = 0; i < population.size; ++i) {
            ShardId& shard = shard_of[population.first_neuron + i];
            if (shard == Mapping::kNoShard) shard = outside;
        }
    }
    partition_free(lowered, chip, method, true, inside, diagnostics);
    if (diagnostics.has_errors()) return;
    for (ShardId& shard : shard_of) {
        if (shard == outside) {
            shard = Mapping::kNoShard;
        } else if (shard > outside) {
            shard = ShardId{shard.value() - 1};
        }
    }
    std::vector<CoreId>& core_of = inside.mapping.core_of.list();
    core_of.erase(core_of.begin() + outside.value());
    --inside.mapping.shards;
    result = std::move(inside);
}

/// Shards for all populations with a region. They hold nothing else.
void partition_regions(const Lowered& lowered, const isa::ChipSpec& chip,
                       const MappingMethod& method, Partition& result, Diagnostics& diagnostics) {
    std::vector<std::vector<CoreId>> done;
    for (const LoweredPopulation& population : lowered.populations) {
        const std::vector<CoreId>& region = population.region;
        if (region.empty() || std::ranges::find(done, region) != done.end()) continue;
        done.push_back(region);
        partition_region(lowered, chip, method, region, result, diagnostics);
        if (diagnostics.has_errors()) return;
    }
}

}  // namespace

Partition partition(const Lowered& lowered, const isa::ChipSpec& chip, const MappingMethod& method,
                    Diagnostics& diagnostics) {
    constexpr std::uint32_t kImageCores = 65536;  // OutputAxon::core has 16 bits
    Partition result;
    if (chip.cores() > kImageCores) {
        diagnostics.error("CMP-CORES", {lowered.network.file, 0, 0},
                          fmt::format("chip '{}' has {} cores, an image can name {}", chip.name,
                                      grouped(chip.cores()), grouped(kImageCores)),
                          "use a smaller chip");
        return result;
    }
    Mapping& mapping = result.mapping;
    mapping.shard_of.assign(lowered.neuron_count(), Mapping::kNoShard);
    const auto unplaced = [&mapping] {
        return std::find(mapping.shard_of.begin(), mapping.shard_of.end(), Mapping::kNoShard) !=
               mapping.shard_of.end();
    };
    if (method.partitioner != Partitioner::kGreedy) use_pins(lowered, chip, mapping, diagnostics);
    if (diagnostics.has_errors()) return result;
    result.how = "pinned";
    const bool by_graph = method.partitioner != Partitioner::kAuto &&
                          method.partitioner != Partitioner::kGreedy &&
                          method.partitioner != Partitioner::kTiles;
    if (by_graph && unplaced() && shares_kernels(lowered)) {
        diagnostics.warning(
            "CMP-PARTITION", {lowered.network.file, 0, 0},
            fmt::format("partitioner '{}' does not know rows that neighbours share: "
                        "the network is cut by next-fit",
                        name_of(kPartitionerNames, method.partitioner)),
            "use --partitioner auto or greedy");
    }
    if (unplaced()) partition_regions(lowered, chip, method, result, diagnostics);
    if (diagnostics.has_errors()) return result;
    if (unplaced()) partition_free(lowered, chip, method, false, result, diagnostics);
    if (unplaced()) return result;  // reported
    result.fills = count_fills(lowered, mapping);
    report_excess(lowered, chip, result, diagnostics);
    return result;
}

}  // namespace seamount::compiler
