#include "isa/learning/trace_table.hpp"

#include <algorithm>
#include <cmath>

namespace seamount::isa {

void fill_decay(double tau, isa::LearnMode mode, std::uint32_t epoch, isa::TraceImage& trace) {
    const bool linear = mode == isa::LearnMode::kBrian2Loihi;
    const double steps = mode == isa::LearnMode::kNengo ? epoch : 1.0;
    for (std::uint32_t h = 0; h < trace.whole.size(); ++h) {
        std::uint64_t remains = 0;  // in units of 2^-32
        if (linear && tau >= 1.0 && tau == std::floor(tau)) {
            const auto whole_tau = static_cast<std::uint64_t>(tau);
            remains = ((std::uint64_t{h} * (whole_tau - 1)) << 32) / whole_tau;
        } else if (tau > 0.0) {
            const double factor = linear ? std::max(0.0, 1.0 - 1.0 / tau) : std::exp(-steps / tau);
            remains = static_cast<std::uint64_t>(std::floor(factor * h * 0x1p32));
        }
        trace.whole[h] = static_cast<std::uint8_t>(remains >> 32);
        trace.fraction[h] = static_cast<std::uint32_t>(remains);
    }
}

void set_impulse(double impulse, isa::TraceImage& trace) {
    const auto units = static_cast<std::uint32_t>(std::lround(impulse * 256.0));
    trace.impulse = std::min(units >> 8, static_cast<std::uint32_t>(isa::kMaxTrace));
    trace.impulse_fraction = units & 255U;
}

}  // namespace seamount::isa
