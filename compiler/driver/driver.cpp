#include "compiler/driver/driver.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "compiler/cache/mapping_cache.hpp"
#include "compiler/cache/synapse_cache.hpp"
#include "compiler/codegen/codegen.hpp"
#include "compiler/frontend/frontend.hpp"
#include "compiler/frontend/profile.hpp"
#include "compiler/ir/lowered.hpp"
#include "compiler/lower/lower.hpp"
#include "compiler/partition/fill/limits.hpp"
#include "compiler/partition/partition.hpp"
#include "compiler/place/fault_avoidance.hpp"
#include "compiler/place/place.hpp"
#include "compiler/place/traffic/step_time.hpp"
#include "compiler/place/traffic/traffic.hpp"
#include "compiler/report/mapping_report.hpp"
#include "isa/base/assert.hpp"

namespace seamount::compiler {
namespace {

class Stopwatch {
public:
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(Clock::now() - start_).count();
    }

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now();
};

void check_choice(const char* code, const char* option, const std::string& value,
                  const std::vector<std::string>& choices, Diagnostics& found) {
    if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
    const std::string near = closest(value, choices);
    found.error(
        code, {},
        fmt::format("{} is '{}', must be one of {}", option, value, fmt::join(choices, ", ")),
        near.empty() ? std::string{} : fmt::format("did you mean '{}'?", near));
}

void check_options(const CompileOptions& options, Diagnostics& found) {
    check_choice("CLI-PARTITIONER", "--partitioner", options.partitioner,
                 {kPartitioners.begin(), kPartitioners.end()}, found);
    check_choice("CLI-PLACER", "--placer", options.placer, {kPlacers.begin(), kPlacers.end()},
                 found);
    if (!options.dump_after.empty()) {
        check_choice("CLI-PASS", "--dump-after", options.dump_after,
                     {"frontend", "lower", "partition", "place", "codegen"}, found);
    }
    found.throw_if_errors();
}

/// After each pass: the user's errors first, then our own faults, then the dump.
class PassEnd {
public:
    PassEnd(const CompileOptions& options, const Diagnostics& found)
        : options_{options}, found_{found} {}

    template <class Faults, class Print>
    void operator()(const char* pass, Faults&& faults, Print&& print) const {
        found_.throw_if_errors();
        const std::vector<std::string> list = faults();
        SM_ASSERT(list.empty(), fmt::format("after {}: {}", pass, fmt::join(list, "; ")));
        if (options_.dump_after == pass && options_.dump) options_.dump(print());
    }

private:
    const CompileOptions& options_;
    const Diagnostics& found_;
};

/// Once is enough.
void warn_of_cache(const std::string& failure, Diagnostics& found) {
    const auto is_known = [](const Diagnostic& d) { return d.code == "CMP-CACHE"; };
    if (std::ranges::any_of(found.all(), is_known)) return;
    found.warning("CMP-CACHE", {"--cache", 0, 0}, failure,
                  "the network is compiled without it; name a folder that you may write to");
}

void note_cache(const SynapseCache& cache, CompileReport& report, Diagnostics& found) {
    report.cache_hits = cache.hits();
    report.cache_misses = cache.misses();
    if (cache.failure().empty()) return;
    warn_of_cache(cache.failure(), found);
}

std::vector<RuleCost> rule_costs(const isa::Image& image) {
    std::vector<RuleCost> costs;
    for (const isa::LearningRuleImage& rule : image.learning.rules) {
        const isa::LearnCost cost = isa::cost_of(isa::decode_learning(rule.words));
        costs.push_back({rule.name, static_cast<std::uint32_t>(rule.words.size()), cost.x0, cost.y0,
                         cost.u, 0});
    }
    for (const isa::PlasticImage& plastic : image.learning.projections) {
        costs[plastic.rule].synapses += image.projections[plastic.projection].synapses;
    }
    return costs;
}

/// Partition and placement, from the cache if this mapping was looked for before.
Partition find_mapping(const Lowered& lowered, const isa::ChipSpec& chip,
                       const CompileOptions& options, const PassEnd& end, CompileReport& report,
                       Diagnostics& found) {
    const Stopwatch partition_time;
    IdVector<NeuronId, std::uint32_t> rates;
    if (!options.profile.empty()) {
        rates.list() = read_profile(options.profile, "--profile", lowered.neuron_count());
    }
    const MappingCache cache{options.cache};
    const std::string key =
        options.cache.empty() ? std::string{}
                              : MappingCache::key_of(lowered, chip,
                                                     {options.partitioner, options.placer,
                                                      options.effort, options.mapping_seed, rates});
    const std::size_t warnings = found.all().size();
    Partition cut;
    std::optional<KnownMapping> known = cache.load(key, lowered);
    report.mapping_cached = known.has_value();
    if (known) {
        cut = {std::move(known->mapping), {}, std::move(known->how), known->is_random};
        cut.fills = count_fills(lowered, cut.mapping);
    } else {
        cut = partition(lowered, chip,
                        {options.partitioner, options.mapping_seed, options.effort, rates}, found);
    }
    report.partition_s = partition_time.seconds();
    const auto faults = [&] { return verify(cut.mapping, lowered, chip.cores()); };
    const auto listing = [&] { return print(cut.mapping, lowered); };
    end("partition", faults, listing);

    const Stopwatch place_time;
    if (!report.mapping_cached) {
        place(lowered, cut.mapping, chip, options.placer, options.mapping_seed, rates, found);
        found.throw_if_errors();
        avoid_faults(lowered, cut.fills, chip, options.partitioner != "greedy", cut.mapping, found);
        found.throw_if_errors();
        // A mapping with a warning is looked for again, so that the warning comes again.
        const bool is_clean = found.all().size() == warnings;
        if (is_clean && !cache.store(key, {cut.mapping, cut.how, cut.is_random})) {
            warn_of_cache(
                fmt::format("a mapping cannot be written to '{}'", options.cache.string()), found);
        }
    }
    report.place_s = place_time.seconds();
    end("place", faults, listing);
    return cut;
}

CompileResult run_passes(Network network, const isa::ChipSpec& chip, const CompileOptions& options,
                         Diagnostics& found, const Stopwatch& total) {
    CompileResult result;
    CompileReport& report = result.report;
    const PassEnd end{options, found};
    end(
        "frontend", [&] { return verify(network); }, [&] { return print(network); });

    std::optional<SynapseCache> cache;
    if (!options.cache.empty()) cache.emplace(options.cache);
    Lowered lowered = lower(std::move(network), chip, found, cache ? &*cache : nullptr);
    if (cache) note_cache(*cache, report, found);
    end(
        "lower", [&] { return verify(lowered); }, [&] { return print(lowered); });

    Partition cut = find_mapping(lowered, chip, options, end, report, found);
    const Mapping& mapping = cut.mapping;
    const Stopwatch count_time;
    Traffic traffic = count_traffic(lowered, mapping, chip);
    count_routed(lowered, mapping, chip, traffic);
    report.place_s += count_time.seconds();

    if (options.mapping_report) report.mapping = report_mapping(lowered, mapping, chip);
    report.neurons = lowered.neuron_count();
    report.synapses = lowered.synapse_count();
    report.cores = mapping.shards;
    report.partitioner = cut.how;
    report.is_random = cut.is_random;
    report.packets_per_step = traffic.packets;
    report.local_packets_per_step = traffic.local_packets;
    report.hops_per_step = traffic.hops;
    report.max_link_load = traffic.max_link;
    const StepTime step = expected_step_time(lowered, mapping, chip, traffic);
    report.step_time = step.total();
    report.core_time = step.core;
    report.link_time = step.link;
    report.barrier_time = step.barrier;
    report.losses = lowered.losses;
    for (const ShardId shard : cut.fills.ids()) {
        report.fills.push_back({cut.fills[shard], mapping.core_of[shard]});
    }
    std::sort(report.fills.begin(), report.fills.end(),
              [](const PlacedFill& a, const PlacedFill& b) { return a.core < b.core; });

    result.image = generate(std::move(lowered), mapping, chip);
    end(
        "codegen", [&] { return isa::check_image(result.image); },
        [&] { return print(result.image); });

    report.learning_rules = rule_costs(result.image);
    result.warnings = found.all();
    report.compile_s = total.seconds();
    return result;
}

}  // namespace

CompileResult compile_file(const std::filesystem::path& network, const isa::ChipSpec& chip,
                           const CompileOptions& options) {
    const Stopwatch total;
    Diagnostics found;
    check_options(options, found);
    Network described = read_network(network, options.settings, options.neuron_library, found);
    found.throw_if_errors();
    return run_passes(std::move(described), chip, options, found, total);
}

CompileResult compile(Network network, const isa::ChipSpec& chip, const CompileOptions& options) {
    const Stopwatch total;
    Diagnostics found;
    check_options(options, found);
    return run_passes(std::move(network), chip, options, found, total);
}

}  // namespace seamount::compiler
