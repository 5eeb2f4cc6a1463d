// Lane arithmetic of the lockstep kernels: every operation before and after conditioning. Included
// by kernels_*.cpp inside a namespace of its own; includes nothing. Unsigned where it may overflow.

// Before a loop: what it stores for one lane no other lane reads, so it may be vectorised.
#ifdef __clang__
#define SEAMOUNT_INDEPENDENT_LANES _Pragma("clang loop vectorize(assume_safety)")
#else
#define SEAMOUNT_INDEPENDENT_LANES _Pragma("GCC ivdep")
#endif

namespace {

using i32 = std::int32_t;
using u32 = std::uint32_t;
using i64 = std::int64_t;
using u64 = std::uint64_t;

constexpr i32 kNever = 0x7FFFFFFF;  ///< resume point of a lane that has ended
constexpr i32 kMin32 = -kNever - 1;

inline i32 signed32(u32 x) {
    return static_cast<i32>(x);
}
inline u32 unsigned32(i32 x) {
    return static_cast<u32>(x);
}
inline i32 choose(i32 mask, i32 yes, i32 no) {
    return (yes & mask) | (no & ~mask);
}

/// A result of up to 64 bits as conditioning needs it: its low half for the wraps, and clipped to
/// 32 bits for the comparisons with +-2^23. Whatever is not used costs nothing.
struct Wide {
    i32 low;
    i32 clipped;
};

inline Wide narrow(i32 x) {
    return {x, x};
}
/// `overflow` and `negative` are masks; `negative` is the sign of the exact result.
inline Wide wide(i32 low, i32 overflow, i32 negative) {
    return {low, choose(overflow, negative ^ kNever, low)};
}

template <isa::Condition C>
inline i32 condition(Wide x) {
    using isa::Condition;
    constexpr i32 half = 1 << 23;
    if constexpr (C == Condition::kWrap32) {
        return x.low;
    } else if constexpr (C == Condition::kSat24) {
        const i32 below = x.clipped < half ? x.clipped : half - 1;
        return below > -half ? below : 1 - half;
    } else if constexpr (C == Condition::kWrapLava) {
        const u32 down = x.clipped > half ? 2U * half : 0U;
        const u32 up = x.clipped <= -half ? 2U * half : 0U;
        return signed32(unsigned32(x.low) - down + up);
    } else {
        constexpr int unused = C == Condition::kWrap24 ? 8 : C == Condition::kWrap22 ? 10 : 16;
        return signed32(unsigned32(x.low) << unused) >> unused;
    }
}

/// The exact result of an operation that computes each lane from its a, b and n alone.
template <isa::Opcode Op>
struct Lanewise;
template <>
struct Lanewise<isa::Opcode::kMov> {
    static Wide of(i32 a, i32, int) { return narrow(a); }
};
template <>
struct Lanewise<isa::Opcode::kAdd> {
    static Wide of(i32 a, i32 b, int) {
        const i32 low = signed32(unsigned32(a) + unsigned32(b));
        return wide(low, (~(a ^ b) & (a ^ low)) >> 31, a >> 31);
    }
};
template <>
struct Lanewise<isa::Opcode::kSub> {
    static Wide of(i32 a, i32 b, int) {
        const i32 low = signed32(unsigned32(a) - unsigned32(b));
        return wide(low, ((a ^ b) & (a ^ low)) >> 31, a >> 31);
    }
};
template <>
struct Lanewise<isa::Opcode::kMin> {
    static Wide of(i32 a, i32 b, int) { return narrow(a < b ? a : b); }
};
template <>
struct Lanewise<isa::Opcode::kMax> {
    static Wide of(i32 a, i32 b, int) { return narrow(a > b ? a : b); }
};
template <>
struct Lanewise<isa::Opcode::kAnd> {
    static Wide of(i32 a, i32 b, int) { return narrow(a & b); }
};
template <>
struct Lanewise<isa::Opcode::kOr> {
    static Wide of(i32 a, i32 b, int) { return narrow(a | b); }
};
template <>
struct Lanewise<isa::Opcode::kXor> {
    static Wide of(i32 a, i32 b, int) { return narrow(a ^ b); }
};
template <>
struct Lanewise<isa::Opcode::kAbs> {
    static Wide of(i32 a, i32, int) {
        const i32 sign = a >> 31;
        const i32 low = signed32(unsigned32(a ^ sign) - unsigned32(sign));
        return {low, a == kMin32 ? kNever : low};
    }
};
template <>
struct Lanewise<isa::Opcode::kClz> {
    static Wide of(i32 a, i32, int) { return narrow(a == 0 ? 32 : __builtin_clz(unsigned32(a))); }
};
template <>
struct Lanewise<isa::Opcode::kShl> {
    static Wide of(i32 a, i32, int n) {
        const i32 low = signed32(unsigned32(a) << n);
        return wide(low, (low >> n) != a ? -1 : 0, a >> 31);
    }
};
template <>
struct Lanewise<isa::Opcode::kShr> {
    static Wide of(i32 a, i32, int n) { return narrow(a >> n); }
};
template <>
struct Lanewise<isa::Opcode::kSrz> {
    static Wide of(i32 a, i32, int n) {
        const i32 fraction = signed32((1U << n) - 1U);
        return narrow((a + ((a >> 31) & fraction)) >> n);
    }
};

/// Bits 31:0 of a shifted product do not depend on the sign bits that enter at the top (n < 32), so
/// the 64-bit shift is a logical one: every instruction set has that.
inline Wide shifted_product(u64 product, int n) {
    const i32 low = signed32(static_cast<u32>(product >> n));
    const i32 high = signed32(static_cast<u32>(product >> 32));
    return wide(low, (high >> n) != (low >> 31) ? -1 : 0, high >> 31);
}
template <>
struct Lanewise<isa::Opcode::kMuls> {
    static Wide of(i32 a, i32 b, int n) {
        return shifted_product(static_cast<u64>(static_cast<i64>(a) * b), n);
    }
};
template <>
struct Lanewise<isa::Opcode::kMulz> {
    static Wide of(i32 a, i32 b, int n) {
        // A negative product is rounded up. If a factor is 0 the signs may disagree, but then
        // (0 + fraction) >> n is 0 all the same.
        const u32 fraction = unsigned32((a ^ b) >> 31) & ((1U << n) - 1U);
        return shifted_product(static_cast<u64>(static_cast<i64>(a) * b) + fraction, n);
    }
};

}  // namespace
