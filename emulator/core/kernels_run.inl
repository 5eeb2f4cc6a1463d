// The lockstep kernels: the loop over the program, and which lanes of a block are awake. Included
// by kernels_*.cpp after kernels_fused.inl, inside the same namespace; includes nothing.

namespace {

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
    for (int k = 0; k < kMaskWords; ++k) {
        const int valid = block.lanes - k * 64;
        const u64 all = valid >= 64 ? ~u64{0} : valid > 0 ? (u64{1} << valid) - 1 : 0;
        u64 changed = 0;
        // Where every lane has changed already, the words that are left tell nothing.
        for (u32 left = block.written_states; left != 0 && (changed & all) != all;
             left &= left - 1) {
            const int word = __builtin_ctz(left);
            changed |= difference_bits(block.targets[kStateEntry + word] + k * 64,
                                       block.snapshot[word] + k * 64);
        }
        changed &= all;
        for (int batch = 0; batch < block.batch_count; ++batch) {
            changed |= block.batches[batch].lanes[k];
        }
        block.active[k] = changed;
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

/// How many lanes of the block have their mask set.
int count_lanes(const i32* mask, int lanes) {
    const int span = whole(lanes);
    i32 count = 0;
    for (int i = 0; i < span; ++i) count -= mask[i] & (i < lanes ? -1 : 0);
    return count;
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
    if (run_fused(block)) return;
    start(block);
    int flagged = -1;  // lanes whose flag is set; -1: has to be counted
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
        const i32* mask = nullptr;
        if (all_awake && op.pred != isa::Predicate::kAlways) {
            // Often all lanes take part, or none: nothing has to be masked then.
            if (flagged < 0) flagged = count_lanes(block.flag, block.lanes);
            const int takes = op.pred == isa::Predicate::kIfSet ? flagged : block.lanes - flagged;
            if (takes == 0) {
                ++pc;
                continue;
            }
            if (takes != block.lanes) mask = lanes_of(block, op, true);
        } else {
            mask = lanes_of(block, op, all_awake);
        }
        if (op.op == isa::Opcode::kCmp) flagged = -1;
        if (op.op != isa::Opcode::kBf && op.op != isa::Opcode::kEnd) {
            execute(block, op, pc, mask);
            ++pc;
            continue;
        }
        // END is a branch to nowhere.
        const i32 target = op.op == isa::Opcode::kEnd ? kNever : op.imm;
        if (mask == nullptr) {
            pc = target;  // where lanes go together they stay together
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
