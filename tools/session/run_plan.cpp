#include "tools/session/run_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <thread>

namespace seamount::session {
namespace {

std::uint64_t steps_without_dataset(const RunSettings& settings, const std::string& file) {
    if (settings.samples) {
        bad_input("CLI-SAMPLES", file, "--samples needs a dataset, which the network has not",
                  "give --steps N");
    }
    if (!settings.steps) {
        bad_input("CLI-STEPS", file, "the network has no dataset that says how long to run",
                  "give --steps N");
    }
    return *settings.steps;
}

/// The steps from `first` of the dataset on.
std::uint64_t steps_of(const RunSettings& settings, const isa::DatasetImage& dataset,
                       const std::string& file, std::uint64_t first) {
    if (dataset.samples == 0) return steps_without_dataset(settings, file);
    const std::uint64_t whole = std::uint64_t{dataset.samples} * dataset.steps_per_sample;
    if (first >= whole) {
        bad_input("CLI-STEPS", file,
                  fmt::format("the state is after step {}, the dataset ends after {} steps", first,
                              whole),
                  "there is nothing left to run");
    }
    const std::uint64_t all = whole - first;
    if (settings.samples) {
        if (*settings.samples > dataset.samples) {
            bad_input("CLI-SAMPLES", file,
                      fmt::format("--samples is {}, must be in [1, {}]", *settings.samples,
                                  dataset.samples),
                      "without --samples the whole dataset runs");
        }
        return std::min(all, std::uint64_t{*settings.samples} * dataset.steps_per_sample);
    }
    const std::uint64_t steps = settings.steps.value_or(all);
    if (steps > all) {
        bad_input("CLI-STEPS", file,
                  fmt::format("--steps is {}, the dataset ends after {} steps ({} samples of {})",
                              steps, all, dataset.samples, dataset.steps_per_sample),
                  "without --steps the whole dataset runs");
    }
    return steps;
}

/// Where the dataset ends for a run of `steps` at most, the first of which is `first` of it.
std::uint64_t dataset_end(const RunSettings& settings, const isa::DatasetImage& dataset,
                          std::uint64_t first, std::uint64_t steps) {
    if (dataset.samples == 0) return std::numeric_limits<std::uint64_t>::max();
    if (!settings.steps) return first + steps;
    return std::uint64_t{dataset.samples} * dataset.steps_per_sample;
}

}  // namespace

std::uint32_t threads_for(std::uint32_t wanted, const isa::Image& image) {
    if (wanted != kAutoThreads) return wanted;
    constexpr std::uint64_t kShare = 65536;
    constexpr std::uint64_t kWordsPerCompartment = 64;
    std::uint64_t work = 0;
    for (const isa::CoreImage& core : image.cores) {
        work += core.neurons.size() + core.synapses.size() / kWordsPerCompartment;
    }
    const std::uint64_t processors = std::max(1U, std::thread::hardware_concurrency());
    return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
        work / kShare, 1, std::min<std::uint64_t>(processors, kMostThreads)));
}

RunPlan plan_run(const Loaded& loaded, const RunSettings& settings) {
    RunPlan plan{.steps = steps_of(settings, loaded.image.dataset, loaded.file.string(), 0),
                 .mesh = settings.mesh,
                 .threads = threads_for(settings.threads, loaded.image),
                 .seed = settings.seed.value_or(loaded.image.seed),
                 .learning = settings.learning};
    plan.untimed = settings.untimed;
    plan.dataset_end = dataset_end(settings, loaded.image.dataset, 0, plan.steps);
    return plan;
}

RunPlan plan_run(const Loaded& loaded, const RunSettings& settings, const State& state) {
    const std::uint64_t first = state.machine.step + state.machine.skipped;
    if (settings.seed && *settings.seed != state.machine.seed) {
        bad_input("RUN-STATE", loaded.file.string(),
                  fmt::format("--seed is {}, the state is of a run with seed {}", *settings.seed,
                              state.machine.seed),
                  "a run continues with its own seed; leave --seed out");
    }
    if (!settings.untimed) check_timed(state, loaded.file.string());
    RunPlan plan{.steps = steps_of(settings, loaded.image.dataset, loaded.file.string(), first),
                 .mesh = settings.mesh,
                 .threads = threads_for(settings.threads, loaded.image),
                 .seed = state.machine.seed,
                 .learning = settings.learning};
    plan.first_step = state.machine.step;
    plan.dataset_end = dataset_end(settings, loaded.image.dataset, first, plan.steps);
    plan.untimed = settings.untimed;
    return plan;
}

}  // namespace seamount::session
