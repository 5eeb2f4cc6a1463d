// The lockstep kernels: arithmetic over the lanes of a block. Included by kernels_*.cpp after
// kernels_arithmetic.inl, inside the same namespace; includes nothing. Loops have a fixed length
// and no dependencies between lanes, for the vectoriser.

namespace {

/// Lanes that are computed: whole vectors of every instruction set, which the optimiser can see.
inline int whole(int lanes) {
    return (lanes + 15) & -16;
}

/// Operands of one instruction. `mask` is null if every lane takes part.
struct Args {
    i32* d;
    const i32* a;
    const i32* b;
    int n;
    const i32* mask;
    const i32* flag;
    int lanes;       ///< of the block; what lies beyond is not counted
    u64* overflows;  ///< results that conditioning changed
};

/// 1 if conditioning changed the result of lane `i` of `lanes`, for counting. Plain wrapping is not
/// counted. By value: the loops that call it store to memory, and are vectorised only if that
/// cannot change what they read.
template <isa::Condition C>
inline i32 overflowed(int i, int lanes, Wide exact, i32 result) {
    if constexpr (C == isa::Condition::kWrap32) return 0;
    return result != exact.clipped && i < lanes ? 1 : 0;
}

/// All lanes take part. A full block, the usual one, need not ask which lanes belong to it.
template <isa::Opcode Op, isa::Condition C, bool kFull>
i32 apply_to_all(const Args& args) {
    i32* const d = args.d;
    const i32* const a = args.a;
    const i32* const b = args.b;
    const int n = args.n;
    const int lanes = kFull ? kLanes : args.lanes;
    const int span = kFull ? kLanes : whole(lanes);
    i32 overflows = 0;
    SEAMOUNT_INDEPENDENT_LANES
    for (int i = 0; i < span; ++i) {
        const Wide exact = Lanewise<Op>::of(a[i], b[i], n);
        d[i] = condition<C>(exact);
        overflows += overflowed<C>(kFull ? 0 : i, lanes, exact, d[i]);
    }
    return overflows;
}

template <isa::Opcode Op, isa::Condition C>
void apply(const Args& args) {
    i32* const d = args.d;
    const i32* const a = args.a;
    const i32* const b = args.b;
    const int n = args.n;
    const int lanes = args.lanes;
    const int span = whole(lanes);
    i32 overflows = 0;
    if (args.mask == nullptr) {
        overflows =
            lanes == kLanes ? apply_to_all<Op, C, true>(args) : apply_to_all<Op, C, false>(args);
    } else {
        const i32* const mask = args.mask;
        SEAMOUNT_INDEPENDENT_LANES
        for (int i = 0; i < span; ++i) {
            const Wide exact = Lanewise<Op>::of(a[i], b[i], n);
            const i32 result = condition<C>(exact);
            d[i] = choose(mask[i], result, d[i]);
            overflows += overflowed<C>(i, lanes, exact, result) & mask[i];
        }
    }
    *args.overflows += static_cast<u64>(overflows);
}

/// MULZ by a factor in [0, 2^n], n in 1..16: what decays. The product of |a| and the factor in two
/// halves, each of which fits 32 bits; the result is no larger than a.
inline i32 decayed(i32 a, u32 keep, int n) {
    const u32 below = (1U << n) - 1U;
    const u32 sign = unsigned32(a >> 31);
    const u32 size = (unsigned32(a) ^ sign) - sign;
    const u32 kept = (size >> n) * keep + (((size & below) * keep) >> n);
    return signed32((kept ^ sign) - sign);
}

/// Whether decayed() may stand for MULZ.
inline bool decays(i32 factor, int n) {
    return n >= 1 && n <= 16 && factor >= 0 && factor <= (1 << n);
}

/// MULZ where decays() of the factor, which is the same in all lanes.
template <isa::Condition C, bool kFull>
void decay(const Args& args) {
    i32* const d = args.d;
    const i32* const a = args.a;
    const u32 keep = unsigned32(args.b[0]);
    const int n = args.n;
    const int lanes = kFull ? kLanes : args.lanes;
    const int span = kFull ? kLanes : whole(lanes);
    i32 overflows = 0;
    SEAMOUNT_INDEPENDENT_LANES
    for (int i = 0; i < span; ++i) {
        const Wide exact = narrow(decayed(a[i], keep, n));
        d[i] = condition<C>(exact);
        overflows += overflowed<C>(kFull ? 0 : i, lanes, exact, d[i]);
    }
    *args.overflows += static_cast<u64>(overflows);
}

template <isa::Condition C>
void decay(const Args& args) {
    args.lanes == kLanes ? decay<C, true>(args) : decay<C, false>(args);
}

void decay(const Args& args, std::uint8_t mode) {
    using isa::Condition;
    switch (static_cast<Condition>(mode)) {
        case Condition::kWrap32:
            return decay<Condition::kWrap32>(args);
        case Condition::kSat24:
            return decay<Condition::kSat24>(args);
        case Condition::kWrap24:
            return decay<Condition::kWrap24>(args);
        case Condition::kWrapLava:
            return decay<Condition::kWrapLava>(args);
        case Condition::kWrap22:
            return decay<Condition::kWrap22>(args);
        case Condition::kWrap16:
            return decay<Condition::kWrap16>(args);
    }
}

/// SEL looks at the flag of the lane too.
template <isa::Opcode Op, isa::Condition C>
requires(Op == isa::Opcode::kSel) void apply(const Args& args) {
    i32* const d = args.d;
    const i32* const a = args.a;
    const i32* const b = args.b;
    const i32* const flag = args.flag;
    const i32* const mask = args.mask;
    const int lanes = args.lanes;
    const int span = whole(lanes);
    i32 overflows = 0;
    if (mask == nullptr) {
        SEAMOUNT_INDEPENDENT_LANES
        for (int i = 0; i < span; ++i) {
            const Wide exact = narrow(choose(flag[i], a[i], b[i]));
            d[i] = condition<C>(exact);
            overflows += overflowed<C>(i, lanes, exact, d[i]);
        }
    } else {
        SEAMOUNT_INDEPENDENT_LANES
        for (int i = 0; i < span; ++i) {
            const Wide exact = narrow(choose(flag[i], a[i], b[i]));
            const i32 result = condition<C>(exact);
            d[i] = choose(mask[i], result, d[i]);
            overflows += overflowed<C>(i, lanes, exact, result) & mask[i];
        }
    }
    *args.overflows += static_cast<u64>(overflows);
}

/// Never inlined: what executes an operation would save the registers that all others need.
template <isa::Opcode Op>
[[gnu::noinline]] void alu(const Args& args, std::uint8_t mode) {
    using isa::Condition;
    switch (static_cast<Condition>(mode)) {
        case Condition::kWrap32:
            return apply<Op, Condition::kWrap32>(args);
        case Condition::kSat24:
            return apply<Op, Condition::kSat24>(args);
        case Condition::kWrap24:
            return apply<Op, Condition::kWrap24>(args);
        case Condition::kWrapLava:
            return apply<Op, Condition::kWrapLava>(args);
        case Condition::kWrap22:
            return apply<Op, Condition::kWrap22>(args);
        case Condition::kWrap16:
            return apply<Op, Condition::kWrap16>(args);
    }
}

}  // namespace
