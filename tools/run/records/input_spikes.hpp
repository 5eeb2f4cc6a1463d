#pragma once

#include <string>
#include <utility>
#include <vector>

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
            block_.push_back({report.activity.step, spike});
        }
        if (block_.size() > kMostOfBlock) hand_over();
    }

    void hand_over() override {
        if (!block_.empty()) {
            file.later([this, block = std::exchange(block_, {})](RecordFile& out) {
                for (const auto& [step, spike] : block) {
                    out.spike(step, names_[spike.input], spike.source, spike.payload);
                }
            });
        }
        FileRecord::hand_over();
    }

private:
    static constexpr std::size_t kMostOfBlock = 16384;

    std::vector<std::string> names_;  ///< of the inputs, quoted for CSV
    std::vector<std::pair<std::uint64_t, emu::HostEmission>> block_;
};

}  // namespace seamount::tools
