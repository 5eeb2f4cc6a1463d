#include "tools/session/run.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

#include "emulator/trace/probes.hpp"
#include "tools/base/clock.hpp"
#include "tools/session/run_sum.hpp"

namespace seamount::session {
namespace {

/// SystemC keeps the one chip of a process in globals of its own.
void take_the_only_run(const Loaded& loaded) {
    static std::atomic_flag taken = ATOMIC_FLAG_INIT;
    if (!taken.test_and_set()) return;
    bad_input("RUN-AGAIN", loaded.file.string(),
              "this process has run a chip already, SystemC cannot build a second one in it",
              "start a process of its own for each run");
}

emu::Simulation::Params params_of(const RunPlan& plan, std::span<RunObserver* const> observers,
                                  RunSum& sum) {
    emu::Simulation::Params params;
    params.steps = plan.steps;
    params.mesh = plan.mesh;
    params.machine.threads = plan.threads;
    params.machine.seed = plan.seed;
    params.machine.learning = plan.learning;
    params.observe_queues =
        std::ranges::any_of(observers, [](const RunObserver* o) { return o->watches_queues(); });
    params.on_step = [&sum, observers](const emu::StepReport& report) {
        sum.step(report, observers);
    };
    if (std::ranges::any_of(observers, [](const RunObserver* o) { return o->watches_packets(); })) {
        params.on_packets = [observers](Picoseconds started,
                                        std::span<const emu::MeshPacket> packets) {
            for (RunObserver* const observer : observers) observer->on_packets(started, packets);
        };
    }
    return params;
}

}  // namespace

RunResult run(const Loaded& loaded, const RunPlan& plan, std::span<RunObserver* const> observers,
              Listener& listener) {
    const emu::ProbeRecorder probes{loaded.image};  // throws if a probe names nothing
    RunSum sum{loaded.image};
    take_the_only_run(loaded);
    std::optional<emu::Simulation> simulation;
    {
        const Phase phase{listener, "building the chip"};
        simulation.emplace(loaded.image, loaded.chip, params_of(plan, observers, sum));
    }
    RunResult result;
    result.plan = plan;
    const double started = tools::now_s();
    result.totals = simulation->run();
    for (RunObserver* const observer : observers) observer->finish(result.totals);
    result.run_s = tools::now_s() - started;
    sum.fill(result);
    return result;
}

}  // namespace seamount::session
