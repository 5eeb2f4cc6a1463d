#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <vector>

#include "tools/explain/ablation.hpp"

namespace seamount::explain {

/// What an outcome loses without all these spikes of inputs.
using LossWithout = std::function<double(const std::vector<SpikeKey>&)>;

/// What each source of input spikes does for an outcome, where single spikes are too many and too
/// weak to be left out one by one: the sources are dealt into ten groups (fewer sources: one in
/// each), the outcome is found without each group, and that is done with other groups for as often
/// as `plays` allows. A source's share is the mean loss of the groups that it was in, less the mean
/// of all groups; of its spikes, each has an equal part. The groups depend on the recording alone.
[[nodiscard]] std::map<SpikeKey, double> sampled_losses(const std::vector<SpikeKey>& spikes,
                                                        std::size_t plays, std::uint64_t seed,
                                                        const LossWithout& loss);

}  // namespace seamount::explain
