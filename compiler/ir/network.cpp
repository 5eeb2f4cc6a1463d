#include "compiler/ir/network.hpp"

#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {

std::uint32_t Network::neuron_count() const noexcept {
    return populations.empty() ? 0
                               : populations.back().first_neuron.value() + populations.back().size;
}

std::uint32_t Network::source_size(SourceRef source) const {
    return source.is_input ? inputs.at(source.index).image.size : populations.at(source.index).size;
}

const std::string& Network::source_name(SourceRef source) const {
    return source.is_input ? inputs.at(source.index).image.name : populations.at(source.index).name;
}

std::vector<isa::TieImage> Network::ties() const {
    std::vector<std::uint32_t> entries;  // by projection: its place among those that learn
    std::uint32_t next = 0;
    for (const Projection& projection : projections) {
        entries.push_back(next);
        next += projection.learning_rule ? 1U : 0U;
    }
    std::vector<isa::TieImage> ties;
    for (std::size_t p = 0; p < projections.size(); ++p) {
        if (projections[p].tied) ties.push_back({entries.at(*projections[p].tied), entries[p]});
    }
    return ties;
}

bool Network::takes_payloads(const Projection& projection) const {
    return projection.graded ||
           (projection.learning_rule &&
            learning.rules.at(*projection.learning_rule).graded != isa::GradedTrace::kImpulse);
}

std::uint32_t Lowered::neuron_count() const noexcept {
    return populations.empty() ? 0
                               : populations.back().first_neuron.value() + populations.back().size;
}

std::uint64_t Lowered::synapse_count() const noexcept {
    std::uint64_t count = 0;
    for (const LoweredProjection& projection : projections) {
        count += projection.synapses.target.size();
    }
    return count;
}

std::uint8_t Lowered::payload_bits(SourceRef from, std::uint8_t channel) const noexcept {
    for (const LoweredProjection& projection : projections) {
        if (projection.payload_bits != 0 && projection.from == from &&
            projection.channel == channel) {
            return projection.payload_bits;
        }
    }
    return 0;
}

}  // namespace seamount::compiler
