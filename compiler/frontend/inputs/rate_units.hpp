#pragma once

#include <cstdint>

namespace seamount::compiler::frontend {

/// A rate or probability of [0, 1] as InputImage::rates has it, in units of 2^-64, rounded up.
///
/// 0.7 is meant where a file says 0.7, though no double is 0.7: so it stands for the simplest
/// fraction with a denominator up to 2^24 that rounds to it, if there is one, and the n-th spike of
/// 7 in 10 steps comes when it should, for 2^40 steps at least. A number that a 32-bit float holds
/// stands for a fraction that rounds to that float, unless it is a multiple of 2^-16.
[[nodiscard]] std::uint64_t rate_units(double rate) noexcept;

}  // namespace seamount::compiler::frontend
