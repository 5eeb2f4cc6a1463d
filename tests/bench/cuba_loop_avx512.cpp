#include "tests/bench/cuba_loop.hpp"

// Compiled for that instruction set on x86-64; empty elsewhere.
#ifdef __AVX512DQ__
namespace seamount::bench::avx512 {
#include "tests/bench/cuba_loop.inl"
}  // namespace seamount::bench::avx512
#endif
