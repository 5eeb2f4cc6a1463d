#pragma once

#include <cstdint>
#include <optional>

#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {

/// What generating and quantising the rows of a projection gave.
struct GeneratedSynapses {
    SynapseTable table;
    std::uint8_t sign_mode = 1;
    std::uint32_t largest_delay = 0;
    QuantisationLoss loss;  ///< without the name of the projection
};

/// What the chip can hold of one projection.
struct SynapseBounds {
    std::uint64_t synapses = 0;
    std::uint32_t delay = 0;
    /// Instead of `synapses`, as long as every source has as many as there are targets: such rows
    /// store no index.
    std::uint64_t full_rows = synapses;
};

/// Where the synapses of a projection come from. A source may be put in front of another one, as a
/// cache is; what comes out is the same bit for bit.
class SynapseSource {
public:
    virtual ~SynapseSource() = default;
    /// The synapses of a projection of this network; nothing after an error, which is reported.
    [[nodiscard]] virtual std::optional<GeneratedSynapses> synapses(const Network& network,
                                                                    const Projection& projection,
                                                                    const SynapseBounds& bounds,
                                                                    Diagnostics& diagnostics) = 0;
};

}  // namespace seamount::compiler
