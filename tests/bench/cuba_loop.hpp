#pragma once

#include <cstdint>

namespace seamount::bench {

/// The arrays and parameters of configs/neurons/loihi1_cuba.asm without noise and refractory times,
/// as a programmer would lay them out who writes the model by hand.
struct CubaArrays {
    std::int32_t* u;
    std::int32_t* v;
    const std::int32_t* bias;
    const std::int32_t* threshold;
    std::int32_t* input;   ///< read and cleared
    std::uint8_t* spiked;  ///< 1 or 0
    int count;             ///< a multiple of 64
    std::int32_t keep_u;   ///< 0..4096, in 1/4096
    std::int32_t keep_v;
};

// One step of all neurons in one fused loop: bit for bit what loihi1_cuba.asm does, and nothing
// else. Compiled for the instruction sets of the lockstep kernels, with the same options.
namespace portable {
void cuba_step(const CubaArrays& cuba);
}
namespace avx2 {
void cuba_step(const CubaArrays& cuba);
}
namespace avx512 {
void cuba_step(const CubaArrays& cuba);
}

}  // namespace seamount::bench
