#include "isa/assembly/manual.hpp"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "isa/assembly/assembler.hpp"
#include "isa/assembly/assembler_text.hpp"
#include "isa/microcode/instruction.hpp"
#include "isa/microcode/interpreter.hpp"
#include "isa/microcode/operand_order.hpp"

namespace seamount::isa {
namespace {

std::string_view suffix_text(ModeKind kind) {
    switch (kind) {
        case ModeKind::kNone:
            return "";
        case ModeKind::kResult:
            return "[.cond]";
        case ModeKind::kCombine:
            return ".cc[.comb]";
        case ModeKind::kDraw:
            return "[.s]";
    }
    return "";
}

std::string_view slot_text(Slot slot, Opcode op) {
    switch (slot) {
        case Slot::kDst:
            return "d";
        case Slot::kA:
            return "a";
        case Slot::kB:
            return "b";
        case Slot::kAccumulator:
            return "Ak";
        case Slot::kImmediate:
            return op == Opcode::kLdi ? "#n" : "n";
        case Slot::kLabel:
            return "label";
    }
    return "";
}

std::string immediate_range(Opcode op) {
    const Fields used = fields(op);
    if (used.max_imm == 0 || info(op).format == Format::kCompare) return "";
    return fmt::format("{}..{}", used.min_imm, used.max_imm);
}

constexpr std::int32_t kNegative = -100;  // s0
constexpr std::int32_t kPositive = 7;     // s1
constexpr std::int32_t kParameter = 3000;
constexpr std::int32_t kSum = 5;  // a0

/// What a step of an example changes: it is run. F shows in s15, the word after a branch in s14.
std::string effect(const Program& program) {
    std::array<std::int32_t, kParameters> params{};
    params[0] = kParameter;
    Lane lane;
    lane.state[0] = kNegative;
    lane.state[1] = kPositive;
    lane.accumulators[0] = kSum;
    const Lane before = lane;
    const LaneResult result =
        interpret(program.words, params, lane, PhiloxSource{1}, NeuronId{0}, 0);
    std::vector<std::string> parts;
    if (lane.state[2] != before.state[2]) parts.push_back(fmt::format("s2 = {}", lane.state[2]));
    if (lane.state[15] != 0) parts.emplace_back("F is set");
    const Opcode op = decode(program.words[0])->op;
    if (op == Opcode::kBf) parts.emplace_back("the next word is skipped");
    if (op == Opcode::kEnd) parts.emplace_back("the step is over");
    if (lane.accumulators[0] == 0) parts.emplace_back("a0 = 0");
    if (lane.traces[2] != 0) parts.push_back(fmt::format("y2 = {}", lane.traces[2]));
    for (const SpikeOut& s : result.spikes) {
        parts.push_back(fmt::format("a spike of {} on channel {}", s.payload, s.channel));
    }
    for (const PushOut& p : result.pushes) {
        parts.push_back(fmt::format("{} for a{} of the next compartment", p.value, p.accumulator));
    }
    if (result.overflows != 0) parts.emplace_back("counted as an overflow");
    return fmt::format("{}", fmt::join(parts, ", "));
}

/// A bar would end the cell of a table.
std::string escape(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '|') result += '\\';
        result += c;
    }
    return result;
}

}  // namespace

std::string syntax(Opcode op) {
    const OpInfo& row = info(op);
    std::string text = assembly::upper(row.name) + std::string{suffix_text(row.modes)};
    std::string_view separator = " ";
    for (const Slot slot : slots(row.format)) {
        const bool optional = slot == Slot::kImmediate && immediate_is_optional(op);
        text += fmt::format("{}{}{}{}", optional ? "[" : "", separator, slot_text(slot, op),
                            optional ? "]" : "");
        separator = ", ";
    }
    return text;
}

std::string examples() {
    std::string text = "| example | word | then |\n|---|---|---|\n";
    for (const OpInfo& row : kOpTable) {
        const std::string_view example = row.example;
        const Program program =
            assemble(fmt::format(" {}\n mov?f s15, #1\n end\n", example), std::string{example});
        text +=
            fmt::format("| `{}` | `0x{:08x}` | {} |\n", example, program.words[0], effect(program));
    }
    return text;
}

std::string manual() {
    std::string text = "| code | syntax | n | cycles | meaning |\n|---:|---|---|---:|---|\n";
    for (const OpInfo& row : kOpTable) {
        text += fmt::format("| {} | `{}` | {} | {} | {} |\n", static_cast<int>(row.opcode),
                            syntax(row.opcode), immediate_range(row.opcode), row.cycles,
                            escape(row.meaning));
    }
    return text;
}

}  // namespace seamount::isa
