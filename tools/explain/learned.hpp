#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "tools/explain/causes.hpp"

namespace seamount::explain {

/// A change of a weight: at the end of an epoch in `step`, after these spikes.
struct WeightChange {
    std::uint64_t step = 0;
    std::int32_t before = 0;
    std::int32_t after = 0;
    std::optional<std::uint64_t> pre;   ///< step of the source's last spike until then
    std::optional<std::uint64_t> post;  ///< of the target's
    std::int64_t reward = 0;            ///< r0 of that step
};

/// How a synapse came to its weight.
struct WeightHistory {
    Origin source;
    NeuronId target;
    std::int32_t start = 0;  ///< in the image
    std::int32_t now = 0;
    std::uint64_t changes = 0;
    std::vector<WeightChange> last;  ///< the last ones, at most kKeptChanges
};
inline constexpr std::size_t kKeptChanges = 8;

/// By entry of LearningImage::projections, and id.
using WeightHistories = std::map<std::pair<std::uint32_t, std::uint32_t>, WeightHistory>;

/// Of all synapses that learn and have a part in the explanation: plays the run once more, from its
/// start to the end of the recording.
[[nodiscard]] WeightHistories weight_histories(const Recording& recording,
                                               const Explanation& explanation);

}  // namespace seamount::explain
