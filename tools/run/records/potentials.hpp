#pragma once

#include "emulator/trace/probes.hpp"
#include "tools/run/records/record.hpp"
#include "tools/session/probe/probe_reader.hpp"

namespace seamount::tools {

/// potentials.csv: what the network's probes read.
class PotentialRecord final : public FileRecord {
public:
    PotentialRecord(const RecordPlace& place, const RecordContext& context)
        : FileRecord{place},
          image_{context.image},
          names_{population_fields(image_)},
          probes_{image_} {
        file.write("step,population,neuron,variable,value\n");
    }

    void on_step(const emu::StepReport& report, const session::Tally& /*tally*/) override {
        const std::uint64_t step = report.activity.step;
        const emu::StateReader read =
            session::probe_reader(report.machine, image_, report.activity);
        for (const emu::ProbeValue& value : probes_.record(step, read)) {
            const isa::ProbeImage& probe = image_.probes[value.probe];
            file.print("{},{},{},{},", step, names_[probe.population], value.neuron,
                       probe.variable);
            if (value.value) file.print("{}", *value.value);
            file.write("\n");
        }
    }

    [[nodiscard]] std::uint64_t empty_values() const override { return probes_.failures(); }

private:
    const isa::Image& image_;
    std::vector<std::string> names_;
    emu::ProbeRecorder probes_;
};

}  // namespace seamount::tools
