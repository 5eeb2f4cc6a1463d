#pragma once

#include <functional>
#include <span>

#include "emulator/machine/machine.hpp"
#include "emulator/timing/run_params.hpp"
#include "tools/session/listener.hpp"
#include "tools/session/observer.hpp"
#include "tools/session/open.hpp"
#include "tools/session/ranks/team.hpp"
#include "tools/session/results.hpp"
#include "tools/session/run_plan.hpp"
#include "tools/session/state.hpp"

namespace seamount::session {

/// What else a run may be asked for.
struct RunHooks {
    const State* resume = nullptr;                        ///< continue from here; see check_state
    bool keep_state = false;                              ///< fill RunResult::state
    std::function<void(emu::Machine&)> before_step = {};  ///< the host's turn, before each step
    /// RunParams::on_computed: what a step did is known, its time not yet.
    std::function<void(const emu::Machine&, const emu::StepActivity&, bool last)> on_computed = {};
    emu::WaveParams wave = {};   ///< signals to trace
    const Team* team = nullptr;  ///< the other ranks that share the run; it has begun
};

/// Runs an image on its chip from the first step to the last:
///
///     session::Listener silent;
///     const session::Loaded loaded = session::open("net.yaml", {}, silent);
///     const session::RunPlan plan = session::plan_run(loaded, {.steps = 100});
///     const session::RunResult result = session::run(loaded, plan, {}, silent);
///
/// Once in a process (tools/session/drive runs without SystemC, as often as one likes): SystemC,
/// which plays out the time, cannot build a second chip in it. Throws InputError (RUN-AGAIN) if an
/// earlier call has begun to build one, whatever became of it. A plan that is untimed runs without
/// SystemC (emu::StepLoop), and as often as one likes.
[[nodiscard]] RunResult run(const Loaded& loaded, const RunPlan& plan,
                            std::span<RunObserver* const> observers, Listener& listener,
                            const RunHooks& hooks = {});

}  // namespace seamount::session
