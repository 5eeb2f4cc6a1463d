#pragma once

#include <cstdint>

namespace seamount::bench {

/// The arrays and parameters of configs/neurons/lif.asm, as a programmer would lay them out who
/// writes the model by hand.
struct LifArrays {
    std::int32_t* u;
    std::int32_t* v;
    const std::int32_t* bias;
    std::int32_t* input;  ///< read and cleared
    std::uint8_t* spiked;
    int count;  ///< a multiple of 64
    std::int32_t keep_u;
    std::int32_t keep_v;
    std::int32_t threshold;
};

// One step of all neurons in one fused loop: bit for bit what lif.asm does, and nothing else. The
// same loop for the instruction sets of the lockstep kernels, compiled with the same options.
namespace portable {
void lif_step(const LifArrays& lif);
}
namespace avx2 {
void lif_step(const LifArrays& lif);
}
namespace avx512 {
void lif_step(const LifArrays& lif);
}

}  // namespace seamount::bench
