#include "emulator/core/kernels.hpp"

#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace seamount::emu::portable {
#include "emulator/core/kernels_arithmetic.inl"
// Uses the operations above.
#include "emulator/core/kernels.inl"
// Uses those above.
#include "emulator/core/kernels_run.inl"
}  // namespace seamount::emu::portable
