#include "compiler/ir/network.hpp"

#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {

std::uint32_t Network::neuron_count() const noexcept {
    return populations.empty() ? 0 : populations.back().first_neuron + populations.back().size;
}

std::uint32_t Network::source_size(SourceRef source) const {
    return source.is_input ? inputs.at(source.index).image.size : populations.at(source.index).size;
}

const std::string& Network::source_name(SourceRef source) const {
    return source.is_input ? inputs.at(source.index).image.name : populations.at(source.index).name;
}

std::uint32_t Lowered::neuron_count() const noexcept {
    return populations.empty() ? 0 : populations.back().first_neuron + populations.back().size;
}

std::uint64_t Lowered::synapse_count() const noexcept {
    std::uint64_t count = 0;
    for (const LoweredProjection& projection : projections) {
        count += projection.synapses.target.size();
    }
    return count;
}

}  // namespace seamount::compiler
