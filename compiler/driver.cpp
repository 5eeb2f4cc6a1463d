#include "compiler/driver.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "compiler/cache/synapse_cache.hpp"
#include "compiler/codegen/codegen.hpp"
#include "compiler/frontend/frontend.hpp"
#include "compiler/frontend/profile.hpp"
#include "compiler/ir/lowered.hpp"
#include "compiler/lower/lower.hpp"
#include "compiler/mapping_report.hpp"
#include "compiler/partition/partition.hpp"
#include "compiler/place/fault_avoidance.hpp"
#include "compiler/place/place.hpp"
#include "isa/assert.hpp"

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
    check_choice("CLI-PLACER", "--placer", options.placer,
                 {"auto", "row_major", "hilbert", "anneal"}, found);
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

void note_cache(const SynapseCache& cache, CompileReport& report, Diagnostics& found) {
    report.cache_hits = cache.hits();
    report.cache_misses = cache.misses();
    if (cache.failure().empty()) return;
    found.warning("CMP-CACHE", {"--cache", 0, 0}, cache.failure(),
                  "the network is compiled without it; name a folder that you may write to");
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

    const Stopwatch partition_time;
    std::vector<std::uint32_t> rates;
    if (!options.profile.empty()) {
        rates = read_profile(options.profile, "--profile", lowered.neuron_count());
    }
    Partition cut = partition(
        lowered, chip, {options.partitioner, options.mapping_seed, options.effort, rates}, found);
    Mapping& mapping = cut.mapping;
    report.partition_s = partition_time.seconds();
    end(
        "partition", [&] { return verify(mapping, lowered, chip.cores()); },
        [&] { return print(mapping, lowered); });

    const Stopwatch place_time;
    place(lowered, mapping, chip, options.placer, options.mapping_seed, rates);
    avoid_faults(lowered, cut.fills, chip, options.partitioner != "greedy", mapping, found);
    found.throw_if_errors();
    Traffic traffic = count_traffic(lowered, mapping, chip);
    count_routed(lowered, mapping, chip, traffic);
    report.place_s = place_time.seconds();
    end(
        "place", [&] { return verify(mapping, lowered, chip.cores()); },
        [&] { return print(mapping, lowered); });

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
    report.losses = lowered.losses;
    report.fills = std::move(cut.fills);
    for (CoreFill& fill : report.fills) fill.core = mapping.core_of[fill.core];
    std::sort(report.fills.begin(), report.fills.end(),
              [](const CoreFill& a, const CoreFill& b) { return a.core < b.core; });

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
