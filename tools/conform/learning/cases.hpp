#pragma once

#include "tools/conform/vectors/case.hpp"

namespace seamount::conform {

/// lava with roundings floor and half.
[[nodiscard]] Outcome run_lava_learning(const Json& vector, const Context& context);
/// lava with a constant.
[[nodiscard]] Outcome run_lava_learning_constant(const Json& file, const Context& context);
[[nodiscard]] Outcome run_brian_learning(const Json& file, const Context& context);
[[nodiscard]] Outcome run_nengo_pes(const Json& file, const Context& context);

}  // namespace seamount::conform
