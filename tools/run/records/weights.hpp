#pragma once

#include "tools/run/records/learned_synapses.hpp"
#include "tools/run/records/record.hpp"
#include "tools/session/probe/probe_reader.hpp"

namespace seamount::tools {

/// Whether weight probe `index` reads after this step.
[[nodiscard]] inline bool reads_weights(const isa::Image& image, std::size_t index,
                                        const emu::StepActivity& activity) {
    if ((activity.step + 1) % image.learning.probes[index].every != 0) return false;
    if (index >= image.weight_windows.size()) return true;
    const isa::ProbeWindow& window = image.weight_windows[index];
    return window.has(activity.step) && session::has_fired(window, image, activity);
}

/// weights.csv: every synapse that weight probes without bins watch.
class WeightRecord final : public FileRecord {
public:
    WeightRecord(const RecordPlace& place, const RecordContext& context)
        : FileRecord{place}, image_{context.image}, names_{learning_fields(image_)} {
        file.write("step,projection,source,target,weight,delay,tag,second_tag\n");
    }

    void on_step(const emu::StepReport& report, const session::Tally& /*tally*/) override {
        const std::uint64_t step = report.activity.step;
        for (std::size_t p = 0; p < image_.learning.probes.size(); ++p) {
            const isa::WeightProbeImage& probe = image_.learning.probes[p];
            if (probe.bins != 0 || !reads_weights(image_, p, report.activity)) continue;
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

/// histograms.csv: the weights that weight probes with bins watch.
class HistogramRecord final : public FileRecord {
public:
    HistogramRecord(const RecordPlace& place, const RecordContext& context)
        : FileRecord{place}, image_{context.image}, names_{learning_fields(image_)} {
        file.write("step,projection,lowest,highest,synapses\n");
    }

    void on_step(const emu::StepReport& report, const session::Tally& /*tally*/) override {
        const std::uint64_t step = report.activity.step;
        for (std::size_t p = 0; p < image_.learning.probes.size(); ++p) {
            const isa::WeightProbeImage& probe = image_.learning.probes[p];
            if (probe.bins == 0 || !reads_weights(image_, p, report.activity)) continue;
            write(step, probe, learned_synapses(image_, report.machine, probe.entry));
        }
    }

private:
    static constexpr std::int32_t kLeastWeight = -256;
    static constexpr std::int32_t kWeights = 512;  ///< -256..255

    /// Bin b of n holds the weights from -256 + 512*b/n up to, not including, those of the next.
    void write(std::uint64_t step, const isa::WeightProbeImage& probe,
               const std::vector<NamedSynapse>& synapses) {
        const auto bins = static_cast<std::int32_t>(probe.bins);
        std::vector<std::uint64_t> counts(probe.bins);
        const auto lowest = [bins](std::int32_t b) {
            return kLeastWeight + (kWeights * b + bins - 1) / bins;
        };
        for (const NamedSynapse& s : synapses) {
            ++counts[static_cast<std::size_t>((s.weight - kLeastWeight) * bins / kWeights)];
        }
        for (std::int32_t b = 0; b < bins; ++b) {
            file.print("{},{},{},{},{}\n", step, names_[probe.entry], lowest(b), lowest(b + 1) - 1,
                       counts[static_cast<std::size_t>(b)]);
        }
    }

    const isa::Image& image_;
    std::vector<std::string> names_;  ///< by entry
};

}  // namespace seamount::tools
