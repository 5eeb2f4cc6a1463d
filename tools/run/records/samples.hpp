#pragma once

#include "emulator/energy/ledger.hpp"
#include "emulator/timing/layout.hpp"
#include "tools/run/records/record.hpp"

namespace seamount::tools {

/// samples.csv: each sample of the dataset, with its scores if the network has a readout.
class SampleRecord final : public FileRecord {
public:
    SampleRecord(const RecordPlace& place, const RecordContext& context)
        : FileRecord{place},
          chip_{context.chip},
          powered_{emu::powered_parts(context.image, chip_)} {
        file.write("sample,label,predicted,correct,input_spikes,spikes,synaptic_events");
        if (chip_.priced()) file.write(",time_ns,energy_pj");
        const isa::ReadoutImage& readout = context.image.readout;
        if (readout.by != isa::ReadoutBy::kNone) {
            const std::uint32_t classes = context.image.populations.at(readout.population).count;
            for (std::uint32_t i = 0; i < classes; ++i) file.print(",score_{}", i);
        }
        file.write("\n");
    }

    void on_sample(const emu::SampleScore& score, bool scored,
                   const session::Tally& tally) override {
        const std::string label = score.label ? std::to_string(*score.label) : "";
        file.print("{},{},{},{},{},{},{}", score.sample, label,
                   score.predicted ? std::to_string(*score.predicted) : "",
                   scored && score.label ? (score.correct() ? "1" : "0") : "", tally.input_spikes,
                   tally.spikes, tally.synaptic_events);
        if (chip_.priced()) {
            const emu::EnergyReport energy = emu::price(tally.counts, tally.time, chip_, powered_);
            file.print(",{},{:.3f}", nanoseconds(tally.time.count()), energy.total().count());
        }
        for (const std::int64_t value : score.scores) file.print(",{}", value);
        file.write("\n");
    }

private:
    const isa::ChipSpec& chip_;
    emu::PoweredParts powered_;
};

}  // namespace seamount::tools
