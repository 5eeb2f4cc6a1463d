// The lockstep kernels: whole programs as one loop over the lanes of a block. Included by
// kernels_*.cpp after kernels.inl, inside the same namespace; includes nothing. Every lane executes
// what run_block would, by the same arithmetic; what lies between its instructions never leaves the
// vector registers.

namespace {

/// A branch that all lanes take: right behind a comparison of a state word, which the program does
/// not write, with a constant.
struct Guard {
    int word;
    isa::Comparison how;
    i32 constant;
};

/// The instructions on the way of lanes that take every branch.
template <std::size_t kWords>
struct Way {
    MicroOp ops[kWords]{};  ///< without BF and END
    int count = 0;
    Guard guards[kWords]{};
    int guard_count = 0;
    int instructions = 0;  ///< with BF and END
    int cycles = 0;
    u32 read_states = 0;
    u32 written_states = 0;
    u32 parameters = 0;
    int input = -1;  ///< the accumulator that it reads; -1: none
    int spike = -1;  ///< where in `ops` it spikes; -1: nowhere
};

/// Notes what `op` uses. A throw in here does not compile: the program has no loop of this kind.
template <std::size_t kWords>
consteval void note_uses(Way<kWords>& way, const MicroOp& op) {
    using isa::Opcode;
    const std::uint8_t sources[2] = {op.a, op.b};
    for (const std::uint8_t entry : sources) {
        if (entry >= kStateEntry && entry < kParameterEntry) {
            way.read_states |= 1U << (entry - kStateEntry);
        }
        if (entry >= kParameterEntry && entry < kConstantEntry) {
            way.parameters |= 1U << (entry - kParameterEntry);
        }
    }
    const bool always = op.pred == isa::Predicate::kAlways;
    if (op.op == Opcode::kPsh || op.op == Opcode::kRnd || op.op == Opcode::kTrc ||
        op.op == Opcode::kPeek || (op.op == Opcode::kCmp && !always)) {
        throw "not in a lane";
    }
    if (op.op == Opcode::kRdc) {
        if (way.input >= 0 || !always) throw "one input, read by all";
        way.input = op.accumulator;
    }
    if (op.op == Opcode::kSpk) {
        if (way.spike >= 0) throw "one spike";
        way.spike = way.count;
    }
    const bool has_target = op.op != Opcode::kSpk && op.op != Opcode::kCmp;
    if (has_target && op.dst >= kStateEntry) way.written_states |= 1U << (op.dst - kStateEntry);
}

consteval Guard guard_of(const MicroOp& compare, const MicroOp& branch) {
    if (compare.op != isa::Opcode::kCmp || compare.mode != 0 ||
        compare.pred != isa::Predicate::kAlways || branch.pred != isa::Predicate::kIfSet ||
        compare.a < kStateEntry || compare.a >= kParameterEntry || compare.b < kConstantEntry) {
        throw "which way it goes cannot be told before";
    }
    return {compare.a - kStateEntry, static_cast<isa::Comparison>(compare.imm),
            isa::kConstants[static_cast<unsigned>(compare.b - kConstantEntry)]};
}

template <const auto& kProgram>
consteval auto way_through() {
    Way<kProgram.size()> way;
    for (unsigned pc = 0;;) {
        const MicroOp& op = kProgram[pc];
        ++way.instructions;
        way.cycles += op.cycles;
        if (op.op == isa::Opcode::kEnd) {
            if (op.pred != isa::Predicate::kAlways) throw "some lanes end, others do not";
            break;
        }
        if (op.op == isa::Opcode::kBf) {
            way.guards[way.guard_count++] = guard_of(kProgram[pc - 1], op);
            pc = static_cast<unsigned>(op.imm);
            continue;
        }
        note_uses(way, op);
        way.ops[way.count++] = op;
        ++pc;
    }
    for (int g = 0; g < way.guard_count; ++g) {
        if ((way.written_states >> way.guards[g].word & 1U) != 0) throw "the program writes it";
    }
    return way;
}

template <const auto& kProgram>
constexpr auto kWayOf = way_through<kProgram>();

/// Whether the payloads of its spikes differ.
template <std::size_t kWords>
constexpr bool has_payload(const Way<kWords>& way) {
    return way.spike >= 0 && way.ops[way.spike].a < kConstantEntry;
}

/// One lane on its way.
struct LaneValues {
    i32 registers[isa::kRegisters];
    i32 states[isa::kStateWords];
    i32 flag;
    i32 input;
    i32 spikes;  ///< -1 if it does
    i32 payload;
    i32 overflows;
};

template <int kEntry>
[[gnu::always_inline]] inline i32 value(const LaneValues& lane, const i32* parameters) {
    if constexpr (kEntry < kStateEntry) return lane.registers[kEntry];
    if constexpr (kEntry >= kStateEntry && kEntry < kParameterEntry) {
        return lane.states[kEntry - kStateEntry];
    }
    if constexpr (kEntry >= kParameterEntry && kEntry < kConstantEntry) {
        return parameters[kEntry - kParameterEntry];
    }
    if constexpr (kEntry >= kConstantEntry) {
        constexpr i32 kValue = isa::kConstants[static_cast<unsigned>(kEntry - kConstantEntry)];
        return kValue;
    }
}

constexpr bool is_decay(const MicroOp& op) {
    return op.op == isa::Opcode::kMulz && op.pred == isa::Predicate::kAlways &&
           op.b >= kParameterEntry && op.b < kConstantEntry;
}

/// What an instruction with a target computes, before conditioning.
template <MicroOp kOp>
[[gnu::always_inline]] inline Wide result(const LaneValues& lane, const i32* parameters) {
    using isa::Opcode;
    const i32 a = value<kOp.a>(lane, parameters);
    const i32 b = value<kOp.b>(lane, parameters);
    if constexpr (kOp.op == Opcode::kRdc) {
        return Lanewise<Opcode::kShl>::of(lane.input, 0, kOp.imm);
    } else if constexpr (kOp.op == Opcode::kSel) {
        return narrow(choose(lane.flag, a, b));
    } else if constexpr (kOp.op == Opcode::kLdi) {
        return narrow(kOp.imm);
    } else if constexpr (is_decay(kOp)) {
        return narrow(decayed(a, unsigned32(b), kOp.imm));
    } else {
        return Lanewise<kOp.op>::of(a, b, kOp.imm);
    }
}

template <MicroOp kOp>
[[gnu::always_inline]] inline void execute_in(LaneValues& lane, const i32* parameters) {
    using isa::Opcode;
    constexpr bool kAlways = kOp.pred == isa::Predicate::kAlways;
    const i32 mask = kAlways ? -1 : kOp.pred == isa::Predicate::kIfSet ? lane.flag : ~lane.flag;
    if constexpr (kOp.op == Opcode::kCmp) {
        constexpr auto kHow = static_cast<isa::Comparison>(kOp.imm);
        constexpr auto kCombine = static_cast<isa::Combine>(kOp.mode);
        const i32 outcome =
            holds<kHow>(value<kOp.a>(lane, parameters), value<kOp.b>(lane, parameters));
        if constexpr (kCombine == isa::Combine::kSet) lane.flag = outcome;
        if constexpr (kCombine == isa::Combine::kAnd) lane.flag &= outcome;
        if constexpr (kCombine == isa::Combine::kOr) lane.flag |= outcome;
        if constexpr (kCombine == isa::Combine::kXor) lane.flag ^= outcome;
    } else if constexpr (kOp.op == Opcode::kSpk) {
        lane.spikes = mask;
        lane.payload = value<kOp.a>(lane, parameters);
    } else {
        constexpr auto kCondition = static_cast<isa::Condition>(kOp.mode);
        i32& target = kOp.dst < kStateEntry
                          ? lane.registers[kOp.dst % isa::kRegisters]
                          : lane.states[(kOp.dst - kStateEntry) % isa::kStateWords];
        const Wide exact = result<kOp>(lane, parameters);
        const i32 conditioned = condition<kCondition>(exact);
        target = kAlways ? conditioned : choose(mask, conditioned, target);
        lane.overflows += overflowed<kCondition>(0, 1, exact, conditioned) & mask;
    }
}

template <int... kIndex>
struct Indices {};
template <int kCount, int... kIndex>
struct FirstIndices : FirstIndices<kCount - 1, kCount - 1, kIndex...> {};
template <int... kIndex>
struct FirstIndices<0, kIndex...> {
    using Type = Indices<kIndex...>;
};

/// All instructions of a way, one after another.
template <const auto& kProgram, int... kAt>
[[gnu::always_inline]] inline void execute_all(LaneValues& lane, const i32* parameters,
                                               Indices<kAt...>) {
    (execute_in<kWayOf<kProgram>.ops[kAt]>(lane, parameters), ...);
}

/// What a loop reads and writes, from its first lane on.
struct FusedArrays {
    i32* states[isa::kStateWords];
    i32* input;    ///< due in this step; cleared
    i32* spikes;   ///< -1 where a lane spiked
    i32* changed;  ///< -1 where it changed its state or spiked
    i32* payload;  ///< where it is not a constant
};

/// Runs kLength lanes, the first `valid` of which belong to the block, or all of a whole block.
/// Returns how many results of those conditioning changed.
template <const auto& kProgram, int kLength>
i32 run_lanes(const FusedArrays& arrays, const i32* parameters, int valid) {
    constexpr const auto& kWay = kWayOf<kProgram>;
    constexpr u32 kUsed = kWay.read_states | kWay.written_states;
    i32 sum = 0;
    SEAMOUNT_INDEPENDENT_LANES
    for (int i = 0; i < kLength; ++i) {
        LaneValues lane{};
        for (int w = 0; w < isa::kStateWords; ++w) {
            if ((kUsed >> w & 1U) != 0) lane.states[w] = arrays.states[w][i];
        }
        if constexpr (kWay.input >= 0) lane.input = arrays.input[i];
        const LaneValues before = lane;
        execute_all<kProgram>(lane, parameters, typename FirstIndices<kWay.count>::Type{});
        i32 changed = lane.spikes;
        for (int w = 0; w < isa::kStateWords; ++w) {
            if ((kWay.written_states >> w & 1U) == 0) continue;
            arrays.states[w][i] = lane.states[w];
            changed |= lane.states[w] != before.states[w] ? -1 : 0;
        }
        if constexpr (kWay.input >= 0) arrays.input[i] = 0;
        arrays.changed[i] = changed;
        if constexpr (kWay.spike >= 0) arrays.spikes[i] = lane.spikes;
        if constexpr (has_payload(kWay)) arrays.payload[i] = lane.payload;
        sum += kLength == kLanes || i < valid ? lane.overflows : 0;
    }
    return sum;
}

/// Whether every lane takes branch kGuard.
template <Guard kGuard>
bool all_take(const Block& block) {
    const i32* const word = block.uniform[kGuard.word];
    return block.sources[kStateEntry + kGuard.word] == word &&
           holds<kGuard.how>(word[0], kGuard.constant) != 0;
}

/// Whether the product of kOp, if it is one with a parameter, is a decay.
template <MicroOp kOp>
bool may_decay(const Block& block) {
    if constexpr (!is_decay(kOp)) return true;
    return decays(block.parameters[(kOp.b - kParameterEntry) % isa::kParameters][0], kOp.imm);
}

/// Whether all lanes take the way of the program, and its products are decays.
template <const auto& kProgram, int... kGuard, int... kAt>
bool goes_one_way(const Block& block, Indices<kGuard...>, Indices<kAt...>) {
    constexpr const auto& kWay = kWayOf<kProgram>;
    return (all_take<kWay.guards[kGuard]>(block) && ...) &&
           (may_decay<kWay.ops[kAt]>(block) && ...);
}

/// Runs the lanes of a block that is not whole, some at a time. Returns as run_lanes.
template <const auto& kProgram>
i32 run_some(Block& block, FusedArrays arrays, const i32* parameters) {
    constexpr int kLength = 16;
    const int lanes = block.lanes;
    i32* const due = arrays.input;
    if (due != nullptr) {  // behind its lanes come those of others
        arrays.input = block.flag;
        for (int i = 0; i < lanes; ++i) arrays.input[i] = due[i];
        for (int i = lanes; i < whole(lanes); ++i) arrays.input[i] = 0;
        for (int i = 0; i < lanes; ++i) due[i] = 0;
    }
    i32 overflows = 0;
    for (int first = 0; first < lanes; first += kLength) {
        FusedArrays here = arrays;
        for (i32*& words : here.states) words += first;
        if (due != nullptr) here.input += first;
        here.spikes += first;
        here.changed += first;
        if (here.payload != nullptr) here.payload += first;
        overflows += run_lanes<kProgram, kLength>(here, parameters, lanes - first);
    }
    return overflows;
}

/// Completes the spikes of the block.
template <const auto& kProgram>
void finish_spikes(Block& block) {
    constexpr const auto& kWay = kWayOf<kProgram>;
    SpikeBatch& batch = block.batches[0];
    to_bits(block.mask, block.lanes, batch.lanes);
    u64 any = 0;
    for (int k = 0; k < kMaskWords; ++k) any |= batch.lanes[k];
    if (any == 0) return;
    block.batch_count = 1;
    batch.channel = static_cast<std::uint8_t>(kWay.ops[kWay.spike].imm);
    if constexpr (!has_payload(kWay)) {
        constexpr auto kEntry = static_cast<unsigned>(kWay.ops[kWay.spike].a - kConstantEntry);
        for (i32& payload : batch.payload) payload = isa::kConstants[kEntry];
    }
}

template <const auto& kProgram>
bool run_whole(Block& block) {
    constexpr const auto& kWay = kWayOf<kProgram>;
    if (!goes_one_way<kProgram>(block, typename FirstIndices<kWay.guard_count>::Type{},
                                typename FirstIndices<kWay.count>::Type{})) {
        return false;
    }
    i32 parameters[isa::kParameters];
    for (int p = 0; p < isa::kParameters; ++p) {
        parameters[p] = (kWay.parameters >> p & 1U) != 0 ? block.parameters[p][0] : 0;
    }
    FusedArrays arrays{};
    for (int w = 0; w < isa::kStateWords; ++w) arrays.states[w] = block.targets[kStateEntry + w];
    if constexpr (kWay.input >= 0) arrays.input = block.accumulators[kWay.input];
    arrays.spikes = block.mask;
    arrays.changed = block.awake;
    if constexpr (has_payload(kWay)) arrays.payload = block.batches[0].payload;
    const i32 overflows = block.lanes == kLanes
                              ? run_lanes<kProgram, kLanes>(arrays, parameters, kLanes)
                              : run_some<kProgram>(block, arrays, parameters);
    to_bits(block.awake, block.lanes, block.active);
    block.batch_count = 0;
    if constexpr (kWay.spike >= 0) finish_spikes<kProgram>(block);
    block.instructions = static_cast<u64>(block.lanes) * static_cast<u64>(kWay.instructions);
    block.cycles = kWay.cycles;
    block.overflows = static_cast<u64>(overflows);
    block.diverged = false;
    return true;
}

/// Runs the block if the kernels hold its program as a whole, and nothing stands against it.
bool run_fused(Block& block) {
    switch (block.fused) {
        case FusedProgram::kNone:
            return false;
        case FusedProgram::kLoihi1Cuba:
            return run_whole<fused::kLoihi1Cuba>(block);
        case FusedProgram::kLif:
            return run_whole<fused::kLif>(block);
        case FusedProgram::kLifReset:
            return run_whole<fused::kLifReset>(block);
        case FusedProgram::kSoftResetLif:
            return run_whole<fused::kSoftResetLif>(block);
    }
    return false;
}

}  // namespace
