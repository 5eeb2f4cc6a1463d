#pragma once

#include <cstdint>
#include <string>

#include "tools/explain/answer/answer.hpp"

// What text and page say alike.

namespace seamount::explain {

/// "-12,345", "+7".
[[nodiscard]] std::string signed_number(std::int64_t value);
/// "bias, parameters, host writes"
[[nodiscard]] std::string entry_words(Entry entry);
/// "why output[7] spiked in step 120"
[[nodiscard]] std::string title_of(const isa::Image& image, const Account& account);
/// "hidden[3] spiked in step 5: v was 3,600 above the threshold 3,072"
[[nodiscard]] std::string headline(const isa::Image& image, const Effect& effect);
/// "image[12] in step 3, weight 40, delay 1"
[[nodiscard]] std::string event_words(const isa::Image& image, const Event& event);
/// "without it 1,200: no spike"
[[nodiscard]] std::string without_words(const Effect& effect, const Cause& cause);
[[nodiscard]] std::string history_words(const isa::Image& image, const WeightHistory& history);
/// "; without it the difference is 1,200 smaller"
[[nodiscard]] std::string measured_words(const Explanation& explanation, const InputPart& part);
/// Of all inputs, in magnitude: what their parts are parts of; never 0.
[[nodiscard]] double whole_score(const Explanation& explanation);

}  // namespace seamount::explain
