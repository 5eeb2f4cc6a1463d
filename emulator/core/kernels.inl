// The lockstep kernels: every operation as one loop over the lanes of a block. Included by
// kernels_*.cpp after kernels_alu.inl, inside the same namespace; includes but a table.
// Loops have a fixed length and no dependencies between lanes, for the vectoriser.

namespace {

void zero(i32* words, int span) {
    for (int i = 0; i < span; ++i) words[i] = 0;
}

/// Reads a whole block, the usual one, by all lanes.
template <isa::Condition C, bool kClear>
void read_whole_accumulator(const Args& args, i32* accumulator) {
    i32* const d = args.d;
    const int n = args.n;
    i32 overflows = 0;
    SEAMOUNT_INDEPENDENT_LANES
    for (int i = 0; i < kLanes; ++i) {
        const Wide exact = Lanewise<isa::Opcode::kShl>::of(accumulator[i], 0, n);
        const i32 result = condition<C>(exact);
        d[i] = result;
        if constexpr (kClear) accumulator[i] = 0;
        overflows += overflowed<C>(0, kLanes, exact, result);
    }
    *args.overflows += static_cast<u64>(overflows);
}

/// RDC and PEEK. Only `lanes` accumulators belong to the block: its neighbours follow.
template <isa::Condition C>
void read_accumulator(const Args& args, i32* accumulator, int lanes, bool clear) {
    i32* const d = args.d;
    const i32* const mask = args.mask;
    const int n = args.n;
    i32 overflows = 0;
    if (mask == nullptr && lanes == kLanes) {
        return clear ? read_whole_accumulator<C, true>(args, accumulator)
                     : read_whole_accumulator<C, false>(args, accumulator);
    }
    if (mask == nullptr) {
        SEAMOUNT_INDEPENDENT_LANES
        for (int i = 0; i < lanes; ++i) {
            const Wide exact = Lanewise<isa::Opcode::kShl>::of(accumulator[i], 0, n);
            d[i] = condition<C>(exact);
            overflows += overflowed<C>(i, lanes, exact, d[i]);
        }
        *args.overflows += static_cast<u64>(overflows);
        if (clear) {
            for (int i = 0; i < lanes; ++i) accumulator[i] = 0;
        }
        return;
    }
    SEAMOUNT_INDEPENDENT_LANES
    for (int i = 0; i < lanes; ++i) {
        const Wide exact = Lanewise<isa::Opcode::kShl>::of(accumulator[i], 0, n);
        const i32 result = condition<C>(exact);
        d[i] = choose(mask[i], result, d[i]);
        overflows += overflowed<C>(i, lanes, exact, result) & mask[i];
    }
    *args.overflows += static_cast<u64>(overflows);
    if (clear) {
        for (int i = 0; i < lanes; ++i) accumulator[i] &= ~mask[i];
    }
}

void read_accumulator(const Args& args, std::uint8_t mode, i32* accumulator, int lanes,
                      bool clear) {
    using isa::Condition;
    switch (static_cast<Condition>(mode)) {
        case Condition::kWrap32:
            return read_accumulator<Condition::kWrap32>(args, accumulator, lanes, clear);
        case Condition::kSat24:
            return read_accumulator<Condition::kSat24>(args, accumulator, lanes, clear);
        case Condition::kWrap24:
            return read_accumulator<Condition::kWrap24>(args, accumulator, lanes, clear);
        case Condition::kWrapLava:
            return read_accumulator<Condition::kWrapLava>(args, accumulator, lanes, clear);
        case Condition::kWrap22:
            return read_accumulator<Condition::kWrap22>(args, accumulator, lanes, clear);
        case Condition::kWrap16:
            return read_accumulator<Condition::kWrap16>(args, accumulator, lanes, clear);
    }
}

template <isa::Comparison How>
inline i32 holds(i32 a, i32 b) {
    using isa::Comparison;
    if constexpr (How == Comparison::kLt) return a < b ? -1 : 0;
    if constexpr (How == Comparison::kLe) return a <= b ? -1 : 0;
    if constexpr (How == Comparison::kGt) return a > b ? -1 : 0;
    if constexpr (How == Comparison::kGe) return a >= b ? -1 : 0;
    if constexpr (How == Comparison::kEq) return a == b ? -1 : 0;
    if constexpr (How == Comparison::kNe) return a != b ? -1 : 0;
}

template <isa::Comparison How>
void compare(const Args& args, i32* flag, isa::Combine combine) {
    const i32* const a = args.a;
    const i32* const b = args.b;
    // F' = (keep & F) ^ (take & outcome) ^ (both & F & outcome) covers set, and, or, xor.
    using isa::Combine;
    const int span = whole(args.lanes);
    const i32 keep = combine == Combine::kOr || combine == Combine::kXor ? -1 : 0;
    const i32 take = combine != Combine::kAnd ? -1 : 0;
    const i32 both = combine == Combine::kAnd || combine == Combine::kOr ? -1 : 0;
    if (args.mask == nullptr && combine == Combine::kSet) {
        SEAMOUNT_INDEPENDENT_LANES
        for (int i = 0; i < span; ++i) flag[i] = holds<How>(a[i], b[i]);
        return;
    }
    const i32* const mask = args.mask;
    SEAMOUNT_INDEPENDENT_LANES
    for (int i = 0; i < span; ++i) {
        const i32 f = flag[i];
        const i32 outcome = holds<How>(a[i], b[i]);
        const i32 result = (keep & f) ^ (take & outcome) ^ (both & f & outcome);
        flag[i] = mask == nullptr ? result : choose(mask[i], result, f);
    }
}

void compare(const Args& args, i32* flag, const MicroOp& op) {
    using isa::Comparison;
    const auto combine = static_cast<isa::Combine>(op.mode);
    switch (static_cast<Comparison>(op.imm)) {
        case Comparison::kLt:
            return compare<Comparison::kLt>(args, flag, combine);
        case Comparison::kLe:
            return compare<Comparison::kLe>(args, flag, combine);
        case Comparison::kGt:
            return compare<Comparison::kGt>(args, flag, combine);
        case Comparison::kGe:
            return compare<Comparison::kGe>(args, flag, combine);
        case Comparison::kEq:
            return compare<Comparison::kEq>(args, flag, combine);
        case Comparison::kNe:
            return compare<Comparison::kNe>(args, flag, combine);
    }
}

void load_immediate(const Args& args) {
    i32* const d = args.d;
    const i32* const mask = args.mask;
    const i32 value = args.n;
    const int span = whole(args.lanes);
    for (int i = 0; i < span; ++i) {
        d[i] = mask == nullptr ? value : choose(mask[i], value, d[i]);
    }
}

/// The bits of 64 words: 1 where the word is negative.
inline u64 sign_bits(const i32* words) {
    u64 bits = 0;
#if defined(__AVX512DQ__)
    for (int i = 0; i < 64; i += 16) {
        bits |= u64{_mm512_movepi32_mask(_mm512_loadu_si512(words + i))} << i;
    }
#elif defined(__AVX2__)
    for (int i = 0; i < 64; i += 8) {
        const __m256 eight = _mm256_loadu_ps(reinterpret_cast<const float*>(words + i));
        bits |= u64{static_cast<u32>(_mm256_movemask_ps(eight))} << i;
    }
#elif defined(__SSE2__)
    for (int i = 0; i < 64; i += 4) {
        const __m128 four = _mm_loadu_ps(reinterpret_cast<const float*>(words + i));
        bits |= u64{static_cast<u32>(_mm_movemask_ps(four))} << i;
    }
#else
    for (int i = 0; i < 64; ++i) bits |= u64{unsigned32(words[i]) >> 31} << i;
#endif
    return bits;
}

/// The bits of 64 pairs of words: 1 where they differ.
inline u64 difference_bits(const i32* x, const i32* y) {
    u64 bits = 0;
#if defined(__AVX512DQ__)
    for (int i = 0; i < 64; i += 16) {
        bits |= u64{_mm512_cmpneq_epi32_mask(_mm512_loadu_si512(x + i), _mm512_loadu_si512(y + i))}
                << i;
    }
#else
    i32 differ[64];
    for (int i = 0; i < 64; ++i) differ[i] = x[i] != y[i] ? -1 : 0;
    bits = sign_bits(differ);
#endif
    return bits;
}

/// Sets bit i where word i of a mask is -1, for the first `lanes` words; all others are 0.
void to_bits(const i32* mask, int lanes, u64* bits) {
    for (int k = 0; k < kMaskWords; ++k) {
        const int valid = lanes - k * 64;
        bits[k] = valid <= 0 ? 0 : sign_bits(mask + k * 64);
        if (valid > 0 && valid < 64) bits[k] &= (u64{1} << valid) - 1;
    }
}

void spike(Block& block, const Args& args) {
    SpikeBatch& batch = block.batches[block.batch_count];
    const int span = whole(block.lanes);
    if (args.mask == nullptr) {
        for (int k = 0; k < kMaskWords; ++k) {
            const int valid = block.lanes - k * 64;
            batch.lanes[k] = valid >= 64 ? ~u64{0} : valid <= 0 ? 0 : (u64{1} << valid) - 1;
        }
    } else {
        to_bits(args.mask, block.lanes, batch.lanes);
    }
    u64 any = 0;
    for (int k = 0; k < kMaskWords; ++k) any |= batch.lanes[k];
    if (any == 0) return;
    for (int i = 0; i < span; ++i) batch.payload[i] = args.a[i];
    batch.channel = static_cast<std::uint8_t>(args.n);
    ++block.batch_count;
}

/// One instruction over the lanes of a block. What has no form of its own below computes its lanes:
/// an operation without a Lanewise does not compile.
template <isa::Opcode Op>
inline void run(Block&, const MicroOp& op, i32, const Args& args) {
    alu<Op>(args, op.mode);
}
template <>
inline void run<isa::Opcode::kMulz>(Block& block, const MicroOp& op, i32, const Args& args) {
    // Parameters are the same in all lanes.
    const bool is_parameter = op.b >= kParameterEntry && op.b < kConstantEntry;
    const bool may = is_parameter && args.mask == nullptr && decays(args.b[0], args.n);
    (void)block;
    may ? decay(args, op.mode) : alu<isa::Opcode::kMulz>(args, op.mode);
}
template <>
inline void run<isa::Opcode::kTrc>(Block&, const MicroOp& op, i32, const Args& args) {
    alu<isa::Opcode::kMov>(args, op.mode);
}
template <>
inline void run<isa::Opcode::kCmp>(Block& block, const MicroOp& op, i32, const Args& args) {
    compare(args, block.flag, op);
}
template <>
inline void run<isa::Opcode::kRdc>(Block& block, const MicroOp& op, i32, const Args& args) {
    read_accumulator(args, op.mode, block.accumulators[op.accumulator], block.lanes, true);
}
template <>
inline void run<isa::Opcode::kPeek>(Block& block, const MicroOp& op, i32, const Args& args) {
    read_accumulator(args, op.mode, block.accumulators[op.accumulator], block.lanes, false);
}
template <>
inline void run<isa::Opcode::kLdi>(Block&, const MicroOp&, i32, const Args& args) {
    load_immediate(args);
}
template <>
inline void run<isa::Opcode::kSpk>(Block& block, const MicroOp&, i32, const Args& args) {
    spike(block, args);
}
template <>
inline void run<isa::Opcode::kRnd>(Block& block, const MicroOp& op, i32 pc, const Args& args) {
    draw_random(block, op, pc, args.mask);
}
template <>
inline void run<isa::Opcode::kPsh>(Block& block, const MicroOp& op, i32, const Args& args) {
    push(block, op, args.mask);
}
template <>
inline void run<isa::Opcode::kBf>(Block&, const MicroOp&, i32, const Args&) {}  // run_block's own
template <>
inline void run<isa::Opcode::kEnd>(Block&, const MicroOp&, i32, const Args&) {}  // likewise

void execute(Block& block, const MicroOp& op, i32 pc, const i32* mask) {
    const Args args{.d = block.targets[op.dst],
                    .a = block.sources[op.a],
                    .b = block.sources[op.b],
                    .n = op.imm,
                    .mask = mask,
                    .flag = block.flag,
                    .lanes = block.lanes,
                    .overflows = &block.overflows};
    switch (op.op) {
#define SM_OP(name, ...)       \
    case isa::Opcode::k##name: \
        return run<isa::Opcode::k##name>(block, op, pc, args);
#include "isa/microcode/opcodes.def"
    }
}

}  // namespace
