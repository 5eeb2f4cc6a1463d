#pragma once

#include <cstdint>
#include <vector>

#include "emulator/chip/simulation.hpp"
#include "emulator/trace/probes.hpp"
#include "emulator/trace/readout.hpp"
#include "emulator/trace/spike_hash.hpp"
#include "isa/image/image.hpp"
#include "tools/run/explain.hpp"
#include "tools/run/run_files.hpp"
#include "tools/session/tally.hpp"

namespace seamount::tools {

/// Watches a run: sums it up, scores samples and, if `files` is given, writes every step.
class RunRecorder {
public:
    /// All arguments must outlive the recorder; `files` may be null.
    RunRecorder(const isa::Image& image, RunFiles* files);

    void on_step(const emu::StepReport& report);
    /// Writes what is known only at the end of the run to `files`.
    void finish(const emu::RunTotals& totals);

    [[nodiscard]] const session::Tally& run() const noexcept { return run_; }
    [[nodiscard]] const session::Tally& samples() const noexcept { return samples_; }
    [[nodiscard]] std::uint32_t sample_count() const noexcept { return sample_count_; }
    [[nodiscard]] std::uint32_t correct() const noexcept { return correct_; }
    [[nodiscard]] bool has_accuracy() const noexcept {
        return readout_.enabled() && !image_.dataset.labels.empty() && sample_count_ != 0;
    }
    [[nodiscard]] std::uint64_t spike_hash() const noexcept { return hash_.value(); }
    [[nodiscard]] const TimeExplainer& explainer() const noexcept { return explainer_; }
    [[nodiscard]] std::uint64_t failed_views() const noexcept { return probes_.failures(); }

private:
    void visit_cores(const emu::StepActivity& activity);
    void visit_spikes(const emu::CoreActivity& activity, const isa::CoreImage& core);
    void end_sample(const emu::StateReader& read);

    const isa::Image& image_;
    RunFiles* files_;
    emu::ProbeRecorder probes_;
    emu::Readout readout_;
    emu::SpikeHash hash_;
    TimeExplainer explainer_;
    session::Tally run_;
    session::Tally sample_;   ///< of the current sample
    session::Tally samples_;  ///< of all finished samples
    std::uint32_t sample_count_ = 0;
    std::uint32_t correct_ = 0;
    std::vector<CoreTotals> cores_;
    std::vector<NeuronSpike> spikes_;  ///< of the current step, if there are files
};

}  // namespace seamount::tools
