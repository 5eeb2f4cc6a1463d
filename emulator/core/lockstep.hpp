#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "emulator/base/memory.hpp"
#include "emulator/core/core_activity.hpp"
#include "emulator/core/program/lockstep_program.hpp"
#include "emulator/core/sum_wraps.hpp"
#include "isa/microcode/interpreter.hpp"

namespace seamount::emu {

struct Block;
struct RowOfRuns;
struct SpikeBatch;

/// The instruction sets that the lockstep kernels are compiled for. Results are identical.
enum class KernelVariant : std::uint8_t { kPortable, kAvx2, kAvx512 };

/// "portable", "avx2", "avx512".
[[nodiscard]] std::string_view name_of(KernelVariant variant);
/// What this machine can run, slowest first.
[[nodiscard]] std::vector<KernelVariant> available_kernels();
/// The fastest, or the one that the environment variable SEAMOUNT_KERNELS names. Throws InputError
/// (RUN-KERNELS) if it names one that is not available.
[[nodiscard]] KernelVariant default_kernels();

/// Adds rows of runs to sums (add_runs in kernels.hpp).
using AddRuns = void (*)(const RowOfRuns* row, const RowOfRuns* end);
[[nodiscard]] AddRuns run_adder(KernelVariant variant);

/// Compartments are computed in whole vectors of at most this many; arrays of one word per
/// compartment must have room for a multiple of it, behind the last compartment too.
inline constexpr std::size_t kLaneStride = 64;

/// The memory of one compartment group. The engine changes it in place and keeps nothing.
struct GroupView {
    const LockstepProgram* program = nullptr;
    const std::int32_t* params = nullptr;  ///< isa::kParameters words
    const NeuronId* neurons = nullptr;     ///< of each compartment of the group
    std::uint32_t first = 0;               ///< compartment, within the core
    std::uint32_t count = 0;
    std::uint32_t compartments = 0;  ///< of the core: where PSH ends
    std::int32_t* state = nullptr;   ///< word w of compartment first + i: state[w * stride + i]
    std::int32_t* traces = nullptr;  ///< the same for trace registers; null if never written
    /// Bit w: state word w is the same in all compartments, and the program does not write it.
    std::uint32_t uniform = 0;
    std::size_t stride = 0;  ///< at least `count`, a multiple of kLaneStride
    /// Accumulators of all compartments of the core, due in this step and in the next one.
    std::array<std::int32_t*, isa::kAccumulators> now{};
    std::array<std::int32_t*, isa::kAccumulators> next{};
    /// Where pushes that make an accumulator wrap around are noted, as words behind `ring`, in
    /// which all accumulators lie; null: nowhere.
    SumWraps* wraps = nullptr;
    const std::int32_t* ring = nullptr;
    /// isa::packed_rules of all compartments of the core; null: all accumulators are sums.
    const std::uint8_t* rules = nullptr;
};

/// Runs a program over all compartments of a group, a block of them at a time, one instruction
/// after the other. Does for every compartment what isa::interpret does; the block size never
/// shows.
///
/// Holds only scratch memory: one engine per thread, any number of groups.
class Lockstep {
public:
    explicit Lockstep(KernelVariant variant = default_kernels());
    ~Lockstep();
    Lockstep(Lockstep&&) noexcept;
    Lockstep& operator=(Lockstep&&) noexcept;

    /// What an update did beside the group's own state.
    struct Effects {
        bool drew = false;    ///< some compartment drew a random number
        bool pushed = false;  ///< some compartment pushed into an accumulator (PSH)
    };

    /// One step of one group. Adds to the counts of `activity` and appends its spikes, ordered by
    /// compartment, then program order. Groups of a core must be updated in compartment order.
    ///
    /// PSH adds (or what the target's rule is) to `now` of compartments behind this group, which
    /// have their turn later in this step, and to `next` of all others; beyond the core it is
    /// dropped and counted.
    Effects update(const GroupView& group, std::uint64_t step, const isa::RandomSource& random,
                   CoreActivity& activity);

private:
    void spread(const GroupView& group);
    void collect(std::uint32_t first_compartment, CoreActivity& activity) const;

    void (*run_block_)(Block&);
    std::unique_ptr<Block> block_;
    LineVector<SpikeBatch> batches_;
};

}  // namespace seamount::emu
