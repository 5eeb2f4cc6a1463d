#include "isa/assembly/assembler_operands.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "isa/assembly/manual.hpp"

namespace seamount::isa::assembly {
namespace {

std::string usage(Opcode op) {
    return fmt::format("write {}", syntax(op));
}

std::string_view immediate_name(Opcode op) {
    switch (op) {
        case Opcode::kLdi:
            return "the value";
        case Opcode::kRnd:
            return "the number of bits";
        case Opcode::kSpk:
            return "the channel";
        case Opcode::kTrc:
            return "the trace register";
        default:
            return "the shift";
    }
}

}  // namespace

bool OperandReader::read(Slot slot, const Piece& text, Instruction& instruction) {
    switch (slot) {
        case Slot::kDst:
            return read_destination(text, instruction.dst);
        case Slot::kA:
            return read_source(text, instruction.a);
        case Slot::kB:
            return read_source(text, instruction.b);
        case Slot::kAccumulator:
            return read_accumulator(text, instruction.accumulator);
        case Slot::kImmediate:
            return read_immediate(text, instruction);
        case Slot::kLabel:
            break;
    }
    return false;
}

bool OperandReader::wrong_operand(const Piece& text, std::string_view expected, std::string hint) {
    reporter_.error("ASM-OPERAND", text, fmt::format("{} is not {}", quote(text.text), expected),
                    std::move(hint));
    return false;
}

/// Number of a word such as r12; reports one that is out of range.
std::optional<std::uint8_t> OperandReader::register_number(const Piece& text, int limit) {
    const auto number = parse_integer(text.text.substr(1));
    if (number && *number < limit) return static_cast<std::uint8_t>(*number);
    const std::string bank = lower(text.text.substr(0, 1));
    reporter_.error("ASM-RANGE", text,
                    fmt::format("{} does not exist, must be in [{}0, {}{}]", quote(text.text), bank,
                                bank, limit - 1));
    return std::nullopt;
}

bool OperandReader::read_source(const Piece& text, Operand& operand) {
    using Bank = Operand::Bank;
    if (text.text.starts_with('#')) return read_constant(text, operand);
    if (is_register_name(text.text) && lower(text.text)[0] != 'a') {
        const char bank = lower(text.text)[0];
        const auto number = register_number(text, 16);
        if (!number) return false;
        operand = {bank == 'r'   ? Bank::kRegister
                   : bank == 's' ? Bank::kState
                                 : Bank::kParameter,
                   *number};
        return true;
    }
    const Symbol* symbol = declarations_.find(text.text);
    if (symbol != nullptr && symbol->kind == SymbolKind::kState) {
        operand = {Bank::kState, static_cast<std::uint8_t>(symbol->index)};
        return true;
    }
    if (symbol != nullptr && symbol->kind == SymbolKind::kParam) {
        operand = {Bank::kParameter, static_cast<std::uint8_t>(symbol->index)};
        return true;
    }
    if ((symbol != nullptr && symbol->kind == SymbolKind::kConst) || parse_integer(text.text)) {
        return wrong_operand(text, "an operand; constants are written with '#'",
                             fmt::format("write #{}", text.text));
    }
    return unknown_operand(text, symbol, "a register, state word, parameter or #constant");
}

bool OperandReader::unknown_operand(const Piece& text, const Symbol* symbol,
                                    std::string_view expected) {
    if (symbol != nullptr && symbol->kind == SymbolKind::kView) {
        return wrong_operand(text, expected, "it is a view; programs cannot read views");
    }
    if ((symbol != nullptr && symbol->kind == SymbolKind::kAccumulator) ||
        is_register_name(text.text)) {
        return wrong_operand(text, expected, "only RDC, PEEK and PSH access accumulators");
    }
    if (program_.find_arg(text.text) != nullptr) {
        return wrong_operand(
            text, expected,
            fmt::format("it is an argument; declare .param {} = {}", text.text, text.text));
    }
    return wrong_operand(text, expected, suggest(text.text, declarations_.names()));
}

/// Value of a number or of a constant's name.
std::optional<std::int64_t> OperandReader::number(std::string_view text) const {
    const Symbol* symbol = declarations_.find(text);
    if (symbol != nullptr && symbol->kind == SymbolKind::kConst) return symbol->value;
    return parse_integer(text);
}

bool OperandReader::read_constant(const Piece& text, Operand& operand) {
    const auto value = number(text.text.substr(1));
    if (!value) {
        return wrong_operand(text, "a constant", "after '#' stands a number or a .const name");
    }
    const auto* found = std::find(kConstants.begin(), kConstants.end(), *value);
    if (found == kConstants.end()) {
        reporter_.error("ASM-CONST", text,
                        fmt::format("{} is not one of the constants {}", quote(text.text),
                                    fmt::join(kConstants, " ")),
                        "use LDI to load it into a register, or declare a .param");
        return false;
    }
    operand = {Operand::Bank::kConstant, static_cast<std::uint8_t>(found - kConstants.begin())};
    return true;
}

bool OperandReader::not_writable(const Piece& text, std::string_view kind) {
    reporter_.error("ASM-DEST", text,
                    fmt::format("{} {} cannot be written", kind, quote(text.text)),
                    "destinations are registers and state words");
    return false;
}

bool OperandReader::read_destination(const Piece& text, Operand& operand) {
    if (text.text.starts_with('#') || parse_integer(text.text))
        return not_writable(text, "constant");
    const Symbol* symbol = declarations_.find(text.text);
    if (symbol != nullptr && symbol->kind == SymbolKind::kConst) {
        return not_writable(text, "constant");
    }
    if (!read_source(text, operand)) return false;
    return operand.bank <= Operand::Bank::kState || not_writable(text, "parameter");
}

bool OperandReader::read_accumulator(const Piece& text, std::uint8_t& accumulator) {
    if (is_register_name(text.text) && lower(text.text)[0] == 'a') {
        const auto number = register_number(text, kAccumulators);
        accumulator = number.value_or(0);
        return number.has_value();
    }
    const Symbol* symbol = declarations_.find(text.text);
    if (symbol != nullptr && symbol->kind == SymbolKind::kAccumulator) {
        accumulator = static_cast<std::uint8_t>(symbol->index);
        return true;
    }
    return wrong_operand(
        text, "an accumulator",
        suggest(text.text, program_.accumulators, "accumulators are a0..a3 and names of .acc"));
}

bool OperandReader::read_immediate(const Piece& text, Instruction& instruction) {
    const bool hash = text.text.starts_with('#');
    const auto value = number(text.text.substr(hash ? 1 : 0));
    if (!value) return wrong_operand(text, "a number or a .const name", usage(instruction.op));
    const Fields used = fields(instruction.op);
    if (*value < used.min_imm || *value > used.max_imm) {
        reporter_.error(
            "ASM-RANGE", text,
            fmt::format("{} of {} is {}, must be in [{}, {}]", immediate_name(instruction.op),
                        upper(info(instruction.op).name), *value, used.min_imm, used.max_imm));
        return false;
    }
    instruction.imm = static_cast<std::int32_t>(*value);
    return true;
}

}  // namespace seamount::isa::assembly
