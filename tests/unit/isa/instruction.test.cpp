#include "isa/microcode/instruction.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <vector>

#include "isa/microcode/program.hpp"
#include "tests/support/random_program.hpp"

using namespace seamount;
using isa::Instruction;
using isa::Opcode;
using isa::Operand;

namespace {

std::vector<Operand> operands(bool used, int banks) {
    if (!used) return {Operand{}};
    std::vector<Operand> all;
    for (int bank = 0; bank < banks; ++bank) {
        for (const int index : {0, 1, 7, 15}) {
            all.push_back({static_cast<Operand::Bank>(bank), static_cast<std::uint8_t>(index)});
        }
    }
    return all;
}

std::set<std::int32_t> immediates(const isa::Fields& used) {
    const auto at_most = std::min(used.max_imm, used.min_imm + 6);
    std::set<std::int32_t> all{used.max_imm, used.max_imm / 2, used.min_imm / 2 + 1};
    for (auto imm = used.min_imm; imm <= at_most; ++imm) all.insert(imm);
    std::erase_if(all, [&](auto imm) { return imm < used.min_imm || imm > used.max_imm; });
    return all;
}

/// Calls `check` with every combination of operation, operand banks, modes and predicates.
template <class Check>
void for_each_instruction(const Check& check) {
    for (const isa::OpInfo& row : isa::kOpTable) {
        const isa::Fields used = isa::fields(row.opcode);
        for (const Operand& dst : operands(used.dst, 2))
            for (const Operand& a : operands(used.a, 4))
                for (const Operand& b : operands(used.b, 4))
                    for (int acc = 0; acc < (used.accumulator ? isa::kAccumulators : 1); ++acc)
                        for (const std::int32_t imm : immediates(used))
                            for (int mode = 0; mode < isa::mode_count(row.modes); ++mode)
                                for (int pred = 0; pred < 3; ++pred)
                                    check(Instruction{row.opcode, dst, a, b,
                                                      static_cast<std::uint8_t>(acc), imm,
                                                      static_cast<std::uint8_t>(mode),
                                                      static_cast<isa::Predicate>(pred)});
    }
}

std::uint32_t word_of(Opcode op) {
    Instruction i;
    i.op = op;
    i.imm = isa::fields(op).min_imm;
    return isa::encode(i);
}

}  // namespace

TEST_CASE("every instruction decodes from its own word", "[instruction]") {
    std::size_t tried = 0;
    std::size_t wrong = 0;
    for_each_instruction([&](const Instruction& instruction) {
        ++tried;
        if (!isa::is_legal(instruction) || isa::decode(isa::encode(instruction)) != instruction) {
            ++wrong;
        }
    });
    CHECK(wrong == 0);
    CHECK(tried > 1'000'000);
}

TEST_CASE("every word that decodes is the encoding of what it decodes to", "[instruction]") {
    std::mt19937_64 engine{11};
    std::size_t decoded = 0;
    std::size_t wrong = 0;
    const auto check = [&](std::uint32_t word) {
        const auto instruction = isa::decode(word);
        if (!instruction) return;
        ++decoded;
        if (!isa::is_legal(*instruction) || isa::encode(*instruction) != word) ++wrong;
    };
    for (int i = 0; i < 2'000'000; ++i) check(static_cast<std::uint32_t>(engine()));
    testing::RandomProgram random{12};
    for (int i = 0; i < 50'000; ++i) {  // a bit or two beside an instruction
        const std::uint32_t word = isa::encode(random.instruction());
        check(word ^ (1U << random.below(32)));
        check(word ^ (1U << random.below(32)) ^ (1U << random.below(32)));
    }
    CHECK(wrong == 0);
    CHECK(decoded > 100'000);
}

TEST_CASE("fields stand where the manual says", "[instruction]") {
    using Bank = Operand::Bank;
    const Instruction mulz{Opcode::kMulz,
                           {Bank::kState, 3},
                           {Bank::kParameter, 5},
                           {Bank::kConstant, 9},
                           0,
                           12,
                           2,
                           isa::Predicate::kIfClear};
    CHECK(isa::encode(mulz) ==
          ((15U << 27) | (19U << 22) | (37U << 16) | (57U << 10) | (12U << 5) | (2U << 2) | 2U));
    const Instruction ldi{Opcode::kLdi, {Bank::kRegister, 4}, {}, {}, 0, -1, 0, {}};
    CHECK(isa::encode(ldi) == ((20U << 27) | (4U << 22) | (0x1FFFFU << 5)));
    const Instruction bf{Opcode::kBf, {}, {}, {}, 0, 131071, 0, isa::Predicate::kIfSet};
    CHECK(isa::encode(bf) == ((22U << 27) | (0x1FFFFU << 5) | 1U));
    const Instruction rdc{Opcode::kRdc, {Bank::kRegister, 1}, {}, {}, 3, 6, 4, {}};
    CHECK(isa::encode(rdc) == ((18U << 27) | (1U << 22) | (3U << 16) | (6U << 5) | (4U << 2)));
    const Instruction psh{
        Opcode::kPsh, {}, {Bank::kRegister, 2}, {Bank::kConstant, 1}, 2, 0, 0, {}};
    CHECK(isa::encode(psh) == ((24U << 27) | (2U << 16) | (49U << 10) | (2U << 5)));
}

TEST_CASE("reserved values and unused fields that are not zero are no instruction",
          "[instruction]") {
    for (const isa::OpInfo& row : isa::kOpTable) {
        INFO(row.name);
        CHECK_FALSE(isa::decode(word_of(row.opcode) | 3U));
        for (auto mode = static_cast<unsigned>(isa::mode_count(row.modes)); mode < 8; ++mode) {
            CHECK_FALSE(isa::decode(word_of(row.opcode) | (mode << 2)));
        }
    }
    for (std::uint32_t op = isa::kOpTable.size(); op < 32; ++op) {
        CHECK_FALSE(isa::decode(op << 27));
    }
    CHECK_FALSE(isa::decode(word_of(Opcode::kEnd) | (1U << 22)));
    CHECK_FALSE(isa::decode(word_of(Opcode::kEnd) | (1U << 5)));
    CHECK_FALSE(isa::decode(word_of(Opcode::kMov) | (1U << 10)));
    CHECK_FALSE(isa::decode(word_of(Opcode::kAdd) | (1U << 5)));
    CHECK_FALSE(isa::decode(word_of(Opcode::kCmp) | (6U << 5)));
    CHECK_FALSE(isa::decode(word_of(Opcode::kCmp) | (1U << 22)));
    CHECK_FALSE(isa::decode(word_of(Opcode::kRdc) | (4U << 16)));
    CHECK_FALSE(isa::decode(word_of(Opcode::kTrc) | (4U << 5)));
    CHECK_FALSE(isa::decode(word_of(Opcode::kPsh) | (4U << 5)));
    CHECK_FALSE(isa::decode(static_cast<std::uint32_t>(Opcode::kRnd) << 27));  // no bits
    CHECK_FALSE(isa::decode(static_cast<std::uint32_t>(Opcode::kBf) << 27));   // no distance
}

TEST_CASE("microcode is refused if a word, a branch or the end is wrong", "[instruction]") {
    using Catch::Contains;
    const std::uint32_t end = word_of(Opcode::kEnd);
    Instruction branch;
    branch.op = Opcode::kBf;
    branch.imm = 2;
    CHECK(isa::check_microcode({end}).empty());
    CHECK(isa::check_microcode({isa::encode(branch), end, end}).empty());
    CHECK_THAT(isa::check_microcode({}), Contains("empty"));
    CHECK_THAT(isa::check_microcode({0xFFFFFFFFU, end}), Contains("word 0 (0xffffffff)"));
    CHECK_THAT(isa::check_microcode({end, isa::encode(branch), end}),
               Contains("word 1 leads to word 3, the last one is 2"));
    CHECK_THAT(isa::check_microcode({end | 1U}), Contains("not an unconditional END"));
    CHECK_THAT(isa::check_microcode({word_of(Opcode::kMov)}), Contains("not an unconditional END"));
}

TEST_CASE("random programs are sound and use every operation", "[instruction]") {
    testing::RandomProgram random{3};
    std::set<Opcode> seen;
    for (int i = 0; i < 2000; ++i) {
        const auto words = random.any_words();
        REQUIRE(isa::check_microcode(words).empty());
        for (const auto word : words) seen.insert(isa::decode(word)->op);
    }
    CHECK(seen.size() == isa::kOpTable.size());
}
