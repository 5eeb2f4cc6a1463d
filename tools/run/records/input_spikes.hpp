#pragma once

#include "tools/base/table.hpp"
#include "tools/run/records/record.hpp"

namespace seamount::tools {

/// The table `input_spikes`: every spike of the host's inputs, by step and input.
class InputSpikeRecord final : public FileRecord {
public:
    InputSpikeRecord(const RecordPlace& place, const RecordContext& context) : FileRecord{place} {
        for (const isa::InputImage& input : context.image.inputs) {
            names_.push_back(csv_field(input.name));
        }
        file.write("step,input,source,payload\n");
    }

    void on_step(const emu::StepReport& report, const session::Tally& /*tally*/) override {
        for (const emu::HostEmission& spike : report.activity.host) {
            file.print("{},{},{},{}\n", report.activity.step, names_[spike.input], spike.source,
                       spike.payload);
        }
    }

private:
    std::vector<std::string> names_;  ///< of the inputs, quoted for CSV
};

}  // namespace seamount::tools
