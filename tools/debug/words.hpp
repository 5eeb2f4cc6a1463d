#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/name_table.hpp"
#include "isa/image/image.hpp"

// What commands name: populations, inputs, neurons and their words, by the names of the network.

namespace seamount::debug {

/// What a word of a compartment is.
enum class WordKind : std::uint8_t {
    kState,
    kParameter,
    kAccumulator,
    kTrace,
    kView,
    kRegister,  ///< this and those behind it: inside a step, of the compartment in work
    kFlag,
    kPc,
};
inline constexpr auto kWordKindNames = name_table<WordKind>({
    {WordKind::kState, "state"},
    {WordKind::kParameter, "parameter"},
    {WordKind::kAccumulator, "accumulator"},
    {WordKind::kTrace, "trace"},
    {WordKind::kView, "view"},
    {WordKind::kRegister, "register"},
    {WordKind::kFlag, "flag"},
    {WordKind::kPc, "pc"},
});

struct Word {
    WordKind kind = WordKind::kState;
    std::uint32_t index = 0;
    std::uint32_t later = 0;  ///< of accumulators: what is due so many steps later
};

/// The word of a program with this name, or nothing. Registers are r0..r15, traces y0..y3 of
/// programs that write them.
[[nodiscard]] std::optional<Word> find_word(const isa::ProgramImage& program,
                                            std::string_view name);
/// Whether the compartment in work is meant, whatever its program is.
[[nodiscard]] std::optional<Word> find_register(std::string_view name);
/// Names of all words of a program but registers.
[[nodiscard]] std::vector<std::string> word_names(const isa::ProgramImage& program);

/// Reads a line from left to right; findings name the place.
class Reader {
public:
    Reader(std::string_view text, SourceLocation where) : text_{text}, where_{std::move(where)} {}

    void skip_blanks();
    [[nodiscard]] bool at_end();
    /// The next character after blanks, or 0.
    [[nodiscard]] char peek();
    /// Takes `token` if it comes next (a whole word, if it is one).
    bool take(std::string_view token);
    /// Letters, digits, _; empty if there are none.
    [[nodiscard]] std::string_view name();
    /// Up to the next blank.
    [[nodiscard]] std::string_view word();
    /// A whole number, decimal or 0x; a finding if there is none, or if it is out of range.
    [[nodiscard]] std::int64_t number(std::int64_t least, std::int64_t most, std::string_view what);
    [[nodiscard]] std::string_view rest();

    [[nodiscard]] std::size_t position() const noexcept { return at_; }
    void back_to(std::size_t position) noexcept { at_ = position; }
    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    /// Of what comes next, after blanks.
    [[nodiscard]] SourceLocation where() {
        skip_blanks();
        return where_at(at_);
    }
    [[nodiscard]] SourceLocation where_at(std::size_t position) const;
    /// Throws an InputError about what stands here (DBG-COMMAND).
    [[noreturn]] void expected(std::string_view what);
    /// Nothing may follow.
    void end();

private:
    std::string_view text_;
    SourceLocation where_;
    std::size_t at_ = 0;
};

/// Throws an InputError with one finding.
[[noreturn]] void refuse(std::string code, SourceLocation where, std::string message,
                         std::string hint = {});

/// Neurons of a population, or sources of a host input.
struct Selection {
    bool is_input = false;
    std::uint32_t index = 0;             ///< into Image::populations or inputs
    std::vector<std::uint32_t> members;  ///< ascending as written
    bool whole = false;                  ///< without [...]
    std::string text;                    ///< as written
    SourceLocation where;
};

/// Reads `NAME`, `NAME[3]`, `NAME[0:8]`, `NAME[0:8:2]`, `NAME[row, column]`; nothing, and nothing
/// is taken, if no population or input of that name comes next. Throws InputError (DBG-VALUE).
[[nodiscard]] std::optional<Selection> read_selection(const isa::Image& image, Reader& reader);
/// The same where one must come: else DBG-NAME with the closest name.
[[nodiscard]] Selection need_selection(const isa::Image& image, Reader& reader,
                                       bool of_neurons = false);

/// `POP[i]` of a neuron.
[[nodiscard]] std::string name_of(const isa::Image& image, NeuronId neuron);
/// The neuron of a selection's member.
[[nodiscard]] NeuronId neuron_of(const isa::Image& image, const Selection& selection,
                                 std::size_t member);

}  // namespace seamount::debug
