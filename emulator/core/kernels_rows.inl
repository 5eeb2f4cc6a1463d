// Rows of neighbouring targets. Included by kernels_*.cpp after kernels_arithmetic.inl, inside the
// same namespace; includes nothing.

namespace {

/// A step of a run, and the sums of as many targets, wherever they lie. Unsigned: sums wrap.
using Increments [[gnu::vector_size(kRunStep * sizeof(std::int16_t)), gnu::aligned(4),
                   gnu::may_alias]] = std::int16_t;
using Sums [[gnu::vector_size(kRunStep * sizeof(u32)), gnu::aligned(4), gnu::may_alias]] = u32;

}  // namespace

void add_runs(const std::uint32_t* run, const std::uint32_t* end, std::int32_t* due) {
    while (run != end) {
        const int length = static_cast<int>(run[0] >> kRunLengthShift);
        i32* const to = due + (run[0] & kRunTargetMask);
        ++run;
        for (int i = 0; i < length; i += kRunStep, run += kRunStepWords) {
            *reinterpret_cast<Sums*>(to + i) +=
                __builtin_convertvector(*reinterpret_cast<const Increments*>(run), Sums);
        }
    }
}
