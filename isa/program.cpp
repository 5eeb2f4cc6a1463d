#include "isa/program.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "isa/instruction.hpp"

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

int worst_case_cycles(const std::vector<std::uint32_t>& words) {
    int cycles = 0;
    for (const std::uint32_t word : words) {
        if (const auto instruction = decode(word)) cycles += info(instruction->op).cycles;
    }
    return cycles;
}

}  // namespace seamount::isa
