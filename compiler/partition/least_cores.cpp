#include "compiler/partition/least_cores.hpp"

#include <algorithm>
#include <vector>

#include "isa/base/id_vector.hpp"

namespace seamount::compiler {
namespace {

/// Bits that every synapse of a projection takes on its core; 0 where rows may be stored once.
std::uint64_t bits_of(const LoweredProjection& projection) {
    const isa::SynapseFormat& format = projection.format;
    if (projection.share) return 0;
    return std::uint64_t{format.weight_bits} + format.delay_bits + format.tag_bits +
           format.index_bits;
}

std::uint64_t free_neurons_of(const LoweredPopulation& population, const Mapping& mapping) {
    std::uint64_t free = 0;
    for (std::uint32_t i = 0; i < population.size; ++i) {
        if (mapping.shard_of[population.first_neuron + i] == Mapping::kNoShard) ++free;
    }
    return free;
}

}  // namespace

LeastCores least_cores(const Lowered& lowered, const Mapping& mapping,
                       const isa::CoreLimits& limits) {
    isa::CoreAmounts need;
    need.compartments = 0;
    need.synapses = 0;
    need.synapse_bits = 0;
    for (const LoweredPopulation& population : lowered.populations) {
        need.compartments += free_neurons_of(population, mapping);
    }
    for (const LoweredProjection& projection : lowered.projections) {
        if (projection.share || lowered.pool) continue;
        const NeuronId first = lowered.populations[projection.to].first_neuron;
        std::uint64_t synapses = 0;
        for (const std::uint32_t target : projection.synapses.target) {
            if (mapping.shard_of[first + target] == Mapping::kNoShard) ++synapses;
        }
        need.synapses += synapses;
        need.synapse_bits += synapses * bits_of(projection);
    }
    LeastCores least;
    for (const isa::CoreLimit limit :
         {isa::CoreLimit::kCompartments, isa::CoreLimit::kSynapses, isa::CoreLimit::kSynapseBits}) {
        const std::uint64_t per_core = limits.*isa::info(limit).amount;
        if (per_core == 0) continue;
        const std::uint64_t cores = (need.*isa::info(limit).amount + per_core - 1) / per_core;
        if (cores > least.cores) least = {cores, limit};
    }
    return least;
}

bool has_huge_fan_in(const Lowered& lowered, const Mapping& mapping,
                     const isa::CoreLimits& limits) {
    if (lowered.pool) return false;  // words that are counted in another way
    IdVector<NeuronId, std::uint64_t> axons(lowered.neuron_count());
    IdVector<NeuronId, std::uint64_t> bits(lowered.neuron_count());
    for (const LoweredProjection& projection : lowered.projections) {
        const NeuronId first = lowered.populations[projection.to].first_neuron;
        const std::uint64_t each = bits_of(projection);
        for (const std::uint32_t target : projection.synapses.target) {
            ++axons[first + target];
            bits[first + target] += each;
        }
    }
    for (const NeuronId neuron : axons.ids()) {
        if (mapping.shard_of[neuron] != Mapping::kNoShard) continue;
        if (limits.input_axons != 0 && axons[neuron] > limits.input_axons) return true;
        if (limits.synapse_bits != 0 && bits[neuron] > limits.synapse_bits) return true;
        if (limits.synapses != 0 && axons[neuron] > limits.synapses) return true;
    }
    return false;
}

}  // namespace seamount::compiler
