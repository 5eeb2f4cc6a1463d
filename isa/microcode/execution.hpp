#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "isa/base/ids.hpp"
#include "isa/microcode/instruction.hpp"
#include "isa/microcode/interpreter.hpp"

namespace seamount::isa {

/// The reference interpreter with a handle on it: one compartment inside one step, one instruction
/// at a time. isa::interpret is this, run to its end.
class Execution {
public:
    struct Params {
        std::span<const std::uint32_t> words;
        std::span<const std::int32_t, kParameters> params;
        const RandomSource* random = nullptr;
        NeuronId neuron;         ///< it and `step` only key the random draws
        std::uint64_t step = 0;  ///< of the run
        ResultObserver* observer = nullptr;
    };
    /// Requires: check_microcode(words) is empty. `lane` and what Params points to must outlive the
    /// object; `lane` may be changed between two instructions.
    Execution(const Params& params, Lane& lane) noexcept : params_{params}, lane_{&lane} {}

    /// Executes the next instruction; false if the compartment was done, and nothing happened.
    bool step();
    void finish() {
        while (step()) {
        }
    }

    [[nodiscard]] bool done() const noexcept { return done_; }
    /// Of the next instruction.
    [[nodiscard]] std::uint32_t pc() const noexcept { return pc_; }
    /// False if the next instruction is passed over, because its predicate does not hold.
    [[nodiscard]] bool holds() const;
    [[nodiscard]] bool flag() const noexcept { return flag_; }
    void write_flag(bool flag) noexcept { flag_ = flag; }
    [[nodiscard]] std::int32_t register_at(std::size_t index) const { return registers_[index]; }
    void write_register(std::size_t index, std::int32_t value) { registers_[index] = value; }
    /// What it did so far.
    [[nodiscard]] const LaneResult& result() const noexcept { return result_; }

private:
    [[nodiscard]] bool holds(Predicate pred) const {
        return pred == Predicate::kAlways || (pred == Predicate::kIfSet) == flag_;
    }
    [[nodiscard]] std::int32_t read(const Operand& operand) const;
    void write(const Operand& dst, std::int32_t value);
    void observe(std::int64_t exact, std::int32_t result) const;
    [[nodiscard]] std::int64_t compute(const Instruction& i) const;
    void draw(const Instruction& i);
    void execute(const Instruction& i);

    Params params_;
    Lane* lane_;
    std::array<std::int32_t, kRegisters> registers_{};
    std::uint32_t pc_ = 0;
    bool flag_ = false;
    bool done_ = false;
    LaneResult result_;
};

}  // namespace seamount::isa
