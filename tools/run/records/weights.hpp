#pragma once

#include "tools/run/records/learned_synapses.hpp"
#include "tools/run/records/record.hpp"

namespace seamount::tools {

/// weights.csv: every synapse that weight probes without bins watch.
class WeightRecord final : public FileRecord {
public:
    WeightRecord(const RecordPlace& place, const RecordContext& context)
        : FileRecord{place}, image_{context.image}, names_{learning_fields(image_)} {
        file.write("step,projection,source,target,weight,delay,tag,second_tag\n");
    }

    void on_step(const emu::StepReport& report, const session::Tally& /*tally*/) override {
        const std::uint64_t step = report.activity.step;
        for (const isa::WeightProbeImage& probe : image_.learning.probes) {
            if (probe.bins != 0 || (step + 1) % probe.every != 0) continue;
            for (const NamedSynapse& s : learned_synapses(image_, report.machine, probe.entry)) {
                file.print("{},{},{},{},{},{},{},{}\n", step, names_[probe.entry], s.source,
                           s.target, s.weight, s.delay, s.tag, s.second_tag);
            }
        }
    }

private:
    const isa::Image& image_;
    std::vector<std::string> names_;  ///< by entry
};

}  // namespace seamount::tools
