#include "isa/image/bias.hpp"

#include <cmath>

namespace seamount::isa {

BiasParts split_bias(std::int64_t bias) noexcept {
    constexpr std::int64_t kLargest = 4095;
    const std::int64_t magnitude = bias < 0 ? -bias : bias;
    int exponent = 0;
    while (exponent < 62 && magnitude > (kLargest << exponent)) ++exponent;
    const double mantissa = std::nearbyint(std::ldexp(static_cast<double>(bias), -exponent));
    return {static_cast<std::int32_t>(mantissa), exponent};
}

}  // namespace seamount::isa
