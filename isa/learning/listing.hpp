#pragma once

#include <string>

#include "isa/learning/learning_image.hpp"

namespace seamount::isa {

/// A rule as text: its settings, its microcode word by word with what the user wrote, and its cost
/// per synapse.
///
///     ; learning rule stdp: exact, stochastic, epoch 4
///     ; dw: 2^-2*x1*y0 - 2^-2*y1*x0
///       LGATE y0
///       ...
///     ; multiply-accumulates per synapse: 2 after x0, 2 after y0, 0 with u; 7 words
[[nodiscard]] std::string listing_of(const LearningRuleImage& rule);

}  // namespace seamount::isa
