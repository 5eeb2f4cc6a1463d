#pragma once

#include "compiler/ir/synapse_source.hpp"

namespace seamount::compiler {

/// Generates and quantises the rows of a projection. Reports CMP-FIT, CMP-WEIGHT and CMP-DELAY.
class SynapseGenerator final : public SynapseSource {
public:
    [[nodiscard]] std::optional<GeneratedSynapses> synapses(const Network& network,
                                                            const Projection& projection,
                                                            const SynapseBounds& bounds,
                                                            Diagnostics& diagnostics) override;
};

}  // namespace seamount::compiler
