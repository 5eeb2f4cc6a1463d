#include "tools/inspect/program_sheet.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>
#include <vector>

#include "isa/base/assert.hpp"
#include "isa/base/json.hpp"
#include "isa/base/text.hpp"
#include "isa/microcode/instruction.hpp"
#include "isa/microcode/operand_order.hpp"
#include "tools/base/console.hpp"
#include "tools/base/table.hpp"

namespace seamount::tools {
namespace {

std::string range_text(isa::Range range) {
    return fmt::format("{}..{}", range.min, range.max);
}

std::string arguments_table(const isa::Program& program) {
    Table table{{"argument", "range", "default", "meaning"}};
    for (const isa::ArgDecl& arg : program.args) {
        table.add({arg.name, range_text({arg.min, arg.max}),
                   arg.initial ? std::to_string(*arg.initial) : "(required)", arg.doc});
    }
    return table.empty() ? "" : table.text();
}

std::string text_or_zero(const isa::WordDecl& word) {
    return word.initial.text().empty() ? "0" : word.initial.text();
}

std::string parameters_table(const isa::Program& program, const isa::RangeInputs& inputs) {
    Table table{{"parameter", "word", "range", "value"}};
    for (const isa::WordDecl& p : program.params) {
        table.add({p.name, fmt::format("p{}", p.index),
                   range_text(inputs.params[static_cast<std::size_t>(p.index)]), text_or_zero(p)});
    }
    return table.empty() ? "" : table.text();
}

std::string states_table(const isa::Program& program, const isa::RangeReport& ranges) {
    Table table{{"state", "word", "range", "initial value"}};
    for (const isa::WordDecl& s : program.states) {
        table.add({s.name, fmt::format("s{}", s.index),
                   range_text(ranges.state[static_cast<std::size_t>(s.index)]), text_or_zero(s)});
    }
    return table.empty() ? "" : table.text();
}

std::string views_table(const isa::Program& program) {
    Table table{{"view", "value"}};
    for (const isa::ViewDecl& view : program.views) table.add({view.name, view.value.text()});
    return table.empty() ? "" : table.text();
}

std::string accumulators_line(const isa::Program& program) {
    std::vector<std::string> parts;
    for (std::size_t k = 0; k < program.accumulators.size(); ++k) {
        std::string& part = parts.emplace_back(program.accumulators[k]);
        if (program.combine[k] != isa::Accumulate::kSum) {
            part += fmt::format(" ({})", name_of(isa::kAccumulateNames, program.combine[k]));
        }
        if (program.inputs[k] != isa::Range{}) {
            part += fmt::format(" in {}", range_text(program.inputs[k]));
        }
    }
    return parts.empty() ? "" : fmt::format("  accumulators: {}\n", fmt::join(parts, ", "));
}

isa::Instruction instruction_of(const isa::Program& program, const isa::RangeFinding& finding) {
    const auto instruction = isa::decode(program.words.at(finding.pc));
    SM_ASSERT(instruction.has_value(), program.name);
    return *instruction;
}

std::string mnemonic(const isa::Instruction& instruction) {
    std::string text;
    for (const char c : isa::info(instruction.op).name) {
        text += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    const std::string_view suffix = isa::kConditionSuffixes[instruction.mode];
    return suffix.empty() ? text : fmt::format("{}.{}", text, suffix);
}

std::string destination(const isa::Program& program, const isa::Instruction& instruction) {
    if (instruction.dst.bank == isa::Operand::Bank::kRegister) {
        return fmt::format("r{}", instruction.dst.index);
    }
    for (const isa::WordDecl& s : program.states) {
        if (s.index == instruction.dst.index) return s.name;
    }
    return fmt::format("s{}", instruction.dst.index);
}

bool saturates(const isa::RangeFinding& finding) {
    return finding.condition == isa::Condition::kSat24;
}

int width(isa::Condition condition) {
    switch (condition) {
        case isa::Condition::kWrap32:
            return 32;
        case isa::Condition::kWrap22:
            return 22;
        case isa::Condition::kWrap16:
            return 16;
        default:
            return 24;
    }
}

Json range_json(isa::Range range) {
    return Json::array({range.min, range.max});
}

Json finding_json(const isa::Program& program, const isa::RangeFinding& finding) {
    const isa::Instruction instruction = instruction_of(program, finding);
    return {{"line", program.lines.at(finding.pc)},
            {"column", program.columns.at(finding.pc)},
            {"word", finding.pc},
            {"instruction", mnemonic(instruction)},
            {"destination", destination(program, instruction)},
            {"kind", saturates(finding) ? "saturates" : "wraps"},
            {"bits", width(finding.condition)},
            {"range", range_json(finding.exact)}};
}

}  // namespace

std::string program_sheet(const isa::Program& program, const isa::RangeReport& ranges) {
    std::string text = fmt::format(
        "{}: {} words ({} bytes), at most {} cycles per update, {} without a spike, {} state "
        "words\n",
        program.name, program.words.size(), 4 * program.words.size(),
        isa::worst_case_cycles(program.words), isa::quiet_cycles(program.words),
        program.states.size());
    text += accumulators_line(program) + arguments_table(program) +
            parameters_table(program, isa::RangeInputs::of(program)) +
            states_table(program, ranges) + views_table(program);
    text += ranges.findings.empty() ? "  ranges: safe, no result can wrap or saturate\n"
                                    : fmt::format("  ranges: {} can wrap or saturate\n",
                                                  counted(ranges.findings.size(), "result"));
    return text;
}

std::string finding_text(const isa::Program& program, const isa::RangeFinding& finding) {
    const isa::Instruction instruction = instruction_of(program, finding);
    return fmt::format("{} to {} can {} {} bits: its result is in [{}, {}]", mnemonic(instruction),
                       destination(program, instruction),
                       saturates(finding) ? "saturate at" : "wrap around", width(finding.condition),
                       finding.exact.min, finding.exact.max);
}

std::string program_sheet_json(const isa::Program& program, const isa::RangeReport& ranges) {
    Json json{{"name", program.name},
              {"words", program.words.size()},
              {"bytes", 4 * program.words.size()},
              {"cycles_worst", isa::worst_case_cycles(program.words)},
              {"cycles_without_spike", isa::quiet_cycles(program.words)},
              {"state_words", program.states.size()},
              {"safe", ranges.findings.empty()}};
    for (const char* const list :
         {"accumulators", "arguments", "parameters", "states", "findings"}) {
        json[list] = Json::array();
    }
    for (std::size_t k = 0; k < program.accumulators.size(); ++k) {
        json["accumulators"].push_back(
            {{"name", program.accumulators[k]},
             {"combine", name_of(isa::kAccumulateNames, program.combine[k])},
             {"range", range_json(program.inputs[k])}});
    }
    for (const isa::ArgDecl& arg : program.args) {
        json["arguments"].push_back({{"name", arg.name},
                                     {"range", range_json({arg.min, arg.max})},
                                     {"default", arg.initial ? Json(*arg.initial) : Json()},
                                     {"meaning", arg.doc}});
    }
    const isa::RangeInputs inputs = isa::RangeInputs::of(program);
    for (const isa::WordDecl& p : program.params) {
        json["parameters"].push_back(
            {{"name", p.name},
             {"range", range_json(inputs.params[static_cast<std::size_t>(p.index)])}});
    }
    for (const isa::WordDecl& s : program.states) {
        json["states"].push_back(
            {{"name", s.name},
             {"range", range_json(ranges.state[static_cast<std::size_t>(s.index)])}});
    }
    for (const isa::RangeFinding& finding : ranges.findings) {
        json["findings"].push_back(finding_json(program, finding));
    }
    return json_text(json, 2) + "\n";
}

}  // namespace seamount::tools
