#include "isa/assembly/assembler.hpp"

#include <algorithm>
#include <fstream>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "isa/assembly/assembler_declarations.hpp"
#include "isa/assembly/assembler_operands.hpp"
#include "isa/assembly/assembler_text.hpp"
#include "isa/assembly/manual.hpp"
#include "isa/base/assert.hpp"
#include "isa/input/input_file.hpp"
#include "isa/microcode/instruction.hpp"
#include "isa/microcode/operand_order.hpp"

namespace seamount::isa {
namespace {

using namespace assembly;

constexpr std::uintmax_t kMaxFileSize = 1U << 20;

std::string usage(Opcode op) {
    return fmt::format("write {}", syntax(op));
}

/// The legal suffixes for a message: ".sat .w24 ...".
template <class Suffixes>
std::string list_suffixes(const Suffixes& suffixes) {
    std::string text;
    for (const std::string_view suffix : suffixes) {
        if (!suffix.empty()) text += fmt::format("{}.{}", text.empty() ? "" : " ", suffix);
    }
    return text;
}

template <class Suffixes>
std::optional<std::uint8_t> index_of(std::string_view suffix, const Suffixes& suffixes) {
    const auto found = std::find(suffixes.begin(), suffixes.end(), suffix);
    if (suffix.empty() || found == suffixes.end()) return std::nullopt;
    return static_cast<std::uint8_t>(found - suffixes.begin());
}

class Assembler {
public:
    explicit Assembler(const std::string& file) : reporter_{file} {
        program_.name = std::filesystem::path{file}.stem().string();
        program_.file = std::filesystem::path{file}.filename().string();
    }

    Program run(std::string_view text) {
        for (const Line& line : split_lines(text)) {
            if (line.code.text.starts_with('.')) {
                declarations_.read(line.code, line.comment);
            } else if (!line.code.empty()) {
                code_.push_back(line.code);
            }
        }
        declarations_.finish();
        for (const Piece& line : code_) {
            if (reporter_.full()) break;
            read_code(line);
        }
        finish();
        reporter_.throw_if_errors();
        SM_ASSERT(check_microcode(program_.words).empty(), check_microcode(program_.words));
        return std::move(program_);
    }

private:
    struct Line {
        Piece code;
        std::string_view comment;
    };
    struct Branch {
        std::size_t pc;
        Piece target;
    };

    static std::vector<Line> split_lines(std::string_view text) {
        std::vector<Line> lines;
        if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
        std::uint32_t number = 0;
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            std::string_view line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            if (line.ends_with('\r')) line.remove_suffix(1);
            const std::size_t semicolon = std::min(line.find(';'), line.size());
            const Piece whole{line, ++number, 1};
            lines.push_back({trim(whole.first(semicolon)),
                             trim(whole.from(std::min(semicolon + 1, line.size()))).text});
        }
        return lines;
    }

    void read_code(Piece line) {
        for (;;) {
            Piece rest = line;
            const Piece word = take_word(rest);
            rest = trim(rest);
            if (word.empty() || !rest.text.starts_with(':')) break;
            label(word);
            line = trim(rest.from(1));
        }
        last_ = line;
        if (line.empty()) return;
        Instruction instruction;
        if (!read_instruction(line, instruction)) instruction = {};  // keeps its word: distances
        program_.words.push_back(encode(instruction));
        program_.lines.push_back(line.line);
        program_.columns.push_back(line.column);
        ends_ = instruction == Instruction{};
    }

    void label(const Piece& name) {
        if (!is_name(name.text)) {
            reporter_.error("ASM-NAME", name, fmt::format("{} is not a name", quote(name.text)),
                            "labels start with a letter");
        } else if (!labels_.emplace(std::string{name.text}, program_.words.size()).second) {
            reporter_.error("ASM-NAME", name,
                            fmt::format("label {} stands twice", quote(name.text)));
        }
    }

    bool read_instruction(const Piece& line, Instruction& instruction) {
        const std::size_t blank = std::min(line.text.find_first_of(" \t"), line.text.size());
        Piece head = line.first(blank);
        const Piece operands = trim(line.from(blank));
        const std::size_t question = std::min(head.text.find('?'), head.text.size());
        const Piece predicate = head.from(question);
        head = head.first(question);

        Piece suffixes = head;
        const Piece mnemonic = take_word(suffixes);
        const auto* row = std::find_if(kOpTable.begin(), kOpTable.end(), [&](const OpInfo& info) {
            return lower(info.name) == lower(mnemonic.text);
        });
        if (row == kOpTable.end()) {
            unknown_mnemonic(line, mnemonic);
            return false;
        }
        instruction.op = row->opcode;
        const bool suffixes_good = read_suffixes(mnemonic, suffixes, instruction);
        const bool predicate_good = read_predicate(predicate, instruction);
        return read_operands(line, operands, instruction) && suffixes_good && predicate_good;
    }

    void unknown_mnemonic(const Piece& line, const Piece& mnemonic) {
        if (mnemonic.empty()) {
            reporter_.error("ASM-SYNTAX", line,
                            fmt::format("expected an instruction, not {}", quote(line.text)),
                            "a line is a directive, or [LABEL:] [INSTRUCTION], then [; COMMENT]");
            return;
        }
        std::vector<std::string> names;
        for (const OpInfo& info : kOpTable) names.push_back(upper(info.name));
        reporter_.error("ASM-MNEMONIC", mnemonic,
                        fmt::format("unknown instruction {}", quote(mnemonic.text)),
                        suggest(mnemonic.text, names,
                                fmt::format("instructions are {}", fmt::join(names, " "))));
    }

    bool read_predicate(const Piece& predicate, Instruction& instruction) {
        if (predicate.empty()) return true;
        const auto found = index_of(lower(predicate.text.substr(1)), kPredicateSuffixes);
        if (!found) {
            reporter_.error("ASM-SUFFIX", predicate,
                            fmt::format("unknown predicate {}", quote(predicate.text)),
                            "?f runs the instruction only if F is set, ?n only if it is not");
            return false;
        }
        instruction.pred = static_cast<Predicate>(*found);
        return true;
    }

    bool read_suffixes(const Piece& mnemonic, Piece rest, Instruction& instruction) {
        const ModeKind kind = info(instruction.op).modes;
        const bool compares = kind == ModeKind::kCombine;
        std::string legal = list_suffixes(mode_suffixes(kind));
        if (compares) legal = list_suffixes(kComparisonSuffixes) + ", then " + legal;
        const std::string hint = legal.empty()
                                     ? fmt::format("{} has no suffixes", upper(mnemonic.text))
                                     : fmt::format("{} takes {}", upper(mnemonic.text), legal);
        bool good = true;
        bool has_mode = false;
        bool has_comparison = false;
        while (!rest.empty()) {
            const Piece dotted = rest;
            rest = rest.from(rest.text.starts_with('.') ? 1 : 0);
            const Piece word = take_word(rest);
            const Piece whole =
                dotted.first(static_cast<std::size_t>(rest.text.data() - dotted.text.data()));
            const std::string suffix = lower(word.text);
            const auto mode = index_of(suffix, mode_suffixes(kind));
            const auto comparison = index_of(suffix, kComparisonSuffixes);
            if (word.empty() || !dotted.text.starts_with('.') ||
                (!mode && !(compares && comparison))) {
                reporter_.error("ASM-SUFFIX", dotted,
                                fmt::format("unknown suffix {}",
                                            quote(word.empty() ? dotted.text : whole.text)),
                                hint);
                return false;
            }
            bool& seen = mode ? has_mode : has_comparison;
            if (seen) {
                reporter_.error(
                    "ASM-SUFFIX", dotted,
                    fmt::format("{} comes after a suffix of the same kind", quote(whole.text)),
                    hint);
                good = false;
            }
            seen = true;
            if (mode) {
                instruction.mode = *mode;
            } else {
                instruction.imm = *comparison;
            }
        }
        if (compares && !has_comparison) {
            reporter_.error("ASM-SUFFIX", mnemonic, "CMP needs a comparison", hint);
            good = false;
        }
        return good;
    }

    bool read_operands(const Piece& line, const Piece& text, Instruction& instruction) {
        const auto expected = slots(info(instruction.op).format);
        const std::vector<Piece> given = split_commas(text);
        const std::size_t least =
            expected.size() - (immediate_is_optional(instruction.op) ? 1U : 0U);
        if (given.size() < least || given.size() > expected.size()) {
            const Piece at = given.size() > expected.size() ? given[expected.size()] : line;
            reporter_.error(
                "ASM-OPERANDS", at,
                fmt::format("{} has {} operand{}, expected {}", upper(info(instruction.op).name),
                            given.size(), given.size() == 1 ? "" : "s",
                            least == expected.size()
                                ? fmt::format("{}", least)
                                : fmt::format("{} or {}", least, expected.size())),
                usage(instruction.op));
            return false;
        }
        bool good = true;
        for (std::size_t i = 0; i < given.size(); ++i) {
            if (given[i].empty()) {
                reporter_.error("ASM-OPERAND", given[i], "an operand is missing here",
                                usage(instruction.op));
                good = false;
            } else {
                good = read_operand(expected[i], given[i], instruction) && good;
            }
        }
        return good;
    }

    bool read_operand(Slot slot, const Piece& text, Instruction& instruction) {
        if (slot != Slot::kLabel) return operands_.read(slot, text, instruction);
        branches_.push_back({program_.words.size(), text});
        instruction.imm = 1;  // until the labels are known
        return true;
    }

    void finish() {
        for (const Branch& branch : branches_) resolve(branch);
        if (!ends_) {
            Piece at = last_;
            if (at.line == 0) at = {{}, 1, 1};
            reporter_.error("ASM-END", at,
                            program_.words.empty()
                                ? "the program has no instructions"
                                : "the last instruction is not an unconditional END",
                            "add END as the last line");
        }
    }

    void resolve(const Branch& branch) {
        const auto pc = static_cast<std::int64_t>(branch.pc);
        const auto size = static_cast<std::int64_t>(program_.words.size());
        const std::string_view text = branch.target.text;
        std::int64_t target = 0;
        if (text.starts_with('+')) {
            const auto distance = parse_integer(text.substr(1));
            if (!distance || *distance > size) {
                return branch_error(branch, fmt::format("{} is beyond the end", quote(text)));
            }
            target = pc + *distance;
        } else {
            const auto found = labels_.find(text);
            if (found == labels_.end()) {
                std::vector<std::string> names;
                for (const auto& [name, word] : labels_) names.push_back(name);
                return branch_error(branch, fmt::format("there is no label {}", quote(text)),
                                    suggest(text, names));
            }
            target = static_cast<std::int64_t>(found->second);
        }
        if (target <= pc) {
            return branch_error(branch, fmt::format("{} is not ahead: word {}, branch in word {}",
                                                    quote(text), target, pc));
        }
        if (target >= size) {
            return branch_error(branch, fmt::format("no instruction follows at {}", quote(text)));
        }
        const Fields used = fields(Opcode::kBf);
        if (target - pc > used.max_imm) {
            return branch_error(branch, fmt::format("{} is {} words ahead, must be in [1, {}]",
                                                    quote(text), target - pc, used.max_imm));
        }
        auto instruction = decode(program_.words[branch.pc]);
        if (!instruction || instruction->op != Opcode::kBf) return;  // reported before
        instruction->imm = static_cast<std::int32_t>(target - pc);
        program_.words[branch.pc] = encode(*instruction);
    }

    void branch_error(const Branch& branch, std::string message, std::string hint = {}) {
        if (hint.empty()) hint = "branches go forward, to a label or +WORDS, and stay inside";
        reporter_.error("ASM-LABEL", branch.target, std::move(message), std::move(hint));
    }

    Program program_;
    Reporter reporter_;
    Declarations declarations_{program_, reporter_};
    OperandReader operands_{program_, declarations_, reporter_};
    std::vector<Piece> code_;
    std::map<std::string, std::size_t, std::less<>> labels_;
    std::vector<Branch> branches_;
    Piece last_;
    bool ends_ = false;
};

}  // namespace

Program assemble(std::string_view text, const std::string& file) {
    return Assembler{file}.run(text);
}

Program assemble_file(const std::filesystem::path& path) {
    const auto fail = [&](std::string message) {
        return InputError{{"ASM-FILE", {path.string(), 0, 0}, std::move(message), {}}};
    };
    std::error_code error;
    const std::filesystem::path readable = readable_path(path);
    if (!std::filesystem::is_regular_file(readable, error)) throw fail("the file does not exist");
    const std::uintmax_t size = std::filesystem::file_size(readable, error);
    if (error) throw fail("the file cannot be read");
    if (size > kMaxFileSize) {
        throw fail(fmt::format("the file has {} bytes, microcode files have at most {}", size,
                               kMaxFileSize));
    }
    std::ifstream stream{readable, std::ios::binary};
    std::string text(static_cast<std::size_t>(size), '\0');
    stream.read(text.data(), static_cast<std::streamsize>(size));
    if (!stream) throw fail("the file cannot be read");
    return assemble(text, path.string());
}

}  // namespace seamount::isa
