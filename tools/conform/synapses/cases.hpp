#pragma once

#include "tools/conform/vectors/case.hpp"

namespace seamount::conform {

// Tables: against isa/base/fixed.hpp, isa/image and the compiler's functions.
[[nodiscard]] Outcome run_primitives(const Json& file, const Context& context);
[[nodiscard]] Outcome run_weight_table(const Json& file, const Context& context);
[[nodiscard]] Outcome run_weight_table_nengo(const Json& file, const Context& context);
[[nodiscard]] Outcome run_synapse_bits(const Json& file, const Context& context);
[[nodiscard]] Outcome run_validator(const Json& file, const Context& context);

// Cases of the loihi2 files.
[[nodiscard]] Outcome run_dense(const Json& vector, const Context& context);
[[nodiscard]] Outcome run_convolution(const Json& vector, const Context& context);
[[nodiscard]] Outcome run_two_layers(const Json& vector, const Context& context);
[[nodiscard]] Outcome run_weight_quantisation(const Json& vector, const Context& context);

}  // namespace seamount::conform
