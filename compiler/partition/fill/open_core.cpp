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
      groups_{lowered},
      neurons_of_group_(groups_.count()),
      neurons_of_program_(lowered.programs.size()) {
    if (lowered.pool) pool_.emplace(lowered);
}

std::uint32_t OpenCore::group_of(Neuron neuron) const {
    const LoweredPopulation& population = lowered_.populations[neuron.population];
    const std::uint32_t profile = population.profile_of.empty()
                                      ? 0
                                      : population.profile_of[neuron.id - population.first_neuron];
    return groups_.of(neuron.population, profile);
}

void OpenCore::take_from_pool() {
    const OpenPool::Amounts& amounts = pool_->amounts();
    fill_.input_axons = amounts.input_axons;
    fill_.synapse_words = amounts.synapse_words;
    fill_.axon_map = amounts.axon_map;
    fill_.synapse_formats = amounts.formats;
    fill_.axon_memory = fill_.output_axons;
    fill_.pool_words = amounts.input_axons + fill_.compartments + amounts.synapse_words +
                       amounts.axon_map + fill_.axon_memory;
}

void OpenCore::include(std::span<const Neuron> neurons) {
    for (const Neuron& neuron : neurons) include(neuron);
    if (!pool_) return;
    for_pool_.clear();
    for (const Neuron& n : neurons) {
        for_pool_.push_back({n.population, n.id - lowered_.populations[n.population].first_neuron});
    }
    pool_->add(for_pool_);
    take_from_pool();
}

void OpenCore::exclude(std::span<const Neuron> neurons) {
    for (const Neuron& neuron : neurons) exclude(neuron);
    if (!pool_) return;
    for_pool_.clear();
    for (const Neuron& n : neurons) {
        for_pool_.push_back({n.population, n.id - lowered_.populations[n.population].first_neuron});
    }
    pool_->remove(for_pool_);
    take_from_pool();
}

void OpenCore::include(Neuron neuron) {
    if (!pool_)
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
    if (!pool_)
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
    include(neurons);
    std::vector<LimitExcess> excess = exceeded(fill_, limits_);
    if (excess.empty()) {
        members_.insert(members_.end(), neurons.begin(), neurons.end());
    } else {
        exclude(neurons);
    }
    return excess;
}

void OpenCore::force(std::span<const Neuron> neurons) {
    include(neurons);
    members_.insert(members_.end(), neurons.begin(), neurons.end());
}

void OpenCore::clear() {
    exclude(members_);
    members_.clear();
}

}  // namespace seamount::compiler
