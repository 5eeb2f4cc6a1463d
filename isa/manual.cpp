#include "isa/manual.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "isa/assembler_text.hpp"
#include "isa/operand_order.hpp"

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
