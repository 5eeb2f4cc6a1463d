#pragma once

#include <cstdint>
#include <vector>

#include "emulator/learning/learning_activity.hpp"
#include "emulator/learning/rounder.hpp"
#include "isa/learning/learning_image.hpp"

namespace seamount::emu {

/// Scales the weights of each target to a sum, at the ends of some epochs: w becomes
/// sgn(w) * R(abs(w) * sum / S), where S is the sum of all abs(w) of the target and R rounds by the
/// rule, of fractions of 16 bits. A target whose weights are all 0 stays so.
class Normaliser {
public:
    Normaliser(const isa::LearningRuleImage& rule, const Rounder& rounder)
        : rule_{&rule}, rounder_{rounder} {}

    /// Whether it acts at the end of epoch `number`.
    [[nodiscard]] bool due(std::uint64_t number) const noexcept {
        return rule_->normal_sum != 0 && number % rule_->normal_every == 0;
    }

    /// Begins with `targets` targets. Then every weight is added, and then every one scaled.
    void begin(std::uint32_t targets) { sums_.assign(targets, 0); }
    void add(std::uint32_t target, std::int32_t weight);
    /// The new weight of synapse `id`; `step` is the last one of the epoch. Counts a read, a write
    /// if it changes, and a multiplication unless it is 0.
    [[nodiscard]] std::int32_t scaled(std::uint32_t target, std::int32_t weight, std::uint32_t id,
                                      std::uint64_t step, LearningActivity& activity) const;

private:
    const isa::LearningRuleImage* rule_;
    Rounder rounder_;
    std::vector<std::uint64_t> sums_;  ///< of magnitudes, by target
};

}  // namespace seamount::emu
