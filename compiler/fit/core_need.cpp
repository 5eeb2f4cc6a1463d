#include "compiler/fit/core_need.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "compiler/driver/mapping_passes.hpp"
#include "compiler/fit/fullest_limit.hpp"
#include "compiler/partition/fill/limits.hpp"
#include "compiler/partition/greedy.hpp"
#include "compiler/partition/partition.hpp"
#include "compiler/partition/split_overfull.hpp"

namespace seamount::compiler {
namespace {

constexpr std::uint32_t kImageCores = 65536;  // OutputAxon::core has 16 bits

bool has_pins(const Lowered& lowered) {
    return std::ranges::any_of(lowered.populations,
                               [](const LoweredPopulation& p) { return p.pinned.given(); });
}

bool has_regions(const Lowered& lowered) {
    return std::ranges::any_of(lowered.populations,
                               [](const LoweredPopulation& p) { return !p.region.empty(); });
}

bool all_pinned(const Lowered& lowered) {
    return std::ranges::all_of(lowered.populations,
                               [](const LoweredPopulation& p) { return p.pinned.given(); });
}

/// Without a pool, what one neuron needs of shared rows is known only when its core is full.
bool is_exact_for_one(const Lowered& lowered) {
    return lowered.pool || std::ranges::none_of(lowered.projections, [](const auto& projection) {
               return projection.share;
           });
}

std::uint64_t usable_cores(const isa::ChipSpec& chip) {
    std::uint64_t usable = 0;
    for (const CoreId core : chip.core_ids()) {
        if (chip.core_works(core) && chip.limits_of(core) == chip.limits) ++usable;
    }
    return usable;
}

std::uint64_t working_cores(const isa::ChipSpec& chip) {
    std::uint64_t working = 0;
    for (const CoreId core : chip.core_ids()) working += chip.core_works(core) ? 1U : 0U;
    return working;
}

/// A shard of its own for each neuron without one, so that its fill can be counted.
void give_misfits_shards(CoreNeed& need) {
    Mapping& mapping = need.cut.mapping;
    for (ShardId& shard : mapping.shard_of) {
        if (shard != Mapping::kNoShard) continue;
        ++need.misfits;
        shard = ShardId{mapping.shards++};
    }
    mapping.core_of.resize(mapping.shards, Mapping::kUnplaced);
}

/// The limit that binds most cores.
isa::CoreLimit binding_limit(const Partition& cut, const isa::CoreLimits& limits) {
    std::array<std::uint64_t, isa::kCoreLimits> cores{};
    for (const CoreFill& fill : cut.fills) {
        ++cores[static_cast<std::size_t>(fullest_limit(fill, limits).limit)];
    }
    return static_cast<isa::CoreLimit>(std::max_element(cores.begin(), cores.end()) -
                                       cores.begin());
}

/// The limit that most refused neurons exceed most.
std::optional<isa::CoreLimit> refused_by(const CoreNeed& need, const isa::CoreLimits& limits) {
    double worst = 1.0;
    std::optional<isa::CoreLimit> by;
    for (const CoreFill& fill : need.cut.fills) {
        for (const LimitExcess& excess : exceeded(fill, limits)) {
            const double share =
                static_cast<double>(excess.need) / static_cast<double>(excess.allowed);
            if (share <= worst) continue;
            worst = share;
            by = excess.limit;
        }
    }
    return by;
}

/// Next-fit; what was packed by an estimate is split until it is right.
void pack(const Lowered& lowered, const isa::ChipSpec& chip, CoreNeed& need, Diagnostics& found) {
    Mapping& mapping = need.cut.mapping;
    mapping.shard_of.assign(lowered.neuron_count(), Mapping::kNoShard);
    need.cut.how = name_of(kPartitionerNames, Partitioner::kGreedy);
    partition_greedily(lowered, chip, 1, 0, false, false, mapping, found);
    if (found.has_errors()) return;
    auto fills = split_overfull(lowered, chip.limits, 0, chip.cores(), mapping);
    if (fills) {
        need.cut.fills = std::move(*fills);
    } else {
        found.error("CMP-FIT", {lowered.network.file, 0, 0},
                    "a core of the quick mapping exceeds a limit");
    }
}

/// Maps without a bound on the number of cores.
void map_freely(const Lowered& lowered, const isa::ChipSpec& chip, CoreNeed& need) {
    Diagnostics found;
    const bool keeps_pins = all_pinned(lowered);
    need.ignores_places = has_pins(lowered) && !keeps_pins;
    const isa::ChipSpec roomy =
        keeps_pins ? chip : several(chip, std::max(1U, kImageCores / std::max(chip.cores(), 1U)));
    if (keeps_pins || has_regions(lowered)) {
        need.cut = partition(lowered, roomy, keeps_pins ? Partitioner::kAuto : Partitioner::kGreedy,
                             1, found);
    } else {
        pack(lowered, roomy, need, found);
    }
    for (const Diagnostic& finding : found.all()) {
        if (finding.severity == Severity::kError) need.refusals.push_back(finding);
    }
    give_misfits_shards(need);
    if (need.cut.fills.empty()) need.cut.fills = count_fills(lowered, need.cut.mapping);
}

}  // namespace

std::uint64_t cores_per_chip(const isa::ChipSpec& chip) noexcept {
    return chip.cores() / (chip.mesh.chips_x * chip.mesh.chips_y);
}

isa::ChipSpec several(const isa::ChipSpec& chip, std::uint32_t factor) {
    isa::ChipSpec all = chip;
    all.height *= factor;
    all.mesh.chips_y *= factor;
    return all;
}

CoreNeed quick_need(const Lowered& lowered, const isa::ChipSpec& chip) {
    CoreNeed need;
    const isa::CoreLimits limits = effective_limits(chip.limits);
    need.usable_cores = usable_cores(chip);
    Mapping none;
    none.shard_of.assign(lowered.neuron_count(), Mapping::kNoShard);
    need.least = least_cores(lowered, none, limits);
    map_freely(lowered, chip, need);
    need.cores = need.cut.mapping.shards;
    need.binds = binding_limit(need.cut, limits);
    const bool is_impossible = need.misfits != 0 && is_exact_for_one(lowered);
    const bool is_pinned_wrongly = !need.refusals.empty() && all_pinned(lowered);
    if (is_impossible || is_pinned_wrongly || need.least.cores > working_cores(chip)) {
        need.verdict = FitVerdict::kDoesNotFit;
    } else if (need.refusals.empty() && need.cores <= need.usable_cores) {
        need.verdict = FitVerdict::kFits;
    }
    if (need.misfits != 0) need.binds = refused_by(need, limits).value_or(need.binds);
    return need;
}

CoreNeed exact_need(const Lowered& lowered, const isa::ChipSpec& chip,
                    const MappingMethod& method) {
    Diagnostics found;
    std::vector<Diagnostic> refusals;
    try {
        MappingPasses passes{chip, method};
        Partition cut = passes.partition(lowered, found);
        found.throw_if_errors();
        passes.place(lowered, cut, found);
        CoreNeed need;
        need.verdict = FitVerdict::kFits;
        need.usable_cores = usable_cores(chip);
        need.cores = cut.mapping.shards;
        Mapping none;
        none.shard_of.assign(lowered.neuron_count(), Mapping::kNoShard);
        need.least = least_cores(lowered, none, effective_limits(chip.limits));
        need.binds = binding_limit(cut, effective_limits(chip.limits));
        need.cut = std::move(cut);
        return need;
    } catch (const InputError& error) {
        if (!std::ranges::any_of(error.diagnostics(), is_refusal)) throw;
        refusals = error.diagnostics();
    }
    CoreNeed need = quick_need(lowered, chip);
    need.verdict = FitVerdict::kDoesNotFit;
    need.refusals = std::move(refusals);
    return need;
}

bool is_refusal(const Diagnostic& finding) {
    constexpr std::array<std::string_view, 4> kCodes{"CMP-CORES", "CMP-FIT", "CMP-PIN",
                                                     "CMP-REGION"};
    return finding.severity == Severity::kError &&
           std::find(kCodes.begin(), kCodes.end(), finding.code) != kCodes.end();
}

}  // namespace seamount::compiler
