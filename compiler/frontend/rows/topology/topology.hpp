#pragma once

#include <memory>
#include <vector>

#include "compiler/frontend/rows/values/random.hpp"
#include "compiler/ir/network.hpp"

namespace seamount::compiler::frontend {

/// Which targets a source has.
class Topology {
public:
    virtual ~Topology() = default;
    /// Replaces `row` with the synapses of `source`, of which only `target` is set.
    virtual void targets(std::uint32_t source, std::vector<RawSynapse>& row) const = 0;
    /// How many synapses there are, for random rules how many are expected.
    [[nodiscard]] virtual std::uint64_t synapses() const noexcept = 0;
    /// How many pairs or random numbers it looks at for all rows, about: what they cost to make.
    [[nodiscard]] virtual std::uint64_t tries() const noexcept { return synapses(); }
};

/// Sizes of a projection. Without `self`, source i does not reach target i.
struct Ends {
    std::uint32_t sources = 0;
    std::uint32_t targets = 0;
    bool self = true;

    /// How many targets a source may have.
    [[nodiscard]] std::uint32_t candidates() const noexcept { return targets - (self ? 0U : 1U); }
    /// Target number `k` of the candidates of `source`.
    [[nodiscard]] std::uint32_t candidate(std::uint32_t source, std::uint32_t k) const noexcept {
        return !self && k >= source ? k + 1 : k;
    }
};

[[nodiscard]] std::shared_ptr<const Topology> all_to_all(const Ends& ends);
/// Source i to target i.
[[nodiscard]] std::shared_ptr<const Topology> one_to_one(std::uint32_t size);
/// Each pair independently with `probability`, targets ascending. Draws the gaps between synapses
/// from integer thresholds, so that a row costs as many draws as it has synapses and the result
/// does not depend on a mathematical library.
[[nodiscard]] std::shared_ptr<const Topology> fixed_probability(const Ends& ends,
                                                                double probability,
                                                                const RowRandom& random);
/// `fan_out` distinct targets per source, every choice equally likely, ascending. Needs fan_out <=
/// ends.candidates().
[[nodiscard]] std::shared_ptr<const Topology> fixed_fan_out(const Ends& ends, std::uint32_t fan_out,
                                                            const RowRandom& random);

}  // namespace seamount::compiler::frontend
