#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "isa/base/ids.hpp"
#include "isa/microcode/expression.hpp"
#include "tools/debug/words.hpp"

namespace seamount::debug {

/// An integer expression (isa::Expression) over words of neurons, `out[3].v - out[3].threshold`,
/// and of the compartment in work, `r0 > v`. A selection of several neurons stands for each of
/// them: the formula has as many values.
class Formula {
public:
    /// Throws InputError (DBG-COMMAND, DBG-NAME, DBG-VALUE).
    [[nodiscard]] static Formula parse(const isa::Image& image, std::string_view text,
                                       const SourceLocation& where);

    /// A name in it.
    struct Term {
        std::optional<Selection> of;  ///< nothing: the compartment in work
        std::string name;             ///< of the word
        Word word;                    ///< with `of`
        SourceLocation where;
    };
    /// The value of a term: of the neuron, or of the compartment in work.
    using Lookup = std::function<std::int64_t(const Term&, std::optional<NeuronId>)>;

    /// How many values it has.
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    /// Value `i`. Throws InputError (DBG-VALUE) if it cannot be computed, and what `lookup` throws.
    [[nodiscard]] std::int64_t evaluate(const isa::Image& image, std::size_t i,
                                        const Lookup& lookup) const;
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    /// The neuron of value `i`, if the formula names exactly one selection of several.
    [[nodiscard]] std::optional<NeuronId> neuron(const isa::Image& image, std::size_t i) const;
    [[nodiscard]] const std::vector<Term>& terms() const noexcept { return terms_; }

private:
    std::string text_;
    SourceLocation where_;
    std::vector<Term> terms_;
    isa::Expression expression_;  ///< over names q0, q1, ... of the terms
    std::size_t count_ = 1;
};

/// Reads `.NAME` or `.NAME@STEPS` behind a selection of neurons.
[[nodiscard]] Formula::Term read_term(const isa::Image& image, Selection selection, Reader& reader);

}  // namespace seamount::debug
