#pragma once

#include <cstdint>

#include "isa/learning/learning_image.hpp"

namespace seamount::isa {

inline constexpr double kMaxTau = 1e6;

/// Makes the decay table of a trace: what remains of each value after one step (nengo: one epoch).
/// By exp(-1/tau); brian2loihi by 1 - 1/tau, exactly if tau is whole. tau = 0: nothing remains.
/// Fractions are cut off after 32 bits.
void fill_decay(double tau, isa::LearnMode mode, std::uint32_t epoch, isa::TraceImage& trace);

/// Splits an impulse (0..127) into its whole part and 256ths, rounded to nearest.
void set_impulse(double impulse, isa::TraceImage& trace);

}  // namespace seamount::isa
