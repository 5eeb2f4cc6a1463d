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
    std::uint64_t zeroed = 0;     ///< became 0 and were not, of the clipped and truncated ones
    double max_error = 0.0;       ///< largest |asked - got|, in units of the asked weight
    double mean_error = 0.0;      ///< mean |asked - got|
    double mean_shift = 0.0;      ///< mean got - asked
    double max_asked = 0.0;       ///< largest |asked|
    double mean_asked = 0.0;      ///< mean |asked|
    std::int32_t grid = 1;        ///< mantissas between two weights that can be stored
    bool nearest = false;         ///< rounded to the nearest of these, else downwards
};

}  // namespace seamount::compiler
