#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "isa/microcode/accumulate.hpp"
#include "isa/microcode/opcode.hpp"

namespace seamount::emu {

/// One instruction with its operands resolved to entries of the block's pointer tables.
struct MicroOp {
    isa::Opcode op = isa::Opcode::kEnd;
    isa::Predicate pred = isa::Predicate::kAlways;
    std::uint8_t mode = 0;         ///< isa::Condition, Combine or Draw
    std::uint8_t accumulator = 0;  ///< of RDC, PEEK and PSH
    std::uint8_t dst = 0;          ///< entry of Block::targets
    std::uint8_t a = 0;            ///< entry of Block::sources
    std::uint8_t b = 0;
    std::uint8_t cycles = 0;
    std::int32_t imm = 0;  ///< as isa::Instruction; BF: the word that it leads to
};

/// Sources: 0-15 registers, 16-31 state, 32-47 parameters, 48-63 constants.
inline constexpr int kSources = 64;
/// Targets: 0-15 registers, 16-31 state, 32-35 trace registers.
inline constexpr int kTargets = 36;
inline constexpr int kStateEntry = 16;
inline constexpr int kParameterEntry = 32;
inline constexpr int kConstantEntry = 48;
inline constexpr int kTraceEntry = 32;

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
    bool uses_traces_ = false;
};

}  // namespace seamount::emu
