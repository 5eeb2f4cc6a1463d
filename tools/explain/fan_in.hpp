#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "tools/explain/recording.hpp"

namespace seamount::explain {

/// A synapse, from the side of its target.
struct FanInSynapse {
    static constexpr std::uint32_t kStatic = 0xFFFFFFFFU;
    std::uint32_t target = 0;  ///< compartment of the core
    Origin origin;
    std::uint8_t channel = 0;    ///< of the origin's spikes; those of inputs have none
    bool has_payload = false;    ///< packets carry the payload
    std::uint8_t format = 0;     ///< of the core
    std::int32_t weight = 0;     ///< mantissa in the image
    std::uint32_t delay = 0;     ///< in the image
    std::uint32_t id = kStatic;  ///< within its projection, if it learns
};

/// Finds the synapses of a neuron: those whose source spikes in the recording. Walks the rows of a
/// core when the first of its neurons is asked for.
class FanIn {
public:
    explicit FanIn(const Recording& recording) : recording_{recording} {}
    /// In the order of sources.
    [[nodiscard]] std::span<const FanInSynapse> of(NeuronId neuron);

private:
    using Synapses = std::vector<FanInSynapse>;  ///< by target
    [[nodiscard]] Synapses walk(std::uint32_t core) const;

    const Recording& recording_;
    std::map<std::uint32_t, Synapses> cores_;
};

}  // namespace seamount::explain
