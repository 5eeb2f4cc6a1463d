#pragma once

#include <array>
#include <cstdint>

#include "isa/learning/learning_image.hpp"

namespace seamount::emu {

/// What a random draw of the learning engine is for.
enum class LearnStream : std::uint32_t {
    kWeight = 0,  ///< the first three are the values of isa::LearnTarget
    kDelay = 1,
    kTag = 2,
    kTraceDecay = 3,  ///< of pre traces, as the next two; those of post traces follow
    kTraceImpulse = 4,
    kTraceRepeat = 5,
    kNormalise = 10,  ///< of weights that are scaled to a sum
    kPost = 4,        ///< no stream: what is added to those of pre traces for post traces
};

/// Decides which fractions round up, by the rounding of a rule.
///
/// Random numbers (RandomDomain::kLearning) depend on what is rounded and when, never on where or
/// in which order.
class Rounder {
public:
    /// `projection` is the index into Image::projections.
    Rounder(const isa::LearningRuleImage& rule, std::uint64_t run_seed, std::uint32_t projection);

    [[nodiscard]] bool stochastic() const noexcept { return stochastic_; }
    /// A fraction (in units of 2^-32) rounds up if it is above this; of no use if stochastic.
    [[nodiscard]] std::uint32_t threshold() const noexcept { return threshold_; }

    /// Four thresholds for `id` in `step`.
    [[nodiscard]] std::array<std::uint32_t, 4> draw(std::uint32_t id, std::uint32_t stream,
                                                    std::uint64_t step) const;

    /// Whether an impulse fraction (0..255) rounds up at `threshold`. lava compares it with a
    /// number of 7 bits.
    [[nodiscard]] bool impulse_up(std::uint32_t fraction, std::uint32_t threshold) const noexcept {
        if (lava_) return !floor_ && (threshold >> 25) < fraction;
        return threshold < (fraction << 24);
    }

private:
    std::uint64_t seed_;
    std::uint32_t stream_base_;  ///< of the projection: its streams follow
    std::uint32_t threshold_ = 0;
    bool stochastic_ = false;
    bool floor_ = false;
    bool lava_ = false;
};

}  // namespace seamount::emu
