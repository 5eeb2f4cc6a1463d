#include "compiler/driver/driver.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <utility>

#include "compiler/cache/mapping_cache.hpp"
#include "compiler/cache/synapse_cache.hpp"
#include "compiler/codegen/codegen.hpp"
#include "compiler/driver/mapping_passes.hpp"
#include "compiler/frontend/frontend.hpp"
#include "compiler/frontend/profile.hpp"
#include "compiler/lower/lower.hpp"
#include "compiler/lower/synapse_generator.hpp"
#include "compiler/place/traffic/traffic.hpp"
#include "compiler/report/compile_report.hpp"
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

/// After each pass: the user's errors first, then our own faults, then the dump.
class PassEnd {
public:
    PassEnd(const CompileOptions& options, const Diagnostics& found)
        : options_{options}, found_{found} {}

    template <class Faults, class Print>
    void operator()(Pass pass, Faults&& faults, Print&& print) const {
        found_.throw_if_errors();
        const std::vector<std::string> list = faults();
        SM_ASSERT(list.empty(),
                  fmt::format("after {}: {}", name_of(kPassNames, pass), fmt::join(list, "; ")));
        if (options_.dump_after == pass && options_.dump) options_.dump(print());
    }

private:
    const CompileOptions& options_;
    const Diagnostics& found_;
};

MappingMethod method_of(const CompileOptions& options, const Lowered& lowered,
                        const isa::ChipSpec& chip) {
    MappingMethod method{
        options.partitioner, options.placer, options.effort, options.mapping_seed, {}, {}, {},
        options.spread};
    if (options.progress) {
        method.progress = [&options](const std::string& what) {
            options.progress("mapping by " + what);
        };
    }
    if (!options.profile.empty()) {
        method.rates.list() = read_profile(options.profile, "--profile", lowered.neuron_count());
    }
    if (options.spread != 0) method.cap = work_cap(lowered, chip, options.activity, options.spread);
    return method;
}

/// The passes after the frontend. A cache stands in front of the pass that it saves.
CompileResult run_passes(Network network, const isa::ChipSpec& chip, const CompileOptions& options,
                         Diagnostics& found, const Stopwatch& total) {
    const PassEnd end{options, found};
    const bool has_cache = !options.cache.empty();
    PassOutcome outcome;

    CompileResult result;
    result.files_read = network.files_read;

    // 1. Frontend: the caller has read the file.
    end(
        Pass::kFrontend, [&] { return verify(network); }, [&] { return print(network); });

    const auto tell = [&options](const char* what) {
        if (options.progress) options.progress(what);
    };

    // 2. Lower.
    tell("generating synapses");
    SynapseGenerator generator;
    std::optional<SynapseCache> synapse_cache;
    if (has_cache) synapse_cache.emplace(options.cache, generator);
    SynapseSource& source = synapse_cache ? static_cast<SynapseSource&>(*synapse_cache) : generator;
    Lowered lowered = lower(std::move(network), chip, source, found);
    if (synapse_cache) {
        synapse_cache->report_failure(found);
        outcome.cache_hits = synapse_cache->hits();
        outcome.cache_misses = synapse_cache->misses();
    }
    end(
        Pass::kLower, [&] { return verify(lowered); }, [&] { return print(lowered); });

    // 3. Partition.
    const Stopwatch partition_time;
    const MappingMethod method = method_of(options, lowered, chip);
    MappingPasses passes{chip, method};
    MappingCache mapping_cache{options.cache, chip, method, passes};
    Mapper& mapper = has_cache ? static_cast<Mapper&>(mapping_cache) : passes;
    Partition cut = mapper.partition(lowered, found);
    outcome.mapping_cached = mapping_cache.hit();
    outcome.partition_s = partition_time.seconds();
    const auto faults = [&] { return verify(cut.mapping, lowered, chip.cores()); };
    const auto listing = [&] { return print(cut.mapping, lowered); };
    end(Pass::kPartition, faults, listing);

    // 4. Place.
    tell("placing cores");
    const Stopwatch place_time;
    mapper.place(lowered, cut, found);
    outcome.place_s = place_time.seconds();
    end(Pass::kPlace, faults, listing);
    const Stopwatch traffic_time;
    outcome.traffic = routed_traffic(lowered, cut.mapping, chip);
    outcome.place_s += traffic_time.seconds();

    // 5. Codegen, which consumes what the report is about.
    tell("writing the image");
    result.report = report_of(lowered, cut, chip, outcome, options.mapping_report);
    result.image = generate(std::move(lowered), cut.mapping, chip);
    end(
        Pass::kCodegen, [&] { return isa::check_image(result.image); },
        [&] { return print(result.image); });

    result.warnings = found.all();
    result.report.compile_s = total.seconds();
    return result;
}

}  // namespace

CompileResult compile_file(const std::filesystem::path& network, const isa::ChipSpec& chip,
                           const CompileOptions& options) {
    const Stopwatch total;
    Diagnostics found;
    Network described = read_network(network, options.settings, options.neuron_library, found,
                                     options.max_input.value_or(frontend::kMaxInput));
    found.throw_if_errors();
    return run_passes(std::move(described), chip, options, found, total);
}

CompileResult compile(Network network, const isa::ChipSpec& chip, const CompileOptions& options) {
    const Stopwatch total;
    Diagnostics found;
    return run_passes(std::move(network), chip, options, found, total);
}

}  // namespace seamount::compiler
