#pragma once

#include <map>

#include "emulator/energy/ledger.hpp"
#include "emulator/timing/layout.hpp"
#include "tools/run/records/record.hpp"

namespace seamount::tools {

/// samples.csv: each sample of the dataset, with its scores if the network has a readout, and how
/// many steps it took if that may differ.
class SampleRecord final : public FileRecord {
public:
    SampleRecord(const RecordPlace& place, const RecordContext& context)
        : FileRecord{place},
          chip_{context.chip},
          has_steps_{context.image.dataset.ends_early()},
          powered_{emu::powered_parts(context.image, chip_)} {
        file.print("sample,label,predicted,correct{},input_spikes,spikes,synaptic_events",
                   has_steps_ ? ",steps" : "");
        if (chip_.priced()) file.write(",time_ns,energy_pj");
        const isa::ReadoutImage& readout = context.image.readout;
        if (readout.by != isa::ReadoutBy::kNone) {
            const std::uint32_t classes = emu::Readout{context.image}.ballot().classes();
            file.write(",margin,confidence");
            for (std::uint32_t i = 0; i < classes; ++i) file.print(",score_{}", i);
        }
        file.write("\n");
    }

    void on_sample(const emu::SampleScore& score, bool scored,
                   const session::Tally& tally) override {
        const std::string label = score.label ? std::to_string(*score.label) : "";
        file.print("{},{},{},{}", score.sample, label,
                   score.predicted ? std::to_string(*score.predicted) : "",
                   scored && score.label ? (score.correct() ? "1" : "0") : "");
        if (has_steps_) file.print(",{}", tally.steps);
        file.print(",{},{},{}", tally.input_spikes, tally.spikes, tally.synaptic_events);
        if (chip_.priced()) {
            const emu::EnergyReport energy = emu::price(tally.counts, tally.time, chip_, powered_);
            file.print(",{},{:.3f}", nanoseconds(tally.time.count()), energy.total().count());
        }
        if (scored && score.runner_up) {
            file.print(",{},{:.4f}", score.margin(), score.confidence());
        } else if (scored) {
            file.write(",,");
        }
        for (const std::int64_t value : score.scores) file.print(",{}", value);
        file.write("\n");
    }

private:
    const isa::ChipSpec& chip_;
    bool has_steps_;  ///< samples may end early
    emu::PoweredParts powered_;
};

/// confusion.csv: for each label, how often each class was the answer to its samples.
class ConfusionRecord final : public FileRecord {
public:
    ConfusionRecord(const RecordPlace& place, const RecordContext& context)
        : FileRecord{place}, classes_{emu::Readout{context.image}.ballot().classes()} {
        file.write("label,samples,correct,unanswered");
        for (std::uint32_t i = 0; i < classes_; ++i) file.print(",predicted_{}", i);
        file.write("\n");
    }

    /// Whether a run has answers and knows the right ones.
    [[nodiscard]] static bool is_needed(const RecordContext& context) {
        return context.image.dataset.samples != 0 && !context.image.dataset.labels.empty() &&
               context.image.readout.by != isa::ReadoutBy::kNone;
    }

    void on_sample(const emu::SampleScore& score, bool scored,
                   const session::Tally& /*tally*/) override {
        if (!scored || !score.label) return;
        Row& row = rows_[*score.label];
        row.answers.resize(classes_);
        ++row.samples;
        if (score.correct()) ++row.correct;
        if (score.predicted) {
            ++row.answers.at(*score.predicted);
        } else {
            ++row.unanswered;
        }
    }

    void finish(const emu::RunTotals& /*totals*/) override {
        for (const auto& [label, row] : rows_) {
            file.print("{},{},{},{}", label, row.samples, row.correct, row.unanswered);
            for (const std::uint32_t answers : row.answers) file.print(",{}", answers);
            file.write("\n");
        }
    }

private:
    struct Row {
        std::uint32_t samples = 0;
        std::uint32_t correct = 0;
        std::uint32_t unanswered = 0;
        std::vector<std::uint32_t> answers;  ///< by class
    };
    std::uint32_t classes_;
    std::map<std::int32_t, Row> rows_;  ///< by label
};

}  // namespace seamount::tools
