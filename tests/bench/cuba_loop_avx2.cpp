#include "tests/bench/cuba_loop.hpp"

// Compiled for that instruction set on x86-64; empty elsewhere.
#ifdef __AVX2__
namespace seamount::bench::avx2 {
#include "tests/bench/cuba_loop.inl"
}  // namespace seamount::bench::avx2
#endif
