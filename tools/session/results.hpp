#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "emulator/timing/critical_path.hpp"
#include "emulator/timing/run_totals.hpp"
#include "tools/session/run_plan.hpp"
#include "tools/session/state.hpp"
#include "tools/session/tally.hpp"

namespace seamount::session {

/// What came out of a run.
struct RunResult {
    RunPlan plan;                      ///< how it ran
    Tally run;                         ///< of all steps
    Tally samples;                     ///< of all finished samples
    std::uint32_t sample_count = 0;    ///< that were finished
    std::uint32_t correct = 0;         ///< of these
    std::uint32_t unanswered = 0;      ///< of these: no class had a score above 0
    std::vector<AnswerCount> answers;  ///< by label, then answer; those that occurred
    Clearness clearness;
    std::vector<std::uint32_t> silent_populations;  ///< of which no neuron spiked
    bool has_accuracy = false;                      ///< samples were scored and have labels
    std::uint64_t spike_hash = 0;  ///< fingerprint of all spikes, see spike_hash.hpp
    emu::CauseTimes time_parts{};  ///< of the modelled time, by cause; they add up to it
    emu::RunTotals totals;
    double run_s = 0.0;          ///< wall time of the steps
    std::optional<State> state;  ///< after the last step, if it was asked for
};

/// The answers to samples as a matrix: a row for each label that occurred, a column for each class
/// that was a label or an answer, both ascending.
struct Confusion {
    std::vector<std::int32_t> labels;
    std::vector<std::int32_t> classes;
    std::vector<std::vector<std::uint64_t>> counts;  ///< by label, then class: samples
    std::vector<std::uint64_t> unanswered;           ///< by label
};
[[nodiscard]] Confusion confusion_of(const std::vector<AnswerCount>& answers);

}  // namespace seamount::session
