#pragma once

#include <cstdint>
#include <vector>

#include "compiler/verify/parts.hpp"
#include "compiler/verify/stored_weight.hpp"

namespace seamount::compiler::verifier {

/// A synapse as image and network can be compared: all that decides what a spike does, and the
/// format in which the weight is stored. Sorted by target first.
struct Synapse {
    NeuronId target;
    std::uint16_t kind = 0;  ///< index into SynapseKinds
    std::uint8_t delay = 0;
    std::uint8_t channel = 0;  ///< of the source's spikes that it hears
    std::int32_t weight = 0;   ///< stored mantissa
    std::uint32_t id = 0;      ///< of synapses that learn, within their projection
    friend auto operator<=>(const Synapse&, const Synapse&) = default;
};

/// Numbers the synapse formats that differ in more than what the compiler chooses: the widths of
/// delay, tag and index, and whether a block is dense.
class SynapseKinds {
public:
    [[nodiscard]] std::uint16_t number_of(isa::SynapseFormat format);
    [[nodiscard]] const isa::SynapseFormat& operator[](std::uint16_t kind) const {
        return kinds_[kind];
    }

private:
    std::vector<isa::SynapseFormat> kinds_;
};

/// The synapses that the network asks for, row by row.
class ExpectedSynapses {
public:
    /// Generates the rows of projections without a sign or a rounding once, to see which signs
    /// there are and whether weights have fractions. `chip` says whether negative exponents act on
    /// each weight or on sums; sums onto a population and accumulator are numbered in the order of
    /// the projections that have one.
    ExpectedSynapses(const Network& network, const isa::ChipSpec& chip, SynapseKinds& kinds);

    /// Replaces `row` with all synapses of a source, over all projections from it; unsorted. Those
    /// that the chip drops are left out.
    /// Sources of an input or population must be asked for in order, each once: synapses that learn
    /// are numbered on the way.
    void row(SourceRef source, std::uint32_t index, std::vector<Synapse>& row);

    /// How the weights of a projection are stored; generates its rows if it does not give a sign.
    [[nodiscard]] static WeightRule rule_of(const Projection& projection, std::uint32_t sources);

private:
    struct Outgoing {
        const Projection* projection = nullptr;
        WeightRule rule;
        NeuronId first_target;
        std::uint16_t kind = 0;
        std::uint32_t next_id = 0;
    };
    [[nodiscard]] std::vector<Outgoing>& from(SourceRef source) {
        return (source.is_input ? of_input_ : of_population_)[source.index];
    }

    std::vector<std::vector<Outgoing>> of_input_;
    std::vector<std::vector<Outgoing>> of_population_;
    std::vector<RawSynapse> raw_;
    bool drops_zeros_;  ///< the chip has no synapses of weight 0, but for those that learn
};

}  // namespace seamount::compiler::verifier
