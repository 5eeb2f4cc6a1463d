#pragma once

#include <algorithm>

#include "tools/run/records/record.hpp"

namespace seamount::tools {

/// The table `spikes`: every spike, by step and neuron, so that it does not depend on the mapping.
/// In HDF5 those of the host's inputs too.
class SpikeRecord final : public FileRecord {
public:
    SpikeRecord(const RecordPlace& place, const RecordContext& context)
        : FileRecord{place}, image_{context.image}, names_{population_fields(image_)} {
        file.write("step,population,neuron,payload\n");
    }

    void on_step(const emu::StepReport& report, const session::Tally& /*tally*/) override {
        collect(report.activity);
        SonataSpikes* const sonata = file.sonata();
        std::uint32_t population = 0;
        for (const Spike& spike : spikes_) {
            while (spike.neuron - image_.populations[population].first_neuron >=
                   image_.populations[population].count) {
                ++population;
            }
            const std::uint64_t step = report.activity.step;
            const std::uint32_t neuron = spike.neuron - image_.populations[population].first_neuron;
            if (sonata != nullptr) {
                sonata->add(step, population, neuron, spike.payload);
            } else {
                file.print("{},{},{},{}\n", step, names_[population], neuron, spike.payload);
            }
        }
        if (sonata == nullptr) return;
        for (const emu::HostEmission& spike : report.activity.host) {
            sonata->add_input(report.activity.step, spike.input, spike.source, spike.payload);
        }
    }

private:
    struct Spike {
        NeuronId neuron;
        std::int32_t payload = 1;
    };

    void collect(const emu::StepActivity& activity) {
        spikes_.clear();
        for (std::size_t i = 0; i < activity.cores.size(); ++i) {
            for (const emu::EmittedSpike& spike : activity.cores[i].spikes) {
                spikes_.push_back({image_.cores[i].neurons[spike.compartment], spike.payload});
            }
        }
        const auto by_neuron = [](const Spike& a, const Spike& b) { return a.neuron < b.neuron; };
        if (std::is_sorted(spikes_.begin(), spikes_.end(), by_neuron)) return;
        std::stable_sort(spikes_.begin(), spikes_.end(), by_neuron);
    }

    const isa::Image& image_;
    std::vector<std::string> names_;
    std::vector<Spike> spikes_;  ///< of the current step
};

}  // namespace seamount::tools
