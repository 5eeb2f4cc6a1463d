#pragma once

#include <cstdint>
#include <string>

namespace seamount::compiler {

/// What quantisation did to the weights of one projection.
struct QuantisationLoss {
    std::string projection;
    std::uint64_t synapses = 0;
    std::uint64_t clipped = 0;    ///< outside the mantissa range of the sign mode
    std::uint64_t truncated = 0;  ///< low bits lost to the stored width or to a negative exponent
    double max_error = 0.0;       ///< largest |asked - got|, in units of the asked weight
    double mean_error = 0.0;      ///< mean |asked - got|
};

}  // namespace seamount::compiler
