#include "tools/session/systemc/run.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "emulator/chip/simulation.hpp"
#include "emulator/timing/step_loop.hpp"
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

[[noreturn]] void bad_state(const Loaded& loaded, const std::invalid_argument& error) {
    bad_input("RUN-STATE", loaded.file.string(),
              std::string{"the state does not fit the network: "} + error.what(),
              "a state continues the network that it was saved of");
}

/// Runs `chip`, an emu::Simulation or emu::StepLoop that was built for the run, by `play`.
template <class Chip, class Play>
RunResult play_out(const Loaded& loaded, const RunPlan& plan,
                   std::span<RunObserver* const> observers, const RunSum& sum, bool keep_state,
                   Chip& chip, const Play& play) {
    RunResult result;
    result.plan = plan;
    const double started = tools::now_s();
    result.totals = play();
    for (RunObserver* const observer : observers) observer->finish(result.totals);
    result.run_s = tools::now_s() - started;
    result.plan.steps = std::as_const(chip).machine().steps_done() - plan.first_step;
    sum.fill(result);
    if (keep_state) {
        result.state = State{loaded.image.network, populations_of(loaded.image),
                             std::as_const(chip).machine().save(), sum.progress(), result.totals};
    }
    return result;
}

}  // namespace

RunResult run(const Loaded& loaded, const RunPlan& plan, std::span<RunObserver* const> observers,
              Listener& listener, const RunHooks& hooks) {
    const emu::ProbeRecorder probes{loaded.image};  // throws if a probe names nothing
    RunSum sum{loaded.image};
    emu::RunParams params = run_params(plan, observers, sum);
    params.before_step = hooks.before_step;
    params.on_computed = hooks.on_computed;
    params.wave = hooks.wave;
    if (hooks.team != nullptr) hooks.team->join(params.machine);
    if (hooks.resume != nullptr) {
        params.resume = &hooks.resume->machine;
        params.before = hooks.resume->totals;
        sum.resume(hooks.resume->progress);
    }
    // SystemC runs its processes one after another: with threads the plain loop plays the steps.
    const bool by_systemc = !plan.untimed && (plan.threads == 1 || !params.wave.file.empty());
    if (!plan.untimed) take_the_only_run(loaded);
    std::optional<emu::Simulation> simulation;
    std::optional<emu::StepLoop> loop;
    {
        const Phase phase{listener, "building the chip"};
        try {
            if (by_systemc) {
                simulation.emplace(loaded.image, loaded.chip, std::move(params));
            } else {
                loop.emplace(loaded.image, loaded.chip, std::move(params));
            }
        } catch (const std::invalid_argument& error) {
            bad_state(loaded, error);
        }
    }
    if (by_systemc) {
        return play_out(loaded, plan, observers, sum, hooks.keep_state, *simulation,
                        [&] { return simulation->run(); });
    }
    return play_out(loaded, plan, observers, sum, hooks.keep_state, *loop, [&] {
        while (loop->step()) {
        }
        return loop->totals();
    });
}

}  // namespace seamount::session
