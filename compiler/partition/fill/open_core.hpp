#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "compiler/partition/fill/group_numbers.hpp"
#include "compiler/partition/fill/incoming.hpp"
#include "compiler/partition/fill/limits.hpp"
#include "compiler/partition/fill/open_pool.hpp"

namespace seamount::compiler {

/// A core that is being filled: knows at every moment what it needs of each resource, so that one
/// more neuron costs time proportional to its fan-in.
class OpenCore {
public:
    struct Neuron {
        NeuronId id;
        std::uint32_t population = 0;
    };

    /// `output_axons` is what each neuron is expected to need; on chips with a pool, of axon
    /// memory. All arguments must outlive the object.
    OpenCore(const Lowered& lowered, const Incoming& incoming, const isa::CoreLimits& limits,
             IdSpan<NeuronId, const std::uint32_t> output_axons);

    /// Adds the neurons if the core still keeps all limits; otherwise changes nothing and returns
    /// the limits that they would exceed.
    [[nodiscard]] std::vector<LimitExcess> add(std::span<const Neuron> neurons);

    /// Adds them whatever the limits say.
    void force(std::span<const Neuron> neurons);

    [[nodiscard]] bool empty() const noexcept { return members_.empty(); }
    /// Takes all neurons out again.
    void clear();

private:
    void include(std::span<const Neuron> neurons);
    void exclude(std::span<const Neuron> neurons);
    void include(Neuron neuron);
    void exclude(Neuron neuron);
    void take_from_pool();
    [[nodiscard]] std::uint32_t group_of(Neuron neuron) const;

    const Lowered& lowered_;
    const Incoming& incoming_;
    const isa::CoreLimits& limits_;
    IdSpan<NeuronId, const std::uint32_t> output_axons_;
    CoreFill fill_;
    std::vector<Neuron> members_;
    std::vector<std::uint32_t> synapses_of_slot_;
    std::vector<std::uint32_t> synapses_of_axon_;
    std::vector<std::uint64_t> synapses_of_format_;
    GroupNumbers groups_;
    std::optional<OpenPool> pool_;
    std::vector<OpenPool::Neuron> for_pool_;
    std::vector<std::uint32_t> neurons_of_group_;
    std::vector<std::uint32_t> neurons_of_program_;
};

}  // namespace seamount::compiler
