#include "tools/session/optimise/optimise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "isa/base/assert.hpp"
#include "isa/base/diagnostic.hpp"
#include "tools/base/clock.hpp"
#include "tools/session/optimise/candidates.hpp"
#include "tools/session/optimise/trial.hpp"
#include "tools/session/settings.hpp"

namespace seamount::session {
namespace {

using compiler::MeasuredMapping;
using compiler::Objective;

/// Opens what is to be mapped, with a mapping by these settings.
using Opener = std::function<Loaded(const CompileSettings&, Listener&)>;

/// Keeps warnings for the case that the mapping is the one to keep.
class Warnings final : public Listener {
public:
    void warning(const Diagnostic& warning) override { list_.push_back(warning); }
    [[nodiscard]] std::vector<Diagnostic> take() { return std::move(list_); }

private:
    std::vector<Diagnostic> list_;
};

double value_of(const MeasuredMapping& mapping, Objective objective) {
    switch (objective) {
        case Objective::kTime:
            return mapping.step_time_s;
        case Objective::kEnergy:
            return mapping.step_energy_j;
        case Objective::kCores:
            return mapping.cores;
        case Objective::kPackets:
            return mapping.packets_per_step;
    }
    SM_ASSERT(false, "an objective without a value");
    return 0.0;
}

/// A search for the best mapping.
class Search {
public:
    Search(const CompileSettings& given, const RunSettings& run, Opener open, Listener& listener)
        : given_{given},
          run_{run},
          open_{std::move(open)},
          listener_{listener},
          most_{given.candidates.value_or(kCandidates)},
          ends_{given.budget.empty() ? std::numeric_limits<double>::infinity()
                                     : tools::now_s() + seconds_of(given.budget, "--budget")} {
        given_.dump = {};
        result_.objective = *given.optimise;
        result_.steps = std::min(run.steps.value_or(kTrialSteps), kTrialSteps);
        result_.from_step = std::min(kTrialWarmUp, result_.steps / 4);
    }

    Loaded run() {
        if (!consider({"as given", given_})) throw InputError{refused_};
        require_prices();
        given_.activity = activity_;
        all(first_candidates(given_, result_.objective, best_->chip, best_->report->cores));
        best_candidate_.settings.activity = activity_;
        if (result_.kept == 0) best_candidate_.how.clear();
        const std::size_t left = most_ - std::min<std::size_t>(most_, result_.measured.size());
        all(further_candidates(given_, Candidate{best_candidate_}, best_->chip, left));
        for (const Diagnostic& one : warnings_) listener_.warning(one);
        best_->report->optimisation = std::move(result_);
        return std::move(*best_);
    }

private:
    void require_prices() const {
        const bool needs =
            result_.objective == Objective::kTime || result_.objective == Objective::kEnergy;
        if (!needs || best_->chip.priced()) return;
        bad_input(
            "CLI-OPTIMISE", "--optimise",
            fmt::format("chip '{}' has no prices, so that no mapping takes more {} than "
                        "another",
                        best_->chip.name, name_of(compiler::kObjectiveNames, result_.objective)),
            "give the chip prices, or optimise cores or packets");
    }

    void all(const std::vector<Candidate>& candidates) {
        for (const Candidate& candidate : candidates) {
            if (result_.measured.size() >= most_) return;
            result_.budget_over = result_.budget_over || tools::now_s() > ends_;
            if (result_.budget_over) return;
            const auto is_same = [&candidate](const MeasuredMapping& one) {
                return one.how == candidate.how;
            };
            if (std::ranges::none_of(result_.measured, is_same)) consider(candidate);
        }
    }

    /// Measures a mapping and keeps it if it is the best so far. False if there is none.
    bool consider(const Candidate& candidate) {
        const Phase phase{
            listener_,
            fmt::format("mapping {} of {}: {}", result_.measured.size() + 1, most_, candidate.how)};
        Warnings warnings;
        std::shared_ptr<Loaded> loaded;
        Trial trial;
        try {
            loaded = std::make_shared<Loaded>(open_(candidate.settings, warnings));
            trial = try_mapping(loaded, run_, result_.steps, result_.from_step);
        } catch (const InputError& error) {
            refused_ = error.diagnostics();
            result_.measured.push_back({.how = candidate.how});
            return false;
        }
        trial.measured.how = candidate.how;
        result_.measured.push_back(trial.measured);
        if (!best_) {
            spike_hash_ = trial.spike_hash;
            activity_ = std::move(trial.activity);
        }
        SM_ASSERT(trial.spike_hash == spike_hash_,
                  "a mapping changed the spikes: " + candidate.how);
        if (best_ && !is_better(trial.measured)) return true;
        result_.kept = result_.measured.size() - 1;
        best_ = std::move(loaded);
        best_candidate_ = candidate;
        warnings_ = warnings.take();
        return true;
    }

    /// Fewer cores and less time decide between equals.
    [[nodiscard]] bool is_better(const MeasuredMapping& mapping) const {
        const auto key = [this](const MeasuredMapping& one) {
            return std::tuple{value_of(one, result_.objective), one.cores, one.step_time_s};
        };
        return key(mapping) < key(result_.measured[result_.kept]);
    }

    CompileSettings given_;
    RunSettings run_;
    Opener open_;
    Listener& listener_;
    std::size_t most_;
    double ends_;  ///< when the budget is over
    compiler::Optimisation result_;
    std::vector<Diagnostic> refused_;  ///< of the last mapping that failed
    std::shared_ptr<Loaded> best_;
    Candidate best_candidate_;
    std::vector<Diagnostic> warnings_;  ///< of the best mapping
    compiler::Activity activity_;
    std::uint64_t spike_hash_ = 0;
};

/// What says how to search, without anything to search for.
void reject_idle_options(const CompileSettings& settings) {
    Diagnostics found;
    const auto reject = [&found](bool given, const char* option) {
        if (!given) return;
        found.error("CLI-USAGE", {option, 0, 0}, "says nothing without --optimise",
                    "say what to look for: --optimise time");
    };
    reject(settings.candidates.has_value(), "--candidates");
    reject(!settings.budget.empty(), "--budget");
    found.throw_if_errors();
}

Loaded best_of(const CompileSettings& settings, const RunSettings& run, const Opener& open,
               Listener& listener) {
    if (settings.optimise) return Search{settings, run, open, listener}.run();
    reject_idle_options(settings);
    return open(settings, listener);
}

}  // namespace

Loaded open_best(const RunRequest& request, Listener& listener) {
    const Opener opener = [&request](const CompileSettings& settings, Listener& hears) {
        RunRequest now = request;
        now.mapping = settings;
        return open(now, hears);
    };
    return best_of(request.mapping, request.run, opener, listener);
}

Loaded open_best(const std::filesystem::path& path, const CompileSettings& settings,
                 Listener& listener) {
    const Opener opener = [&path](const CompileSettings& now, Listener& hears) {
        return open_network(path, now, hears);
    };
    return best_of(settings, {}, opener, listener);
}

}  // namespace seamount::session
