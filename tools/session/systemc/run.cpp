#include "tools/session/systemc/run.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "emulator/chip/simulation.hpp"
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

}  // namespace

RunResult run(const Loaded& loaded, const RunPlan& plan, std::span<RunObserver* const> observers,
              Listener& listener, const RunHooks& hooks) {
    const emu::ProbeRecorder probes{loaded.image};  // throws if a probe names nothing
    RunSum sum{loaded.image};
    emu::RunParams params = run_params(plan, observers, sum);
    params.before_step = hooks.before_step;
    params.wave = hooks.wave;
    if (hooks.resume != nullptr) {
        params.resume = &hooks.resume->machine;
        params.before = hooks.resume->totals;
        sum.resume(hooks.resume->progress);
    }
    take_the_only_run(loaded);
    std::optional<emu::Simulation> simulation;
    {
        const Phase phase{listener, "building the chip"};
        try {
            simulation.emplace(loaded.image, loaded.chip, std::move(params));
        } catch (const std::invalid_argument& error) {
            bad_input("RUN-STATE", loaded.file.string(),
                      std::string{"the state does not fit the network: "} + error.what(),
                      "a state continues the network that it was saved of");
        }
    }
    RunResult result;
    result.plan = plan;
    const double started = tools::now_s();
    result.totals = simulation->run();
    for (RunObserver* const observer : observers) observer->finish(result.totals);
    result.run_s = tools::now_s() - started;
    sum.fill(result);
    if (hooks.keep_state) {
        result.state = State{loaded.image.network, populations_of(loaded.image),
                             simulation->machine().save(), sum.progress(), result.totals};
    }
    return result;
}

}  // namespace seamount::session
