#include "compiler/partition/free_neurons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "compiler/partition/fill/limits.hpp"
#include "compiler/partition/graph/graph_partition.hpp"
#include "compiler/partition/greedy.hpp"
#include "compiler/partition/least_cores.hpp"
#include "compiler/partition/split_overfull.hpp"
#include "compiler/partition/tiles.hpp"
#include "isa/base/text.hpp"

namespace seamount::compiler {
namespace {

bool exceeds_synapse_bits(const IdVector<ShardId, CoreFill>& fills, const isa::ChipSpec& chip) {
    const std::uint64_t limit = chip.limits.synapse_bits;
    return limit != 0 && std::any_of(fills.begin(), fills.end(), [limit](const CoreFill& fill) {
               return fill.synapse_bits > limit;
           });
}

/// Next-fit. Without a pool, what shared rows need on a core is known exactly only afterwards, so
/// it is repeated with more reserved for them until it is enough; where that takes more cores than
/// there are, the overfull ones of the first attempt are halved.
void pack_greedily(const Lowered& lowered, const isa::ChipSpec& chip, const MappingMethod& method,
                   bool last_is_outside, bool uses_pinned, Mapping& mapping,
                   Diagnostics& diagnostics) {
    constexpr std::uint32_t kMostOverhead = 10000;  // percent
    const Mapping start = mapping;
    Mapping attempt;
    const auto split_attempt = [&] {
        if (last_is_outside ||
            !split_overfull(lowered, chip.limits, start.shards, chip.cores(), attempt)) {
            return false;
        }
        mapping = std::move(attempt);
        return true;
    };
    for (std::uint32_t overhead = 0; overhead <= kMostOverhead; overhead = overhead * 2 + 50) {
        mapping = start;
        Diagnostics found;
        partition_greedily(lowered, chip, method.seed, overhead, last_is_outside, uses_pinned,
                           mapping, found, method.cap);
        if (found.has_errors() && overhead != 0 && split_attempt()) return;
        for (const Diagnostic& d : found.all()) {
            diagnostics.error(d.code, d.where, d.message, d.hint);
        }
        if (found.has_errors() || lowered.pool || !shares_kernels(lowered) ||
            !exceeds_synapse_bits(count_fills(lowered, mapping), chip)) {
            return;
        }
        if (overhead == 0) attempt = mapping;
    }
    split_attempt();
}

/// What next-fit reports of the chip, and of a neuron.
constexpr std::string_view kTooFewCores = "CMP-CORES";
constexpr std::string_view kTooLarge = "CMP-FIT";

/// How it is known that a network does not fit.
struct Refusal {
    LeastCores least;
    std::uint32_t free_cores = 0;  ///< that the neurons without a shard may use
    std::uint32_t need = 0;        ///< of them, by next-fit
    bool gave_up = false;          ///< no search was made to its end
    bool searched = false;
};

/// Hands over what next-fit reports, with what is known of other mappings.
void hand_over(const Diagnostics& from, const Refusal& refusal, Diagnostics& to) {
    for (Diagnostic d : from.all()) {
        const bool is_of_cores = d.code == kTooFewCores;
        const bool is_bound = refusal.free_cores != 0 && refusal.least.cores > refusal.free_cores;
        if (is_of_cores && is_bound) {
            d.message += fmt::format("; no mapping of them needs fewer than {} (by {})",
                                     grouped(refusal.least.cores), isa::name_of(refusal.least.by));
        } else if (is_of_cores && refusal.gave_up) {
            d.message += fmt::format(
                "; so many by a quick mapping (next-fit), {:.1f} times what there is, and others "
                "that were tried are no better: no search followed",
                static_cast<double>(refusal.need) / std::max(refusal.free_cores, 1U));
            d.hint = "--effort 9 searches all the same; " + d.hint;
        } else if (is_of_cores && refusal.searched) {
            d.message += "; so many by next-fit, and a search found no mapping that fits";
        }
        to.error(d.code, d.where, d.message, d.hint);
    }
}

/// Whether next-fit names neurons that fit on no core, counted exactly.
bool has_misfits(const Lowered& lowered, const Diagnostics& refused) {
    const bool is_exact = std::ranges::none_of(lowered.projections,
                                               [](const LoweredProjection& p) { return p.share; });
    return is_exact && std::ranges::any_of(refused.all(),
                                           [](const Diagnostic& d) { return d.code == kTooLarge; });
}

/// Next-fit, and on cores with pinned neurons too if others are not enough.
struct Packing {
    Mapping mapping;
    Diagnostics refused;  ///< why there is none
    bool is_tried = false;

    [[nodiscard]] bool fits() const noexcept { return is_tried && !refused.has_errors(); }
    void run(const Lowered& lowered, const isa::ChipSpec& chip, const MappingMethod& method,
             bool last_is_outside, const Mapping& start) {
        if (is_tried) return;
        is_tried = true;
        mapping = start;
        pack_greedily(lowered, chip, method, last_is_outside, false, mapping, refused);
        const bool has_regions = std::ranges::any_of(
            lowered.populations, [](const LoweredPopulation& p) { return !p.region.empty(); });
        if (fits() || start.shards == 0 || last_is_outside || has_regions) return;
        Mapping shared = start;
        Diagnostics found;
        pack_greedily(lowered, chip, method, false, true, shared, found);
        if (found.has_errors()) return;
        mapping = std::move(shared);
        refused = {};
    }
};

/// Feature maps in tiles, all else behind them; nothing if that does not fit.
std::optional<Mapping> pack_tiles(const Lowered& lowered, const isa::ChipSpec& chip,
                                  const MappingMethod& method, TileRule rule,
                                  const Mapping& start) {
    Mapping mapping = start;
    if (!cut_into_tiles(lowered, chip, rule, method.cap, mapping)) return std::nullopt;
    const auto& shards = mapping.shard_of;
    if (std::find(shards.begin(), shards.end(), Mapping::kNoShard) != shards.end()) {
        Diagnostics refused;
        pack_greedily(lowered, chip, method, false, false, mapping, refused);
        if (refused.has_errors()) return std::nullopt;
    }
    const isa::CoreLimits limits = effective_limits(chip.limits);
    const IdVector<ShardId, CoreFill> fills = count_fills(lowered, mapping);
    for (const ShardId shard : fills.ids()) {
        if (shard.value() >= start.shards && !exceeded(fills[shard], limits).empty()) {
            return std::nullopt;
        }
    }
    return mapping;
}

/// The tiles that a method asks for: those of its name, or free ones unless these take many more
/// cores than neurons side by side do.
std::optional<Mapping> tiles_of(const Lowered& lowered, const isa::ChipSpec& chip,
                                const MappingMethod& method, const Packing& packing,
                                const Mapping& start) {
    if (method.partitioner == Partitioner::kTiles) {
        return pack_tiles(lowered, chip, method, TileRule::kSilicon, start);
    }
    if (method.seed != 1) return std::nullopt;  // another mapping is asked for
    auto tiles = pack_tiles(lowered, chip, method, TileRule::kFree, start);
    const std::uint32_t most = packing.mapping.shards + packing.mapping.shards / 10 + 1;
    if (tiles && packing.fits() && tiles->shards > most) tiles.reset();
    return tiles;
}

/// Shards for the neurons that have none, by the method.
class FreeNeurons {
public:
    FreeNeurons(const Lowered& lowered, const isa::ChipSpec& chip, const MappingMethod& method,
                bool last_is_outside, const Mapping& start)
        : lowered_{lowered},
          chip_{chip},
          method_{method},
          last_is_outside_{last_is_outside},
          start_{start} {
        // Cores with pinned neurons take others too; those outside of a region take none.
        const std::uint32_t taken = last_is_outside ? start.shards - 1 : 0;
        refusal_.free_cores = chip.cores() - std::min(chip.cores(), taken);
    }

    void partition(Partition& result, Diagnostics& diagnostics);

private:
    // Next-fit costs little only for a small network; the graph of a huge one costs too much.
    static constexpr std::uint64_t kSmall = 1'000'000;
    static constexpr std::uint64_t kHuge = 20'000'000;

    void pack();
    /// Whether no mapping can fit: then none is searched for.
    [[nodiscard]] bool is_impossible();
    [[nodiscard]] std::optional<GraphPartition> search();
    void take_packed(Partition& result, Diagnostics& diagnostics);
    [[nodiscard]] bool packing_is_better(const GraphPartition& found) const;
    /// Whether next-fit is all that a quick method asks for.
    [[nodiscard]] bool packing_is_ordered() const;

    const Lowered& lowered_;
    const isa::ChipSpec& chip_;
    const MappingMethod& method_;
    const bool last_is_outside_;
    const Mapping& start_;
    Packing packing_;
    Refusal refusal_;
};

void FreeNeurons::pack() {
    method_.tell("next-fit");
    packing_.run(lowered_, chip_, method_, last_is_outside_, start_);
}

bool FreeNeurons::is_impossible() {
    const isa::CoreLimits limits = effective_limits(chip_.limits);
    refusal_.least = least_cores(lowered_, start_, limits);
    if (refusal_.least.cores > refusal_.free_cores) return true;
    if (packing_.is_tried) return has_misfits(lowered_, packing_.refused);
    if (!has_huge_fan_in(lowered_, start_, limits)) return false;
    pack();
    if (has_misfits(lowered_, packing_.refused)) return true;
    packing_ = {};  // it is no rival of the graph's mapping
    return false;
}

std::optional<GraphPartition> FreeNeurons::search() {
    const bool is_tiles = method_.partitioner == Partitioner::kTiles;
    const PortfolioOptions options{is_tiles ? Partitioner::kAuto : method_.partitioner,
                                   method_.effort,
                                   method_.seed,
                                   true,
                                   true,
                                   0,
                                   method_.effort < kMostEffort,
                                   method_.progress,
                                   method_.spread};
    GraphSearch search =
        partition_by_graph(lowered_, chip_, start_, method_.rates, options, last_is_outside_);
    refusal_.gave_up = search.gave_up;
    refusal_.searched = true;
    return std::move(search.found);
}

void FreeNeurons::take_packed(Partition& result, Diagnostics& diagnostics) {
    refusal_.need = packing_.mapping.shards - start_.shards;
    hand_over(packing_.refused, refusal_, diagnostics);
    result.mapping = std::move(packing_.mapping);
    result.how = "greedy";
    result.is_random = false;
}

/// Whether next-fit has a mapping with less traffic; where there is none, what counts is how many
/// cores are taken.
bool FreeNeurons::packing_is_better(const GraphPartition& found) const {
    if (!packing_.fits()) return false;
    const std::uint64_t cost = mapping_cost(lowered_, packing_.mapping, method_.rates);
    const bool is_smaller = cost == 0 && packing_.mapping.shards < found.mapping.shards;
    return cost < found.cost || (found.cost == 0 && is_smaller);
}

bool FreeNeurons::packing_is_ordered() const {
    constexpr double kOrdered = 0.95;
    return packing_.fits() && share_of_chance(lowered_, packing_.mapping, method_.rates) < kOrdered;
}

void FreeNeurons::partition(Partition& result, Diagnostics& diagnostics) {
    const bool is_tiles = method_.partitioner == Partitioner::kTiles;
    const bool is_auto = method_.partitioner == Partitioner::kAuto || is_tiles;
    const bool is_greedy = method_.partitioner == Partitioner::kGreedy;
    const bool shares = shares_kernels(lowered_);
    const auto use = [&result](Mapping mapping, std::string how, bool is_random) {
        result.mapping = std::move(mapping);
        result.how = std::move(how);
        result.is_random = is_random;
    };
    const bool by_graph = !shares && (!is_auto || lowered_.synapse_count() <= kHuge);
    const bool is_small = lowered_.synapse_count() < kSmall;
    const bool is_quick = method_.partitioner == Partitioner::kAuto && by_graph && !is_small &&
                          method_.effort <= kQuickEffort;
    if (is_greedy || is_quick || (lowered_.pool && shares) || (is_auto && is_small)) {
        pack();
        const bool is_enough =
            packing_.fits() && packing_.mapping.shards <= start_.shards + 1 && !is_tiles;
        if (is_greedy || is_enough || (is_quick && packing_is_ordered())) {
            return take_packed(result, diagnostics);
        }
    }
    if (lowered_.pool && !last_is_outside_ && (shares || is_tiles)) {
        if (auto tiles = tiles_of(lowered_, chip_, method_, packing_, start_)) {
            return use(std::move(*tiles), is_tiles ? "tiles as silicon" : "tiles", false);
        }
    }
    std::optional<GraphPartition> found;
    if (!is_impossible() && by_graph) found = search();
    // A pass over the neurons in their order has won: next-fit, which is another, may be better.
    const bool is_by_order = found && !found->is_random && found->how == kByOrder;
    if ((!found || is_by_order) && !packing_.is_tried) pack();
    if (!found || packing_is_better(*found)) return take_packed(result, diagnostics);
    use(std::move(found->mapping), found->how, found->is_random);
}

}  // namespace

bool shares_kernels(const Lowered& lowered) {
    return std::any_of(lowered.projections.begin(), lowered.projections.end(),
                       [](const LoweredProjection& p) { return p.share && p.convolution; });
}

void partition_free(const Lowered& lowered, const isa::ChipSpec& chip, const MappingMethod& method,
                    bool last_is_outside, Partition& result, Diagnostics& diagnostics) {
    const Mapping start = result.mapping;
    FreeNeurons{lowered, chip, method, last_is_outside, start}.partition(result, diagnostics);
}

}  // namespace seamount::compiler
