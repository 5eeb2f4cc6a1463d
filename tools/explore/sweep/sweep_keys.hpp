#pragma once

#include "isa/yaml/form.hpp"

namespace seamount::explore {

inline constexpr std::int64_t kMaxPoints = 10'000'000;
inline constexpr double kMaxEnd = 1e15;     ///< of a range of values
inline constexpr double kLeastLog = 1e-12;  ///< of a logarithmic one, and of a step

/// The keys of a sweep file.
[[nodiscard]] const yaml::Form& sweep_form();

}  // namespace seamount::explore
