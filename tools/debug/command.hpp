#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "isa/base/name_table.hpp"
#include "tools/debug/words.hpp"

namespace seamount::debug {

/// What one can ask for.
enum class Verb : std::uint8_t {
    kBreak,
    kDelete,
    kRun,
    kContinue,
    kStep,
    kNext,
    kStepi,
    kBack,
    kGoto,
    kPrint,
    kSet,
    kWhy,
    kInfo,
    kList,
    kHelp,
    kQuit,
};

struct VerbRow {
    Verb verb;
    std::string_view name;
    std::string_view shorter;  ///< besides every beginning that means no other
    std::string_view arguments;
    std::string_view help;
};

inline constexpr auto kVerbs = std::to_array<VerbRow>({
    {Verb::kBreak, "break", "b", "PLACE [if FORMULA]",
     "stop at: step N, spike POP[i], core C, FILE.asm:LINE [in POP[i]], when FORMULA"},
    {Verb::kDelete, "delete", "d", "[NUMBER]", "remove a breakpoint, or all of them"},
    {Verb::kRun, "run", "r", "", "from step 0 of the network as it was opened, then continue"},
    {Verb::kContinue, "continue", "c", "[STEP]", "to the next breakpoint, to STEP, or to the end"},
    {Verb::kStep, "step", "s", "[COUNT]", "to the end of the time step"},
    {Verb::kNext, "next", "n", "[COUNT]", "to the next compartment"},
    {Verb::kStepi, "stepi", "si", "[COUNT]", "execute one instruction"},
    {Verb::kBack, "back", "", "[COUNT]", "to so many steps earlier"},
    {Verb::kGoto, "goto", "", "STEP", "to before a step, back or forward, past breakpoints"},
    {Verb::kPrint, "print", "p", "FORMULA | POP[i] | A[i] -> B[j] | POP[i].axons | POP[i].queue",
     "words of neurons and registers, synapses, axons, what is due later"},
    {Verb::kSet, "set", "", "WORD = VALUE",
     "POP[i].WORD, POP[i].ACCUMULATOR@STEPS, r0, flag, INPUT[i] (a spike), reward[0], "
     "A[i] -> B[j].weight|delay, POP[i].axons[k].FIELD"},
    {Verb::kWhy, "why", "", "POP[i]", "why it spiked in the step before, back to the inputs"},
    {Verb::kInfo, "info", "i", "[TOPIC]",
     "where we are; or: breakpoints, populations, inputs, projections, cores, spikes, registers, "
     "checkpoints"},
    {Verb::kList, "list", "l", "[FILE.asm | POP]", "microcode with the lines of its source"},
    {Verb::kHelp, "help", "h", "[COMMAND]", "this"},
    {Verb::kQuit, "quit", "q", "", "leave"},
});
static_assert(has_row_for_each(kVerbs, &VerbRow::verb));

/// What `info` tells of.
enum class Topic : std::uint8_t {
    kPlace,
    kBreakpoints,
    kPopulations,
    kInputs,
    kProjections,
    kCores,
    kSpikes,
    kRegisters,
    kCheckpoints,
};
inline constexpr auto kTopicNames = name_table<Topic>({
    {Topic::kPlace, "place"},
    {Topic::kBreakpoints, "breakpoints"},
    {Topic::kPopulations, "populations"},
    {Topic::kInputs, "inputs"},
    {Topic::kProjections, "projections"},
    {Topic::kCores, "cores"},
    {Topic::kSpikes, "spikes"},
    {Topic::kRegisters, "registers"},
    {Topic::kCheckpoints, "checkpoints"},
});

/// Takes the verb of a command: its name, its short form, or a beginning that means no other.
/// Throws InputError (DBG-COMMAND).
[[nodiscard]] Verb read_verb(Reader& reader);
[[nodiscard]] Topic read_topic(Reader& reader);
/// The table of commands; of one verb: its line.
[[nodiscard]] std::string help_text();
[[nodiscard]] std::string help_text(Verb verb);
/// What a word may be completed to: commands.
[[nodiscard]] std::vector<std::string> verb_names();

}  // namespace seamount::debug
