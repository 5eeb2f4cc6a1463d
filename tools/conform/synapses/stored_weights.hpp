#pragma once

#include <string>

#include "isa/image/weights.hpp"
#include "tools/conform/vectors/trace.hpp"

namespace seamount::conform {

using Matrix = Trace;  ///< [post][pre]

/// A weight within what the mode can store.
[[nodiscard]] std::int32_t clipped(std::int32_t weight, isa::SignMode mode);

/// The vectors state the weights as stored; the compiler's own must be the same. The first
/// difference as text, or empty.
[[nodiscard]] std::string check_stored(const Matrix& weights, const Matrix& stored,
                                       isa::SignMode mode, int bits);

}  // namespace seamount::conform
