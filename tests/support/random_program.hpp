#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <vector>

#include "isa/microcode/instruction.hpp"
#include "isa/microcode/interpreter.hpp"

namespace seamount::testing {

/// Legal microcode at random: every operation, operand bank, mode and predicate, forward branches,
/// early ENDs. The same seed always gives the same programs, on every platform.
class RandomProgram {
public:
    explicit RandomProgram(std::uint64_t seed) : engine_{seed} {}

    /// A program of `length` words (at least 1) that satisfies check_microcode.
    [[nodiscard]] std::vector<std::uint32_t> words(std::size_t length) {
        std::vector<std::uint32_t> words;
        while (words.size() + 1 < length) {
            words.push_back(isa::encode(in_program(length - 1 - words.size())));
        }
        words.push_back(isa::encode(isa::Instruction{}));
        return words;
    }

    /// A program of 1 to `max_length` words; short and long ones are equally likely.
    [[nodiscard]] std::vector<std::uint32_t> any_words(std::size_t max_length = 40) {
        return words(1 + below(static_cast<std::uint32_t>(max_length)));
    }

    /// Any legal instruction, all fields over their whole range.
    [[nodiscard]] isa::Instruction instruction() {
        return instruction(static_cast<isa::Opcode>(below(isa::kOpTable.size())));
    }

    [[nodiscard]] isa::Instruction instruction(isa::Opcode op) {
        const isa::Fields used = isa::fields(op);
        isa::Instruction i;
        i.op = op;
        if (used.dst) i.dst = operand(2);
        if (used.a) i.a = operand(4);
        if (used.b) i.b = operand(4);
        if (used.accumulator) i.accumulator = static_cast<std::uint8_t>(below(isa::kAccumulators));
        i.imm = used.min_imm + static_cast<std::int32_t>(below(
                                   static_cast<std::uint32_t>(used.max_imm - used.min_imm) + 1));
        i.mode = static_cast<std::uint8_t>(
            below(static_cast<std::uint32_t>(isa::mode_count(isa::info(op).modes))));
        i.pred = static_cast<isa::Predicate>(below(3));
        return i;
    }

    /// A 32-bit value; often small, at an edge of 16, 22, 24 or 32 bits, or uniform.
    [[nodiscard]] std::int32_t value() {
        constexpr std::array<int, 5> kEdges{15, 21, 23, 24, 31};
        const std::uint32_t raw = static_cast<std::uint32_t>(engine_());
        switch (below(4)) {
            case 0:
                return static_cast<std::int32_t>(raw % 33) - 16;
            case 1: {
                const std::uint32_t edge = 1U << kEdges[below(kEdges.size())];
                const std::uint32_t near = edge + raw % 5 - 2;
                return static_cast<std::int32_t>(below(2) == 0 ? near : 0U - near);
            }
            case 2:
                return static_cast<std::int32_t>(raw) >> 8;
            default:
                return static_cast<std::int32_t>(raw);
        }
    }

    [[nodiscard]] isa::Lane lane() {
        isa::Lane lane;
        for (auto& word : lane.state) word = value();
        for (auto& word : lane.accumulators) word = value();
        for (auto& word : lane.traces) word = value();
        return lane;
    }

    [[nodiscard]] std::array<std::int32_t, isa::kParameters> params() {
        std::array<std::int32_t, isa::kParameters> params{};
        for (auto& word : params) word = value();
        return params;
    }

    /// Uniform in [0, bound). The bias of the remainder does not matter here.
    [[nodiscard]] std::uint32_t below(std::size_t bound) {
        return static_cast<std::uint32_t>(engine_() % bound);
    }

private:
    /// An instruction with `left` >= 1 words after it: branches stay inside, END is rare (with all
    /// operations equally likely most programs would end after a few words).
    isa::Instruction in_program(std::size_t left) {
        isa::Instruction i = instruction();
        if (i.op == isa::Opcode::kEnd && below(8) != 0) i = instruction(isa::Opcode::kCmp);
        if (i.op == isa::Opcode::kEnd && i.pred == isa::Predicate::kAlways && below(4) != 0) {
            i.pred = isa::Predicate::kIfSet;
        }
        if (i.op == isa::Opcode::kBf) {
            const std::size_t reach = below(4) == 0 || left < 4 ? left : 4;
            i.imm = 1 + static_cast<std::int32_t>(below(reach));
        }
        return i;
    }

    /// Registers and state from a small set, so that values flow from one instruction to the next.
    isa::Operand operand(std::uint32_t banks) {
        const auto bank = static_cast<isa::Operand::Bank>(below(banks));
        const bool any = bank >= isa::Operand::Bank::kParameter || below(4) == 0;
        return {bank, static_cast<std::uint8_t>(below(any ? 16 : 4))};
    }

    std::mt19937_64 engine_;  ///< its sequence is fixed by the standard
};

}  // namespace seamount::testing
