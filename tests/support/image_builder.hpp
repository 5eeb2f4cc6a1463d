#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "isa/image/image.hpp"

namespace seamount::testing {

/// Builds small images by hand, one object at a time. Neurons get their global ids in the order of
/// the calls unless they are given.
class ImageBuilder {
public:
    struct Synapse {
        std::int32_t weight = 0;
        std::uint32_t delay = 0;
        std::uint32_t target = 0;
    };
    struct SynapseBlock {
        std::uint32_t format = 0;
        std::vector<Synapse> synapses;
    };
    struct Axon {
        std::uint16_t core = 0;  ///< core id
        std::uint16_t axon = 0;
    };

    std::uint32_t program(std::vector<std::uint32_t> words) {
        isa::ProgramImage program;
        program.words = std::move(words);
        image_.programs.push_back(std::move(program));
        return static_cast<std::uint32_t>(image_.programs.size() - 1);
    }

    /// A core of the chip; must be called in ascending order. Returns its index.
    std::size_t core(std::uint32_t chip_core) {
        image_.cores.emplace_back();
        image_.cores.back().core = CoreId{chip_core};
        return image_.cores.size() - 1;
    }

    /// A group of new neurons behind the compartments that the core has. Returns the first neuron.
    NeuronId group(std::size_t core, std::uint32_t program, std::uint32_t count,
                   std::array<std::int32_t, isa::kParameters> params = {},
                   std::vector<std::vector<std::int32_t>> state = {}) {
        std::vector<NeuronId> ids(count);
        for (std::uint32_t i = 0; i < count; ++i) ids[i] = NeuronId{neurons_ + i};
        group_of(core, program, ids, params, std::move(state));
        return ids.front();
    }

    void group_of(std::size_t core, std::uint32_t program, const std::vector<NeuronId>& ids,
                  std::array<std::int32_t, isa::kParameters> params = {},
                  std::vector<std::vector<std::int32_t>> state = {}) {
        isa::CoreImage& c = image_.cores[core];
        isa::NeuronGroup group;
        group.program = program;
        group.first = static_cast<std::uint32_t>(c.neurons.size());
        group.count = static_cast<std::uint32_t>(ids.size());
        group.params = params;
        group.state = std::move(state);
        c.groups.push_back(std::move(group));
        for (const NeuronId id : ids) {
            places_[id] = {core, static_cast<std::uint32_t>(c.neurons.size())};
            c.neurons.push_back(id);
            neurons_ = std::max(neurons_, id.value() + 1);
        }
    }

    std::uint32_t format(std::size_t core, const isa::SynapseFormat& format) {
        image_.cores[core].formats.push_back(format);
        return static_cast<std::uint32_t>(image_.cores[core].formats.size() - 1);
    }

    /// An input axon with one row of its own.
    Axon axon(std::size_t core, const std::vector<SynapseBlock>& blocks, std::uint16_t base = 0) {
        isa::CoreImage& c = image_.cores[core];
        c.input_axons.push_back({static_cast<std::uint32_t>(c.rows.size()), 1, base});
        c.rows.push_back(static_cast<std::uint32_t>(c.synapses.size()));
        for (std::size_t b = 0; b < blocks.size(); ++b) {
            const auto count = static_cast<std::uint32_t>(blocks[b].synapses.size());
            c.synapses.push_back(
                isa::BlockHeader::pack(b + 1 == blocks.size(), blocks[b].format, count));
            for (const Synapse& s : blocks[b].synapses) {
                c.synapses.push_back(isa::SynapseWord::pack(s.weight, s.delay, s.target));
            }
        }
        return {static_cast<std::uint16_t>(c.core.value()),
                static_cast<std::uint16_t>(c.input_axons.size() - 1)};
    }

    void connect(NeuronId neuron, Axon to, std::uint8_t channel = 0, bool graded = false) {
        from_neuron_[neuron].push_back(output(to, channel, graded));
    }

    std::uint32_t input(isa::InputImage input) {
        image_.inputs.push_back(std::move(input));
        return static_cast<std::uint32_t>(image_.inputs.size() - 1);
    }

    void connect_input(std::uint32_t input, std::uint32_t source, Axon to, bool graded = false) {
        from_input_[{input, source}].push_back(output(to, 0, graded));
    }

    /// For whatever has no function here.
    [[nodiscard]] isa::Image& raw() { return image_; }
    [[nodiscard]] std::uint32_t compartment(NeuronId neuron) const {
        return places_.at(neuron).second;
    }

    /// The complete image.
    [[nodiscard]] isa::Image build() {
        image_.populations.assign(1, {});
        image_.populations[0].name = "all";
        image_.populations[0].count = neurons_;
        image_.populations[0].shape = {neurons_};
        for (isa::CoreImage& core : image_.cores) {
            core.output_first.assign(1, 0);
            core.outputs.clear();
            for (const NeuronId neuron : core.neurons) {
                append(from_neuron_[neuron], core.outputs);
                core.output_first.push_back(static_cast<std::uint32_t>(core.outputs.size()));
            }
        }
        for (std::uint32_t i = 0; i < image_.inputs.size(); ++i) {
            isa::InputImage& input = image_.inputs[i];
            input.output_first.assign(1, 0);
            input.outputs.clear();
            for (std::uint32_t source = 0; source < input.size; ++source) {
                append(from_input_[{i, source}], input.outputs);
                input.output_first.push_back(static_cast<std::uint32_t>(input.outputs.size()));
            }
        }
        return image_;
    }

private:
    static isa::OutputAxon output(Axon to, std::uint8_t channel, bool graded) {
        isa::OutputAxon out;
        out.core = CoreId{to.core};
        out.axon = to.axon;
        out.channel = channel;
        out.payload_bits = graded ? std::uint8_t{24} : std::uint8_t{0};
        return out;
    }
    static void append(const std::vector<isa::OutputAxon>& from, std::vector<isa::OutputAxon>& to) {
        to.insert(to.end(), from.begin(), from.end());
    }

    isa::Image image_;
    std::uint32_t neurons_ = 0;
    std::map<NeuronId, std::pair<std::size_t, std::uint32_t>> places_;
    std::map<NeuronId, std::vector<isa::OutputAxon>> from_neuron_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<isa::OutputAxon>> from_input_;
};

}  // namespace seamount::testing
