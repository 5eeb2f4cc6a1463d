#pragma once

#include <random>

#include "isa/learning/learning_image.hpp"

namespace seamount::testing {

/// Numbers for tests: the same on every machine.
class Numbers {
public:
    explicit Numbers(std::uint32_t seed) : engine_{seed} {}
    int in(int low, int high) {
        const auto span = static_cast<std::uint32_t>(high - low) + 1;
        return low + static_cast<int>(engine_() % span);
    }
    bool once_in(int n) { return in(1, n) == 1; }

private:
    std::mt19937 engine_;
};

/// Any rule of a mode that the image allows, with traces that matter.
[[nodiscard]] isa::LearningRuleImage random_rule(Numbers& numbers, isa::LearnMode mode);

}  // namespace seamount::testing
