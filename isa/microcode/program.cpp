#include "isa/microcode/program.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "isa/microcode/instruction.hpp"

namespace seamount::isa {

const ArgDecl* Program::find_arg(std::string_view wanted) const noexcept {
    const auto found = std::find_if(args.begin(), args.end(),
                                    [&](const ArgDecl& arg) { return arg.name == wanted; });
    return found == args.end() ? nullptr : &*found;
}

const WordDecl* Program::find_state(std::string_view wanted) const noexcept {
    const auto found = std::find_if(states.begin(), states.end(),
                                    [&](const WordDecl& state) { return state.name == wanted; });
    return found == states.end() ? nullptr : &*found;
}

std::string check_microcode(const std::vector<std::uint32_t>& words) {
    if (words.empty()) return "the program is empty; its last word must be END";
    for (std::size_t pc = 0; pc < words.size(); ++pc) {
        const auto instruction = decode(words[pc]);
        if (!instruction) {
            return fmt::format("word {} (0x{:08x}) is not an instruction", pc, words[pc]);
        }
        if (instruction->op == Opcode::kBf &&
            static_cast<std::size_t>(instruction->imm) >= words.size() - pc) {
            return fmt::format("the branch in word {} leads to word {}, the last one is {}", pc,
                               pc + static_cast<std::size_t>(instruction->imm), words.size() - 1);
        }
    }
    if (words.back() != encode(Instruction{})) {
        return fmt::format("the last word (0x{:08x}) is not an unconditional END", words.back());
    }
    return {};
}

namespace {

/// Longest path from the first word, or nothing if no path avoids what must not be issued.
std::optional<int> longest_path(const std::vector<std::uint32_t>& words, bool without_spikes) {
    std::vector<std::optional<int>> from(words.size() + 1);  // cycles from a word to an END
    for (std::size_t pc = words.size(); pc-- > 0;) {
        const auto instruction = decode(words[pc]);
        if (!instruction) continue;
        const bool always = instruction->pred == Predicate::kAlways;
        std::optional<int> rest;
        const auto go_on = [&](std::optional<int> path) { rest = std::max(rest, path); };
        if (instruction->op == Opcode::kEnd) go_on(0);
        if (instruction->op == Opcode::kBf) {
            go_on(from[std::min(words.size(), pc + static_cast<std::size_t>(instruction->imm))]);
        }
        const bool leaves = instruction->op == Opcode::kEnd || instruction->op == Opcode::kBf;
        if (!leaves || !always) go_on(from[pc + 1]);
        if (without_spikes && instruction->op == Opcode::kSpk) rest.reset();
        if (rest) from[pc] = *rest + info(instruction->op).cycles;
    }
    return from.front();
}

}  // namespace

bool writes_traces(const std::vector<std::uint32_t>& words) {
    return std::ranges::any_of(words, [](std::uint32_t word) {
        const auto instruction = decode(word);
        return instruction && instruction->op == Opcode::kTrc;
    });
}

std::vector<std::uint32_t> spike_channels(const std::vector<std::uint32_t>& words) {
    std::set<std::uint32_t> channels;
    for (const std::uint32_t word : words) {
        const auto instruction = decode(word);
        if (instruction && instruction->op == Opcode::kSpk) {
            channels.insert(static_cast<std::uint32_t>(instruction->imm));
        }
    }
    return {channels.begin(), channels.end()};
}

int worst_case_cycles(const std::vector<std::uint32_t>& words) {
    return longest_path(words, false).value_or(0);
}

int quiet_cycles(const std::vector<std::uint32_t>& words) {
    return longest_path(words, true).value_or(worst_case_cycles(words));
}

}  // namespace seamount::isa
