#pragma once

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

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
        const emu::StepActivity& activity = report.activity;
        std::size_t spikes = 0;
        for (const emu::CoreActivity& core : activity.cores) spikes += core.spikes.size();
        std::size_t at = block_.spikes.size();
        block_.spikes.resize(at + spikes);
        for (std::size_t i = 0; i < activity.cores.size(); ++i) {
            const std::vector<NeuronId>& neurons = image_.cores[i].neurons;
            for (const emu::EmittedSpike& spike : activity.cores[i].spikes) {
                block_.spikes[at++] = {neurons[spike.compartment], spike.payload};
            }
        }
        block_.inputs.insert(block_.inputs.end(), activity.host.begin(), activity.host.end());
        block_.steps.push_back({activity.step, block_.spikes.size(), block_.inputs.size()});
        if (block_.spikes.size() + block_.inputs.size() + block_.steps.size() > kMostOfBlock) {
            hand_over();
        }
    }

    void hand_over() override {
        if (!block_.steps.empty()) {
            const std::size_t as_many = block_.spikes.size();
            file.later([this, block = std::exchange(block_, {})](RecordFile& out) mutable {
                write(block, out);
            });
            block_.spikes.reserve(as_many);
        }
        FileRecord::hand_over();
    }

private:
    struct Spike {
        NeuronId neuron;
        std::int32_t payload = 1;
    };

    /// Steps of which nothing is in the file yet.
    struct Block {
        struct Step {
            std::uint64_t step = 0;
            std::size_t spikes_end = 0;
            std::size_t inputs_end = 0;
        };
        std::vector<Spike> spikes{};
        std::vector<emu::HostEmission> inputs{};
        std::vector<Step> steps{};
    };
    static constexpr std::size_t kMostOfBlock = 16384;

    /// In the writer's thread.
    void write(Block& block, RecordFile& out) {
        std::size_t at = 0;
        std::size_t input_at = 0;
        for (const Block::Step& step : block.steps) {
            const std::span spikes{block.spikes.data() + at, step.spikes_end - at};
            write_step(step.step, spikes, out);
            if (SonataSpikes* const sonata = out.sonata()) {
                for (std::size_t i = input_at; i < step.inputs_end; ++i) {
                    const emu::HostEmission& spike = block.inputs[i];
                    sonata->add_input(step.step, spike.input, spike.source, spike.payload);
                }
            }
            at = step.spikes_end;
            input_at = step.inputs_end;
        }
    }
    void write_step(std::uint64_t step, std::span<Spike> spikes, RecordFile& out) {
        const auto by_neuron = [](const Spike& a, const Spike& b) { return a.neuron < b.neuron; };
        if (!std::is_sorted(spikes.begin(), spikes.end(), by_neuron)) {
            std::stable_sort(spikes.begin(), spikes.end(), by_neuron);
        }
        for (std::size_t at = 0; at < spikes.size();) {
            const auto after = std::ranges::upper_bound(image_.populations, spikes[at].neuron, {},
                                                        &isa::PopulationImage::first_neuron);
            const auto population =
                static_cast<std::uint32_t>(after - image_.populations.begin() - 1);
            const NeuronId first = image_.populations[population].first_neuron;
            std::size_t end = at;
            while (end < spikes.size() &&
                   spikes[end].neuron - first < image_.populations[population].count) {
                ++end;
            }
            write_population(step, population, spikes.subspan(at, end - at), out);
            at = end;
        }
    }
    void write_population(std::uint64_t step, std::uint32_t population,
                          std::span<const Spike> spikes, RecordFile& out) {
        const NeuronId first = image_.populations[population].first_neuron;
        SonataSpikes* const sonata = out.sonata();
        if (sonata == nullptr) {
            for (const Spike& spike : spikes) {
                out.spike(step, names_[population], spike.neuron - first, spike.payload);
            }
            return;
        }
        neuron_column_.resize(spikes.size());
        payload_column_.resize(spikes.size());
        for (std::size_t i = 0; i < spikes.size(); ++i) {
            neuron_column_[i] = spikes[i].neuron - first;
            payload_column_[i] = spikes[i].payload;
        }
        sonata->add(step, population, neuron_column_, payload_column_);
    }

    const isa::Image& image_;
    std::vector<std::string> names_;
    Block block_;
    std::vector<std::uint64_t> neuron_column_;  ///< of write_population()
    std::vector<std::int32_t> payload_column_;  ///< the same
};

}  // namespace seamount::tools
