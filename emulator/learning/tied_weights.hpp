#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "emulator/learning/core_learning.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// The synapses that have the weights of others: LearningImage::ties, synapse by synapse.
///
/// The two ends of such a pair may be in different cores, which cannot reach each other's memory:
/// the management core copies.
class TiedWeights {
public:
    /// `cores`: the learning engine of each core of the image, null where nothing learns. They must
    /// outlive the object and stay where they are; `image` must satisfy isa::check_image.
    TiedWeights(const isa::Image& image, std::span<CoreLearning* const> cores);

    /// After all cores have ended `step`: gives the tied synapses that are in a core the weights of
    /// the learners whose epoch that step ends. Returns how many changed. Cores do not disturb each
    /// other.
    std::uint64_t copy(std::size_t core, std::uint64_t step);

private:
    struct Pair {
        const std::uint32_t* learner;
        std::uint32_t* tied;
    };
    /// What one tie has in one core.
    struct Part {
        std::uint32_t epoch = 1;  ///< of the learner
        std::vector<Pair> pairs;  ///< in the order of the core's memory
    };

    std::vector<std::vector<Part>> by_core_;  ///< of the tied synapses
};

}  // namespace seamount::emu
