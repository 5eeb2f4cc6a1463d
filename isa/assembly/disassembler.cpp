#include "isa/assembly/disassembler.hpp"

#include <map>
#include <set>

#include <fmt/format.h>

#include "isa/assembly/assembler_text.hpp"
#include "isa/base/assert.hpp"
#include "isa/microcode/operand_order.hpp"
#include "isa/microcode/program.hpp"

namespace seamount::isa {
namespace {

/// The names that can be declared: those before the first that assembly would refuse, as a
/// declaration's place decides its number.
std::vector<std::string> usable(const std::vector<std::string>& names, std::size_t limit,
                                std::set<std::string>& taken) {
    std::vector<std::string> result;
    for (const std::string& name : names) {
        if (result.size() == limit || !assembly::is_name(name) ||
            assembly::is_register_name(name) || !taken.insert(name).second) {
            break;
        }
        result.push_back(name);
    }
    return result;
}

std::string word_name(const std::vector<std::string>& names, char bank, std::size_t index) {
    return index < names.size() ? names[index] : fmt::format("{}{}", bank, index);
}

std::string operand_text(const Operand& operand, const Symbols& symbols) {
    switch (operand.bank) {
        case Operand::Bank::kRegister:
            return word_name({}, 'r', operand.index);
        case Operand::Bank::kState:
            return word_name(symbols.states, 's', operand.index);
        case Operand::Bank::kParameter:
            return word_name(symbols.params, 'p', operand.index);
        case Operand::Bank::kConstant:
            return fmt::format("#{}", kConstants[operand.index]);
    }
    return {};
}

std::string mnemonic(const Instruction& i) {
    const OpInfo& row = info(i.op);
    std::string text = assembly::upper(row.name);
    if (row.format == Format::kCompare) {
        text += fmt::format(".{}", kComparisonSuffixes[static_cast<std::size_t>(i.imm)]);
    }
    if (i.mode != 0) text += fmt::format(".{}", mode_suffixes(row.modes)[i.mode]);
    if (i.pred != Predicate::kAlways) {
        text += fmt::format("?{}", kPredicateSuffixes[static_cast<std::size_t>(i.pred)]);
    }
    return text;
}

std::string print(const Instruction& i, const Symbols& symbols, const std::string& target) {
    std::string text = mnemonic(i);
    std::string_view separator = " ";
    for (const Slot slot : slots(info(i.op).format)) {
        if (slot == Slot::kImmediate && i.op == Opcode::kSpk && i.imm == 0) continue;
        text += separator;
        separator = ", ";
        switch (slot) {
            case Slot::kDst:
                text += operand_text(i.dst, symbols);
                break;
            case Slot::kA:
                text += operand_text(i.a, symbols);
                break;
            case Slot::kB:
                text += operand_text(i.b, symbols);
                break;
            case Slot::kAccumulator:
                text += word_name(symbols.accumulators, 'a', i.accumulator);
                break;
            case Slot::kImmediate:
                text += fmt::format("{}{}", i.op == Opcode::kLdi ? "#" : "", i.imm);
                break;
            case Slot::kLabel:
                text += target;
                break;
        }
    }
    return text;
}

}  // namespace

std::string to_string(const Instruction& instruction) {
    return print(instruction, {}, fmt::format("+{}", instruction.imm));
}

std::string to_string(const Instruction& instruction, const Symbols& symbols) {
    return print(instruction, symbols, fmt::format("+{}", instruction.imm));
}

std::string disassemble(const std::vector<std::uint32_t>& words, const Symbols& symbols) {
    SM_ASSERT(check_microcode(words).empty(), check_microcode(words));
    Symbols names;
    std::set<std::string> taken;
    names.params = usable(symbols.params, kParameters, taken);
    names.states = usable(symbols.states, kStateWords, taken);
    names.accumulators = usable(symbols.accumulators, kAccumulators, taken);

    std::vector<Instruction> code;
    std::map<std::size_t, std::string> labels;
    for (const std::uint32_t word : words) {
        code.push_back(*decode(word));
        if (code.back().op != Opcode::kBf) continue;
        labels[code.size() - 1 + static_cast<std::size_t>(code.back().imm)];
    }
    std::size_t number = 0;
    for (auto& [pc, label] : labels) label = fmt::format("L{}", number++);

    std::string text;
    for (std::size_t k = 0; k < names.accumulators.size(); ++k) {
        const Accumulate rule = symbols.combine[k];
        const std::string shown =
            rule == Accumulate::kSum ? "" : fmt::format(" {}", name_of(kAccumulateNames, rule));
        text += fmt::format(".acc {}{}\n", names.accumulators[k], shown);
    }
    for (const auto& name : names.params)
        text += fmt::format(".param {} = 0  ; value: per neuron group, in the image\n", name);
    for (const auto& name : names.states) text += fmt::format(".state {}\n", name);
    if (!text.empty()) text += '\n';
    for (std::size_t pc = 0; pc < code.size(); ++pc) {
        const auto label = labels.find(pc);
        if (label != labels.end()) text += fmt::format("{}:\n", label->second);
        const auto target = code[pc].op == Opcode::kBf
                                ? labels.at(pc + static_cast<std::size_t>(code[pc].imm))
                                : std::string{};
        text += fmt::format("        {}\n", print(code[pc], names, target));
    }
    return text;
}

}  // namespace seamount::isa
