#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "isa/assembly/assembler_directives.hpp"
#include "isa/assembly/assembler_text.hpp"
#include "isa/microcode/program.hpp"

namespace seamount::isa::assembly {

enum class SymbolKind : std::uint8_t { kParam, kState, kAccumulator, kConst, kView };

/// What a name means in instructions.
struct Symbol {
    SymbolKind kind = SymbolKind::kConst;
    int index = 0;           ///< register number
    std::int64_t value = 0;  ///< of a kConst
};

/// Reads the directives (.arg .scaled .timed .const .acc .param .state .view) into a Program and
/// knows the names.
///
/// Arguments have a name space of their own: a state word may be named like the argument that
/// initialises it. Constants are visible everywhere, so their names are unique among all.
/// assembler_arguments.cpp has what is about arguments.
class Declarations {
public:
    Declarations(Program& program, Reporter& reporter) : program_{program}, reporter_{reporter} {}

    /// Reads one directive; `line` starts with the dot, `comment` is the text after the semicolon.
    void read(Piece line, std::string_view comment);
    /// Resolves what may use names of later lines. Call once, after the last directive.
    void finish();

    [[nodiscard]] const Symbol* find(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> names() const;

private:
    struct Initial {
        Piece expression;   ///< blank: none given
        std::size_t index;  ///< into params, states or views
    };

    void read_const(Piece rest);
    Range read_range(const Piece& text, const Piece& name, Directive directive);
    void read_arg(Piece rest, std::string_view comment);
    void read_scaled(Piece rest);
    void read_timed(Piece rest);
    ArgDecl* find_arg(const Piece& name);
    void read_word(Piece rest, std::vector<WordDecl>& words, std::vector<Initial>& initials,
                   SymbolKind kind, int limit);
    void read_accumulator(Piece rest);
    Accumulate take_rule(Piece& rest);
    void read_view(Piece rest);

    Piece take_name(Piece& rest, Directive directive);
    Piece take_assigned(Piece rest, Directive directive);
    bool declare(const Piece& name, const Symbol& symbol);
    bool in_limit(const Piece& name, std::size_t count, int limit, std::string_view what);
    std::int64_t evaluate_constant(const Piece& text);
    Expression resolve(const Piece& text, const std::vector<std::string>& allowed,
                       std::string_view allowed_kinds);

    Program& program_;
    Reporter& reporter_;
    std::map<std::string, Symbol, std::less<>> symbols_;
    std::vector<Initial> params_;
    std::vector<Initial> states_;
    std::vector<Initial> views_;
};

}  // namespace seamount::isa::assembly
