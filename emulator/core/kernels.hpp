#pragma once

#include <cstdint>

#include "emulator/core/program/fused_programs.hpp"
#include "emulator/core/program/micro_op.hpp"

// Internal to the lockstep engine: what its driver and its kernels share. Plain data and no inline
// code, because the kernels are compiled for several instruction sets and nothing of them may be
// merged with code that runs everywhere.
namespace seamount::emu {

/// Lanes of a block: enough to pay for choosing the operation, few enough for the first-level
/// cache.
inline constexpr int kLanes = 256;
inline constexpr int kMaskWords = kLanes / 64;

/// Spikes of one SPK instruction of one block.
struct SpikeBatch {
    alignas(64) std::int32_t payload[kLanes];
    std::uint64_t lanes[kMaskWords];  ///< bit i of word i / 64
    std::uint8_t channel;
};

/// One block of lanes in one step. A mask is one word per lane, 0 or -1.
struct Block {
    // Input.
    const MicroOp* ops;
    FusedProgram fused;  ///< the same program
    int lanes;  ///< of kLanes; what the arrays hold up to the next multiple of 64 does not matter
    const std::int32_t* sources[kSources];  ///< kLanes words each
    std::int32_t* targets[kTargets];
    std::int32_t* accumulators[isa::kAccumulators];  ///< `lanes` words each, or null
    std::uint32_t written_states;                    ///< as LockstepProgram
    std::uint32_t zeroed_registers;
    void* context;  ///< of draw_random and push

    // Output.
    SpikeBatch* batches;  ///< room for one per SPK instruction
    int batch_count;
    std::uint64_t active[kMaskWords];  ///< lanes that changed state or spiked
    std::uint64_t instructions;        ///< sum over lanes
    std::uint64_t overflows;           ///< results that their conditioning changed, sum over lanes
    std::int32_t cycles;               ///< of every lane, unless `diverged`
    bool diverged;                     ///< lanes took different paths: cycles are in `lane_cycles`
    alignas(64) std::int32_t lane_cycles[kLanes];

    // Scratch.
    alignas(64) std::int32_t registers[isa::kRegisters][kLanes];
    alignas(64) std::int32_t parameters[isa::kParameters][kLanes];
    /// State words that are the same in all lanes and that the program does not write.
    alignas(64) std::int32_t uniform[isa::kStateWords][kLanes];
    alignas(64) std::int32_t snapshot[isa::kStateWords][kLanes];
    alignas(64) std::int32_t flag[kLanes];
    alignas(64) std::int32_t awake[kLanes];
    alignas(64) std::int32_t mask[kLanes];
    alignas(64) std::int32_t resume[kLanes];  ///< the word at which the lane goes on
};

/// RND and PSH leave the kernels: they are about neurons and the core, not lanes. `mask` is null if
/// all lanes take part.
void draw_random(Block& block, const MicroOp& op, std::int32_t pc, const std::int32_t* mask);
void push(Block& block, const MicroOp& op, const std::int32_t* mask);

// A run: a word with its first target and its length, then increments of 16 bits for neighbouring
// targets, filled up with zeros to whole steps.
inline constexpr int kRunStep = 8;  ///< increments
inline constexpr int kRunStepWords = kRunStep / 2;
inline constexpr int kRunLengthShift = 16;
inline constexpr std::uint32_t kRunTargetMask = 0xFFFF;

/// The runs of a row, and the sum of target 0.
struct RowOfRuns {
    const std::uint32_t* first;
    const std::uint32_t* end;
    std::int32_t* due;
};

// The same kernels for several instruction sets. Results are identical. add_runs adds the rows
// [row, end) to sums, which wrap; it writes up to kRunStep - 1 words behind the last target of a
// run, as they are.
namespace portable {
void run_block(Block& block);
void add_runs(const RowOfRuns* row, const RowOfRuns* end);
}  // namespace portable
namespace avx2 {
void run_block(Block& block);
void add_runs(const RowOfRuns* row, const RowOfRuns* end);
}  // namespace avx2
namespace avx512 {
void run_block(Block& block);
void add_runs(const RowOfRuns* row, const RowOfRuns* end);
}  // namespace avx512

}  // namespace seamount::emu
