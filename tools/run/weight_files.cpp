#include "tools/run/weight_files.hpp"

#include <algorithm>

#include "tools/base/table.hpp"

namespace seamount::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::int32_t kLeastWeight = -256;
constexpr std::int32_t kWeights = 512;  ///< -256..255

}  // namespace

std::vector<NamedSynapse> learned_synapses(const isa::Image& image, const emu::Machine& machine,
                                           std::uint32_t entry) {
    const std::uint32_t projection = image.learning.projections[entry].projection;
    const isa::PopulationImage& to = image.populations[image.projections[projection].to];
    std::vector<NamedSynapse> synapses;
    for (std::uint32_t c = 0; c < image.cores.size(); ++c) {
        const emu::CoreLearning* const learning = machine.learning(CoreSlot{c});
        if (learning == nullptr) continue;
        for (const emu::PlasticProjection& part : learning->projections()) {
            if (part.projection() != projection) continue;
            part.for_each([&](const emu::PlasticSynapse& s) {
                synapses.push_back({s.id, s.source,
                                    image.cores[c].neurons[s.target] - to.first_neuron, s.weight,
                                    s.delay, s.tag, s.second_tag});
            });
        }
    }
    std::sort(synapses.begin(), synapses.end(),
              [](const NamedSynapse& a, const NamedSynapse& b) { return a.id < b.id; });
    return synapses;
}

WeightFiles::WeightFiles(const fs::path& folder, const isa::Image& image)
    : folder_{folder}, image_{image} {
    for (const isa::PlasticImage& plastic : image.learning.projections) {
        names_.push_back(csv_field(image.projections[plastic.projection].name));
    }
    for (const isa::WeightProbeImage& probe : image.learning.probes) {
        if (probe.bins == 0 && !weights_) {
            weights_.emplace(folder / "weights.csv");
            weights_->write("step,projection,source,target,weight,delay,tag,second_tag\n");
        } else if (probe.bins != 0 && !histograms_) {
            histograms_.emplace(folder / "histograms.csv");
            histograms_->write("step,projection,lowest,highest,synapses\n");
        }
    }
}

void WeightFiles::step(std::uint64_t step, const emu::Machine& machine) {
    for (const isa::WeightProbeImage& probe : image_.learning.probes) {
        if ((step + 1) % probe.every != 0) continue;
        const auto synapses = learned_synapses(image_, machine, probe.entry);
        if (probe.bins == 0) {
            write_synapses(step, probe, synapses);
        } else {
            write_histogram(step, probe, synapses);
        }
    }
}

void WeightFiles::write_synapses(std::uint64_t step, const isa::WeightProbeImage& probe,
                                 const std::vector<NamedSynapse>& synapses) {
    for (const NamedSynapse& s : synapses) {
        weights_->print("{},{},{},{},{},{},{},{}\n", step, names_[probe.entry], s.source, s.target,
                        s.weight, s.delay, s.tag, s.second_tag);
    }
}

/// Bin b of n holds the weights from -256 + 512*b/n up to, not including, those of the next one.
void WeightFiles::write_histogram(std::uint64_t step, const isa::WeightProbeImage& probe,
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
        histograms_->print("{},{},{},{},{}\n", step, names_[probe.entry], lowest(b),
                           lowest(b + 1) - 1, counts[static_cast<std::size_t>(b)]);
    }
}

void WeightFiles::commit() {
    if (weights_) {
        weights_->commit();
    } else {
        remove_stale(folder_ / "weights.csv");
    }
    if (histograms_) {
        histograms_->commit();
    } else {
        remove_stale(folder_ / "histograms.csv");
    }
}

}  // namespace seamount::tools
