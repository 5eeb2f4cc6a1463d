#include "compiler/partition/fill/open_core.hpp"

namespace seamount::compiler {

OpenCore::OpenCore(const Lowered& lowered, const Incoming& incoming, const isa::CoreLimits& limits,
                   IdSpan<NeuronId, const std::uint32_t> output_axons)
    : lowered_{lowered},
      incoming_{incoming},
      limits_{limits},
      output_axons_{output_axons},
      synapses_of_slot_(incoming.slots()),
      synapses_of_axon_(incoming.axons()),
      synapses_of_format_(incoming.formats()),
      neurons_of_program_(lowered.programs.size()) {
    std::uint32_t groups = 0;
    for (const LoweredPopulation& population : lowered.populations) {
        first_group_.push_back(groups);
        groups += static_cast<std::uint32_t>(population.profiles.size());
    }
    neurons_of_group_.resize(groups);
}

std::uint32_t OpenCore::group_of(Neuron neuron) const {
    const LoweredPopulation& population = lowered_.populations[neuron.population];
    const std::uint32_t profile = population.profile_of.empty()
                                      ? 0
                                      : population.profile_of[neuron.id - population.first_neuron];
    return first_group_[neuron.population] + profile;
}

void OpenCore::include(Neuron neuron) {
    incoming_.for_each_synapse(neuron.id, [this](std::uint32_t slot, std::uint32_t axon) {
        const std::uint32_t format = incoming_.format(slot);
        fill_.synapse_bits += incoming_.step_bits(format, synapses_of_slot_[slot]++);
        if (synapses_of_axon_[axon]++ == 0) ++fill_.input_axons;
        if (synapses_of_format_[format]++ == 0) {
            fill_.synapse_formats += incoming_.formats_for(format);
        }
        ++fill_.synapses;
    });
    ++fill_.compartments;
    fill_.output_axons += output_axons_[neuron.id];
    if (neurons_of_group_[group_of(neuron)]++ == 0) ++fill_.neuron_groups;
    const std::uint32_t program = lowered_.populations[neuron.population].program;
    if (neurons_of_program_[program]++ == 0) {
        fill_.microcode_words += lowered_.programs[program]->words.size();
    }
}

void OpenCore::exclude(Neuron neuron) {
    incoming_.for_each_synapse(neuron.id, [this](std::uint32_t slot, std::uint32_t axon) {
        const std::uint32_t format = incoming_.format(slot);
        fill_.synapse_bits -= incoming_.step_bits(format, --synapses_of_slot_[slot]);
        if (--synapses_of_axon_[axon] == 0) --fill_.input_axons;
        if (--synapses_of_format_[format] == 0) {
            fill_.synapse_formats -= incoming_.formats_for(format);
        }
        --fill_.synapses;
    });
    --fill_.compartments;
    fill_.output_axons -= output_axons_[neuron.id];
    if (--neurons_of_group_[group_of(neuron)] == 0) --fill_.neuron_groups;
    const std::uint32_t program = lowered_.populations[neuron.population].program;
    if (--neurons_of_program_[program] == 0) {
        fill_.microcode_words -= lowered_.programs[program]->words.size();
    }
}

std::vector<LimitExcess> OpenCore::add(std::span<const Neuron> neurons) {
    for (const Neuron& neuron : neurons) include(neuron);
    std::vector<LimitExcess> excess = exceeded(fill_, limits_);
    if (excess.empty()) {
        members_.insert(members_.end(), neurons.begin(), neurons.end());
    } else {
        for (const Neuron& neuron : neurons) exclude(neuron);
    }
    return excess;
}

void OpenCore::clear() {
    for (const Neuron& neuron : members_) exclude(neuron);
    members_.clear();
}

}  // namespace seamount::compiler
