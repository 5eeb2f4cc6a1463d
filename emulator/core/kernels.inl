// The lockstep kernels: every operation as one loop over the lanes of a block, and the loop over
// the program. Included by kernels_*.cpp after kernels_arithmetic.inl, inside the same namespace;
// includes nothing. Loops have a fixed length and no dependencies between lanes, for the
// vectoriser.

namespace {

/// Lanes that are computed: whole vectors of every instruction set, which the optimiser can see.
inline int whole(int lanes) {
    return (lanes + 63) & -64;
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

template <class Op, isa::Condition C>
void apply(const Args& args) {
    i32* const d = args.d;
    const i32* const a = args.a;
    const i32* const b = args.b;
    const int n = args.n;
    const int lanes = args.lanes;
    const int span = whole(lanes);
    i32 overflows = 0;
    if (args.mask == nullptr) {
#pragma GCC ivdep
        for (int i = 0; i < span; ++i) {
            const Wide exact = Op::of(a[i], b[i], n);
            d[i] = condition<C>(exact);
            overflows += overflowed<C>(i, lanes, exact, d[i]);
        }
    } else {
        const i32* const mask = args.mask;
#pragma GCC ivdep
        for (int i = 0; i < span; ++i) {
            const Wide exact = Op::of(a[i], b[i], n);
            const i32 result = condition<C>(exact);
            d[i] = choose(mask[i], result, d[i]);
            overflows += overflowed<C>(i, lanes, exact, result) & mask[i];
        }
    }
    *args.overflows += static_cast<u64>(overflows);
}

struct Select {};
template <class Op, isa::Condition C>
requires(__is_same(Op, Select)) void apply(const Args& args) {
    i32* const d = args.d;
    const i32* const a = args.a;
    const i32* const b = args.b;
    const i32* const flag = args.flag;
    const i32* const mask = args.mask;
    const int lanes = args.lanes;
    const int span = whole(lanes);
    i32 overflows = 0;
    if (mask == nullptr) {
#pragma GCC ivdep
        for (int i = 0; i < span; ++i) {
            const Wide exact = narrow(choose(flag[i], a[i], b[i]));
            d[i] = condition<C>(exact);
            overflows += overflowed<C>(i, lanes, exact, d[i]);
        }
    } else {
#pragma GCC ivdep
        for (int i = 0; i < span; ++i) {
            const Wide exact = narrow(choose(flag[i], a[i], b[i]));
            const i32 result = condition<C>(exact);
            d[i] = choose(mask[i], result, d[i]);
            overflows += overflowed<C>(i, lanes, exact, result) & mask[i];
        }
    }
    *args.overflows += static_cast<u64>(overflows);
}

template <class Op>
void alu(const Args& args, std::uint8_t mode) {
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

/// RDC and PEEK. Only `lanes` accumulators belong to the block: its neighbours follow.
template <isa::Condition C>
void read_accumulator(const Args& args, i32* accumulator, int lanes, bool clear) {
    i32* const d = args.d;
    const i32* const mask = args.mask;
    const int n = args.n;
    i32 overflows = 0;
    if (mask == nullptr) {
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i) {
            const Wide exact = Shl::of(accumulator[i], 0, n);
            d[i] = condition<C>(exact);
            overflows += overflowed<C>(i, lanes, exact, d[i]);
        }
        *args.overflows += static_cast<u64>(overflows);
        if (clear) {
            for (int i = 0; i < lanes; ++i) accumulator[i] = 0;
        }
        return;
    }
#pragma GCC ivdep
    for (int i = 0; i < lanes; ++i) {
        const Wide exact = Shl::of(accumulator[i], 0, n);
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
#pragma GCC ivdep
        for (int i = 0; i < span; ++i) flag[i] = holds<How>(a[i], b[i]);
        return;
    }
    const i32* const mask = args.mask;
#pragma GCC ivdep
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

void execute(Block& block, const MicroOp& op, i32 pc, const i32* mask) {
    using isa::Opcode;
    const Args args{.d = block.targets[op.dst],
                    .a = block.sources[op.a],
                    .b = block.sources[op.b],
                    .n = op.imm,
                    .mask = mask,
                    .flag = block.flag,
                    .lanes = block.lanes,
                    .overflows = &block.overflows};
    switch (op.op) {
        case Opcode::kTrc:
        case Opcode::kMov:
            return alu<Mov>(args, op.mode);
        case Opcode::kAdd:
            return alu<Add>(args, op.mode);
        case Opcode::kSub:
            return alu<Sub>(args, op.mode);
        case Opcode::kMin:
            return alu<Min>(args, op.mode);
        case Opcode::kMax:
            return alu<Max>(args, op.mode);
        case Opcode::kAnd:
            return alu<And>(args, op.mode);
        case Opcode::kOr:
            return alu<Or>(args, op.mode);
        case Opcode::kXor:
            return alu<Xor>(args, op.mode);
        case Opcode::kAbs:
            return alu<Abs>(args, op.mode);
        case Opcode::kClz:
            return alu<Clz>(args, op.mode);
        case Opcode::kShl:
            return alu<Shl>(args, op.mode);
        case Opcode::kShr:
            return alu<Shr>(args, op.mode);
        case Opcode::kSrz:
            return alu<Srz>(args, op.mode);
        case Opcode::kMuls:
            return alu<Muls>(args, op.mode);
        case Opcode::kMulz:
            return alu<Mulz>(args, op.mode);
        case Opcode::kSel:
            return alu<Select>(args, op.mode);
        case Opcode::kCmp:
            return compare(args, block.flag, op);
        case Opcode::kRdc:
        case Opcode::kPeek:
            return read_accumulator(args, op.mode, block.accumulators[op.accumulator], block.lanes,
                                    op.op == Opcode::kRdc);
        case Opcode::kLdi:
            return load_immediate(args);
        case Opcode::kSpk:
            return spike(block, args);
        case Opcode::kRnd:
            return draw_random(block, op, pc, mask);
        case Opcode::kPsh:
            return push(block, op, mask);
        case Opcode::kBf:
        case Opcode::kEnd:
            return;  // run_block's own
    }
}

void zero(i32* words, int span) {
    for (int i = 0; i < span; ++i) words[i] = 0;
}

void start(Block& block) {
    const int span = whole(block.lanes);
    for (u32 left = block.zeroed_registers & 0xFFFFU; left != 0; left &= left - 1) {
        zero(block.registers[__builtin_ctz(left)], span);
    }
    if ((block.zeroed_registers >> 16) != 0) zero(block.flag, span);
    for (u32 left = block.written_states; left != 0; left &= left - 1) {
        const int word = __builtin_ctz(left);
        i32* const to = block.snapshot[word];
        const i32* const from = block.targets[kStateEntry + word];
        for (int i = 0; i < span; ++i) to[i] = from[i];
    }
    block.batch_count = 0;
    block.instructions = 0;
    block.overflows = 0;
    block.cycles = 0;
    block.diverged = false;
}

void find_active(Block& block) {
    const int span = whole(block.lanes);
    i32* const changed = block.mask;
    zero(changed, span);
    for (u32 left = block.written_states; left != 0; left &= left - 1) {
        const int word = __builtin_ctz(left);
        const i32* const now = block.targets[kStateEntry + word];
        const i32* const before = block.snapshot[word];
        for (int i = 0; i < span; ++i) changed[i] |= now[i] != before[i] ? -1 : 0;
    }
    to_bits(changed, block.lanes, block.active);
    for (int batch = 0; batch < block.batch_count; ++batch) {
        for (int k = 0; k < kMaskWords; ++k) block.active[k] |= block.batches[batch].lanes[k];
    }
}

/// From here on lanes have resume points and cycle counts of their own.
void diverge(Block& block) {
    const int lanes = block.lanes;
    const int span = whole(lanes);
    for (int i = 0; i < span; ++i) block.resume[i] = i < lanes ? 0 : kNever;
    for (int i = 0; i < span; ++i) block.awake[i] = i < lanes ? -1 : 0;
    zero(block.lane_cycles, span);
    block.diverged = true;
}

/// Books the cycles since the set of awake lanes last changed.
void settle(Block& block) {
    const int span = whole(block.lanes);
    const i32 cycles = block.cycles;
    for (int i = 0; i < span; ++i) block.lane_cycles[i] += block.awake[i] & cycles;
    block.cycles = 0;
}

/// Wakes the lanes whose resume point is reached. Returns how many lanes are awake; `wake_at`
/// becomes the next resume point.
int wake(Block& block, i32 pc, i32& wake_at) {
    const int span = whole(block.lanes);
    i32 awake = 0;
    i32 next = kNever;
    for (int i = 0; i < span; ++i) {
        const i32 resume = block.resume[i];
        const i32 is_awake = resume <= pc ? -1 : 0;
        const i32 candidate = resume <= pc ? kNever : resume;
        block.awake[i] = is_awake;
        awake -= is_awake;
        next = candidate < next ? candidate : next;
    }
    wake_at = next;
    return awake;
}

/// The lanes that execute `op`: awake ones whose predicate holds. Null: all.
const i32* lanes_of(Block& block, const MicroOp& op, bool all_awake) {
    if (op.pred == isa::Predicate::kAlways) return all_awake ? nullptr : block.awake;
    if (op.pred == isa::Predicate::kIfSet && all_awake) return block.flag;
    const int span = whole(block.lanes);
    const i32 invert = op.pred == isa::Predicate::kIfClear ? -1 : 0;
    if (all_awake) {
        for (int i = 0; i < span; ++i) block.mask[i] = block.flag[i] ^ invert;
    } else {
        for (int i = 0; i < span; ++i) {
            block.mask[i] = block.awake[i] & (block.flag[i] ^ invert);
        }
    }
    return block.mask;
}

}  // namespace

void run_block(Block& block) {
    start(block);
    bool all_awake = true;
    int awake = block.lanes;
    i32 wake_at = kNever;
    for (i32 pc = 0; pc != kNever;) {
        if (pc >= wake_at) {
            settle(block);
            awake = wake(block, pc, wake_at);
            all_awake = awake == block.lanes;
        }
        const MicroOp& op = block.ops[pc];
        block.instructions += static_cast<u64>(awake);
        block.cycles += op.cycles;
        const i32* const mask = lanes_of(block, op, all_awake);
        if (op.op != isa::Opcode::kBf && op.op != isa::Opcode::kEnd) {
            execute(block, op, pc, mask);
            ++pc;
            continue;
        }
        // END is a branch to nowhere.
        const i32 target = op.op == isa::Opcode::kEnd ? kNever : op.imm;
        if (mask == nullptr) {
            pc = target;
            continue;
        }
        if (!block.diverged) diverge(block);
        settle(block);
        const int span = whole(block.lanes);
        for (int i = 0; i < span; ++i) {
            block.resume[i] = choose(mask[i] & block.awake[i], target, block.resume[i]);
        }
        awake = wake(block, pc, wake_at);
        all_awake = awake == block.lanes;
        pc = awake != 0 ? pc + 1 : wake_at;
    }
    if (block.diverged) settle(block);
    find_active(block);
}
