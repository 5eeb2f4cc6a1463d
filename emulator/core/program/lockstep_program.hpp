#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/core/program/fused_programs.hpp"
#include "emulator/core/program/micro_op.hpp"
#include "isa/microcode/accumulate.hpp"

namespace seamount::emu {

/// A neuron program decoded once, with what the engine wants to know about all of its paths.
/// Bit w of a mask stands for word w. Immutable, so threads may share it.
class LockstepProgram {
public:
    /// Requires: isa::check_microcode(words) is empty.
    explicit LockstepProgram(std::span<const std::uint32_t> words,
                             const isa::AccumulateRules& rules = {});

    [[nodiscard]] std::span<const MicroOp> ops() const noexcept { return ops_; }
    /// State words that some path writes.
    [[nodiscard]] std::uint32_t written_states() const noexcept { return written_states_; }
    /// One more than the highest state word that is named.
    [[nodiscard]] std::uint32_t state_words() const noexcept { return state_words_; }
    [[nodiscard]] std::uint32_t used_parameters() const noexcept { return used_parameters_; }
    /// Registers that some path reads before it wrote them: these must start at zero. Bit 16: F.
    [[nodiscard]] std::uint32_t zeroed_registers() const noexcept { return zeroed_registers_; }
    /// Accumulators that RDC or PEEK name.
    [[nodiscard]] std::uint32_t read_accumulators() const noexcept { return read_accumulators_; }
    /// Accumulators that every path reads and clears.
    [[nodiscard]] std::uint32_t cleared_accumulators() const noexcept {
        return cleared_accumulators_;
    }
    /// Accumulators that PSH names.
    [[nodiscard]] std::uint32_t pushed_accumulators() const noexcept {
        return pushed_accumulators_;
    }
    /// What its accumulators do with what arrives.
    [[nodiscard]] const isa::AccumulateRules& rules() const noexcept { return rules_; }
    [[nodiscard]] int spike_ops() const noexcept { return spike_ops_; }
    /// The same program in the kernels, if they hold it as a whole.
    [[nodiscard]] FusedProgram fused() const noexcept { return fused_; }
    [[nodiscard]] bool uses_traces() const noexcept { return uses_traces_; }

private:
    std::vector<MicroOp> ops_;
    isa::AccumulateRules rules_{};
    std::uint32_t written_states_ = 0;
    std::uint32_t state_words_ = 0;
    std::uint32_t used_parameters_ = 0;
    std::uint32_t zeroed_registers_ = 0;
    std::uint32_t read_accumulators_ = 0;
    std::uint32_t cleared_accumulators_ = 0;
    std::uint32_t pushed_accumulators_ = 0;
    int spike_ops_ = 0;
    FusedProgram fused_ = FusedProgram::kNone;
    bool uses_traces_ = false;
};

}  // namespace seamount::emu
