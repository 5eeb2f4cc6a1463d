#include "tools/run/answer.hpp"

#include "tools/base/clock.hpp"
#include "tools/run/run_summary.hpp"
#include "tools/session/optimise/optimise.hpp"
#include "tools/session/systemc/run.hpp"

namespace seamount::tools {
namespace {

/// What a run of one step, or one sample, has values for. The values say nothing.
session::RunResult unrun(const session::Loaded& loaded, const session::RunPlan& plan) {
    session::RunResult result;
    result.plan = plan;
    result.run.steps = 1;
    result.run_s = 1.0;
    const bool has_dataset = loaded.image.dataset.samples != 0;
    result.sample_count = has_dataset ? 1 : 0;
    result.has_accuracy = has_dataset && loaded.image.readout.by != isa::ReadoutBy::kNone &&
                          !loaded.image.dataset.labels.empty();
    if (loaded.image.readout.by != isa::ReadoutBy::kNone) result.clearness.samples = 1;
    return result;
}

}  // namespace

RunAnswer answer(const session::RunRequest& request, session::Listener& listener) {
    const double started = now_s();
    const session::Loaded loaded =
        request.dry ? session::open(request, listener) : session::open_best(request, listener);
    const session::RunPlan plan = session::plan_run(loaded, request.run);
    const session::ImageStats stats = session::measure(loaded.image);
    PopulationEnergies energies{loaded.image, loaded.chip};
    const std::vector<session::RunObserver*> observers{&energies};
    const session::RunResult result =
        request.dry ? unrun(loaded, plan) : session::run(loaded, plan, observers, listener);
    RunOutcome outcome{loaded, stats, result, now_s() - started - loaded.compile_s - result.run_s};
    outcome.by_population = &energies;
    return {run_summary_json(outcome), loaded.files};
}

}  // namespace seamount::tools
