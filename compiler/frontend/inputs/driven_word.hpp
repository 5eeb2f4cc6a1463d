#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// The state word of some neurons that an input writes, by the argument that decides it.
struct DrivenWord {
    std::uint32_t population = 0;
    std::string arg;
    const isa::ArgDecl* declared = nullptr;
    const isa::WordDecl* word = nullptr;
    std::vector<std::uint32_t> neurons;  ///< within the population
    bool usable = false;                 ///< false: something about it was reported
};

/// Reads `target` and `arg` of an input; its size and shape are those of the part that it names,
/// and the places to write. An argument that feeds a parameter, no state word or several, or whose
/// word another input drives or `initial` sets, is an error (NET-WRITE). Nothing: what could be
/// driven is not known.
[[nodiscard]] std::optional<DrivenWord> read_driven_word(Context& context, const YamlNode& node,
                                                         isa::InputImage& image);

/// What the word of neuron number `place` of the driven ones is when the argument is `value`;
/// reports NET-WRITE at `where` if that cannot be.
[[nodiscard]] std::optional<std::int32_t> written_value(const Context& context,
                                                        const DrivenWord& driven, std::size_t place,
                                                        std::int64_t value, const YamlNode& where);

}  // namespace seamount::compiler::frontend
