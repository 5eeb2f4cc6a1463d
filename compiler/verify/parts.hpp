#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/verify/findings.hpp"
#include "isa/base/id_vector.hpp"

namespace seamount::compiler::verifier {

/// Where a neuron lives in the image.
struct Place {
    CoreSlot slot = CoreSlot::none();  ///< none: nowhere
    std::uint32_t compartment = 0;
    [[nodiscard]] bool exists() const noexcept { return slot != CoreSlot::none(); }
};

/// What the parts of the verifier share.
struct Subject {
    const Network& network;
    const isa::Image& image;
    const isa::ChipSpec& chip;
    Findings& findings;
    VerifyResult& result;
    IdVector<NeuronId, Place> places{};  ///< check_neurons fills it
    /// What the network needs of the pool of each core, in the order of the image; check_pool fills
    /// it on chips that have one.
    std::vector<isa::PoolUse> pool{};
    std::vector<std::uint32_t> padding{};  ///< compartments that fill up each core's tile

    [[nodiscard]] const isa::CoreImage& core_at(CoreSlot slot) const {
        return image.cores[slot.index()];
    }
    /// "'hidden' 5": how findings name a neuron.
    [[nodiscard]] std::string name_of(NeuronId neuron) const;
    /// "'hidden' 5" or "input 'clicks' 2".
    [[nodiscard]] std::string name_of(SourceRef source, std::uint32_t index) const;
};

/// Names, seed, populations, programs, inputs, dataset, probes, readout, list of projections.
/// False if populations or inputs do not correspond, so that nothing else can be compared.
bool check_tables(Subject& subject);
/// Every neuron once, with its program, parameters and initial state.
void check_neurons(Subject& subject);
/// Every synapse once; no axon, row or word without use.
void check_synapses(Subject& subject);
/// What each core takes of its pool, and what fills its tiles up, against what the image says.
void check_pool(Subject& subject);
/// Limits of every core, dead cores, dead synapse memory, the chip of the image.
void check_limits(Subject& subject);

}  // namespace seamount::compiler::verifier
