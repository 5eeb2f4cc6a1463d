// Rows of neighbouring targets. Included by kernels_*.cpp after kernels_arithmetic.inl, inside the
// same namespace; includes nothing.

namespace {

/// Adds a step of a run to as many sums, which wrap.
inline void add_step(const std::uint32_t* run, i32* to) {
#if defined(__AVX2__)
    const __m256i add =
        _mm256_cvtepi16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(run)));
    auto* const sums = reinterpret_cast<__m256i*>(to);
    _mm256_storeu_si256(sums, _mm256_add_epi32(_mm256_loadu_si256(sums), add));
#else
    std::int16_t add[kRunStep];
    __builtin_memcpy(add, run, sizeof add);
    for (int i = 0; i < kRunStep; ++i) to[i] = signed32(unsigned32(to[i]) + unsigned32(add[i]));
#endif
}

}  // namespace

void add_runs(const RowOfRuns* row, const RowOfRuns* end) {
    for (; row != end; ++row) {
        for (const std::uint32_t* run = row->first; run != row->end;) {
            i32* to = row->due + (run[0] & kRunTargetMask);
            const i32* const last = to + (run[0] >> kRunLengthShift);
            ++run;
            for (; to < last; to += kRunStep, run += kRunStepWords) add_step(run, to);
        }
    }
}
