#pragma once

#include <span>

#include "tools/session/listener.hpp"
#include "tools/session/observer.hpp"
#include "tools/session/open.hpp"
#include "tools/session/results.hpp"
#include "tools/session/run_plan.hpp"

namespace seamount::session {

/// Runs an image on its chip from the first step to the last:
///
///     session::Listener silent;
///     const session::Loaded loaded = session::open("net.yaml", {}, silent);
///     const session::RunPlan plan = session::plan_run(loaded, {.steps = 100});
///     const session::RunResult result = session::run(loaded, plan, {}, silent);
///
/// Once in a process: SystemC, which plays out the time, cannot build a second chip in it. Throws
/// InputError (RUN-AGAIN) if an earlier call has begun to build one, whatever became of it.
[[nodiscard]] RunResult run(const Loaded& loaded, const RunPlan& plan,
                            std::span<RunObserver* const> observers, Listener& listener);

}  // namespace seamount::session
