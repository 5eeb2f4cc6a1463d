#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/range.hpp"
#include "isa/microcode/accumulate.hpp"
#include "isa/microcode/expression.hpp"
#include "isa/microcode/opcode.hpp"

namespace seamount::isa {

/// In what an argument counts that scales with the weights: weight mantissas times `unit`. With an
/// `exponent`, which names another argument, its value times 2^exponent does.
struct ArgScale {
    std::int64_t unit = 1;
    std::string exponent;  ///< empty: none
    friend bool operator==(const ArgScale&, const ArgScale&) = default;
};

/// How an argument counts time, so that a network that says how long a step is may give it in
/// seconds: the argument + `less` of `parts` decay in a step, of what has that time constant.
struct ArgTime {
    std::int64_t parts = 0;  ///< 0: the argument counts steps
    std::int64_t less = 0;
    friend bool operator==(const ArgTime&, const ArgTime&) = default;
};

/// An argument that users of a neuron set in YAML: `.arg vth 0..131071 = 100 ; threshold mantissa`.
struct ArgDecl {
    std::string name;
    std::int64_t min = 0;
    std::int64_t max = 0;
    std::optional<std::int64_t> initial;  ///< default; without one the user must give a value
    std::string doc;                      ///< text of the trailing comment
    SourceLocation where;
    std::optional<ArgScale> scale{};  ///< nothing: it does not scale with the weights
    std::optional<ArgTime> time{};    ///< nothing: it is no time
};

/// A parameter or state word: its register and the expression over args that initialises it.
struct WordDecl {
    std::string name;
    int index = 0;       ///< p<index> or s<index>
    Expression initial;  ///< over args; `.state v` without `=` starts at 0
    SourceLocation where;
};

/// A named read-only value that probes can record: `.view v_chip = ref > 0 ? ... : v`, over state
/// and parameters.
struct ViewDecl {
    std::string name;
    Expression value;
    SourceLocation where;
};

/// A neuron program: microcode plus the declarations that give its words names.
struct Program {
    std::string name;  ///< file name without directory and suffix
    std::string file;  ///< file name without directory
    std::vector<std::uint32_t> words;
    /// Source line and column of each word; empty when disassembled from an image.
    std::vector<std::uint32_t> lines;
    std::vector<std::uint32_t> columns;
    std::vector<ArgDecl> args;
    std::vector<WordDecl> params;           ///< in declaration order = p0, p1, ...
    std::vector<WordDecl> states;           ///< in declaration order = s0, s1, ...
    std::vector<std::string> accumulators;  ///< in declaration order = a0, a1, ...
    AccumulateRules combine{};              ///< what each of them does with what arrives
    /// What the synapses of one step add up to, by accumulator, as far as the program declares it;
    /// assumed by analyse_ranges, not enforced.
    std::vector<Range> inputs;
    std::vector<ViewDecl> views;

    [[nodiscard]] const ArgDecl* find_arg(std::string_view name) const noexcept;
    [[nodiscard]] const WordDecl* find_state(std::string_view name) const noexcept;
};

/// Checks microcode as loaded from anywhere: every word decodes, branches land inside, the last
/// word is an unpredicated END. Returns the first fault as a sentence, or empty.
[[nodiscard]] std::string check_microcode(const std::vector<std::uint32_t>& words);

/// Whether microcode that check_microcode accepts has a TRC instruction: only then a compartment
/// has trace registers.
[[nodiscard]] bool writes_traces(const std::vector<std::uint32_t>& words);

/// The channels that a program's SPK instructions send on, ascending; none if it never spikes.
[[nodiscard]] std::vector<std::uint32_t> spike_channels(const std::vector<std::uint32_t>& words);

/// Cycles of the longest path through a program. A word whose predicate does not hold is issued all
/// the same; what a branch or an END always skips is not.
[[nodiscard]] int worst_case_cycles(const std::vector<std::uint32_t>& words);

/// Cycles of the longest path that issues no SPK: what a compartment costs in a step in which it
/// does not spike. If every path issues one (under a predicate), worst_case_cycles.
[[nodiscard]] int quiet_cycles(const std::vector<std::uint32_t>& words);

}  // namespace seamount::isa
