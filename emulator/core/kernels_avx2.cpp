#include "emulator/core/kernels.hpp"

#ifdef __SSE2__
#include <immintrin.h>
#endif

// Compiled with -mavx2 on x86-64; empty elsewhere.
#ifdef __AVX2__
namespace seamount::emu::avx2 {
#include "emulator/core/kernels_arithmetic.inl"
// After kernels_arithmetic.inl, whose i32 and signed32 it uses.
#include "emulator/core/kernels_rows.inl"
// After kernels_arithmetic.inl, whose operations it uses.
#include "emulator/core/kernels_alu.inl"
// After kernels_alu.inl, whose loops it uses.
#include "emulator/core/kernels.inl"
// After kernels.inl, whose functions it uses.
#include "emulator/core/kernels_fused.inl"
// After kernels_fused.inl, whose programs it tries first.
#include "emulator/core/kernels_run.inl"
}  // namespace seamount::emu::avx2
#endif
