#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "emulator/timing/run_params.hpp"
#include "emulator/timing/step_report.hpp"
#include "emulator/trace/readout.hpp"
#include "emulator/trace/spike_hash.hpp"
#include "isa/base/ids.hpp"
#include "isa/image/image.hpp"
#include "tools/session/observer.hpp"
#include "tools/session/results.hpp"

namespace seamount::session {

/// Sums up a run step by step and scores its samples: all of its state beside the machine's.
class RunSum {
public:
    /// `image` must outlive it.
    explicit RunSum(const isa::Image& image);

    /// Takes a step in and passes it on to the observers.
    void step(const emu::StepReport& report, std::span<RunObserver* const> observers);
    /// Puts what is known so far into `result`.
    void fill(RunResult& result) const;

    [[nodiscard]] RunProgress progress() const;
    /// Goes on from there: the progress of a run of the same network.
    void resume(const RunProgress& progress);

private:
    void visit_spikes(const emu::CoreActivity& activity, std::size_t core);
    void note(const emu::SampleScore& score);
    [[nodiscard]] std::vector<AnswerCount> answers() const;
    void end_sample(const emu::StateReader& read, std::span<RunObserver* const> observers);

    const isa::Image& image_;
    emu::Readout readout_;
    emu::SpikeHash hash_;
    emu::CauseTimes parts_{};
    Tally run_;
    Tally sample_;   ///< of the current sample
    Tally samples_;  ///< of all finished samples
    std::uint32_t sample_count_ = 0;
    std::uint32_t correct_ = 0;
    std::uint32_t unanswered_ = 0;
    std::map<std::pair<std::int32_t, std::int32_t>, std::uint64_t> answers_;  ///< by label, answer
    Clearness clearness_;
    std::vector<bool> has_spiked_;                   ///< by neuron
    std::vector<std::optional<NeuronId>> in_a_row_;  ///< by core: its first neuron, if the others
                                                     ///< follow it one by one
};

/// Whether the program of a population has an instruction that spikes.
[[nodiscard]] bool can_spike(const isa::Image& image, std::uint32_t population);

/// What the emulator is asked for by a plan: every step goes to `sum`, and with the packets to
/// `observers`. All of them outlive the run.
[[nodiscard]] emu::RunParams run_params(const RunPlan& plan,
                                        std::span<RunObserver* const> observers, RunSum& sum);

}  // namespace seamount::session
