#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "isa/base/ids.hpp"
#include "isa/microcode/instruction.hpp"
#include "isa/microcode/interpreter.hpp"
#include "tools/explain/shares.hpp"

namespace seamount::explain {

/// What one compartment sees and changes in one step: isa::Lane with what its words are made of.
struct TracedLane {
    std::array<Word, isa::kStateWords> state{};
    std::array<Word, isa::kAccumulators> accumulators{};
    std::array<std::int32_t, isa::kTraceRegisters> traces{};
};

/// A comparison that set F.
struct Comparison {
    std::uint32_t pc = 0;
    isa::Comparison how{};
    Word left;
    Word right;
};

struct TracedSpike {
    std::uint32_t pc = 0;
    std::uint8_t channel = 0;
    Word payload;
    /// The last comparison before it, if there was one: what let it spike.
    std::optional<Comparison> compared;
};

struct TracedPush {
    std::uint8_t accumulator = 0;
    std::int32_t offset = 0;
    Word value;
};

/// One compartment inside one step, one instruction at a time: isa::interpret with a handle on it.
/// With `traced`, words carry what they are made of: sums, shifts and products with a constant keep
/// the parts, and the path that was taken decides for SEL, predicates and branches; a product of
/// two words that carry parts, and operations on bits, make one part that is mixed.
class Execution {
public:
    struct Params {
        std::span<const std::uint32_t> words;
        std::span<const std::int32_t, isa::kParameters> params;
        const isa::RandomSource* random = nullptr;
        NeuronId neuron;
        std::uint64_t step = 0;
        bool traced = false;
    };
    /// Requires: isa::check_microcode(words) is empty. `lane` and what Params points to must
    /// outlive the object.
    Execution(const Params& params, TracedLane& lane) : params_{params}, lane_{lane} {}

    /// Executes the next instruction; false if the compartment was done, and nothing happened.
    bool step();
    void finish() {
        while (step()) {
        }
    }
    [[nodiscard]] bool done() const noexcept { return done_; }
    [[nodiscard]] std::uint32_t pc() const noexcept { return pc_; }
    [[nodiscard]] bool flag() const noexcept { return flag_; }
    [[nodiscard]] std::int32_t register_at(std::size_t index) const {
        return registers_[index].value;
    }
    void write_register(std::size_t index, std::int32_t value) { registers_[index] = {value, {}}; }

    [[nodiscard]] const std::vector<TracedSpike>& spikes() const noexcept { return spikes_; }
    [[nodiscard]] const std::vector<TracedPush>& pushes() const noexcept { return pushes_; }
    /// The last comparison that the word `pc` made.
    [[nodiscard]] const std::vector<Comparison>& comparisons() const noexcept {
        return comparisons_;
    }

private:
    [[nodiscard]] bool holds(isa::Predicate pred) const {
        return pred == isa::Predicate::kAlways || (pred == isa::Predicate::kIfSet) == flag_;
    }
    [[nodiscard]] Word read(const isa::Operand& operand) const;
    [[nodiscard]] std::int32_t value(const isa::Operand& operand) const;
    void write(const isa::Operand& dst, Word word);
    void compute(const isa::Instruction& i);
    [[nodiscard]] std::int64_t exact(const isa::Instruction& i) const;
    [[nodiscard]] Shares parts(const isa::Instruction& i, std::int64_t exact) const;
    [[nodiscard]] Shares product(const isa::Instruction& i, std::int64_t exact) const;
    [[nodiscard]] Shares chosen(const isa::Instruction& i, std::int64_t exact) const;
    void compare(const isa::Instruction& i);
    void draw(const isa::Instruction& i);
    void act(const isa::Instruction& i);

    Params params_;
    TracedLane& lane_;
    std::array<Word, isa::kRegisters> registers_{};
    std::uint32_t pc_ = 0;
    bool flag_ = false;
    bool done_ = false;
    std::vector<TracedSpike> spikes_;
    std::vector<TracedPush> pushes_;
    std::vector<Comparison> comparisons_;
};

}  // namespace seamount::explain
