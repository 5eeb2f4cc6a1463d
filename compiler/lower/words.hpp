#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/ir/network.hpp"

namespace seamount::compiler {

/// Evaluates the words of a population's program from the arguments that the user gave.
///
/// A word is evaluated once if the arguments that it names are the same for all neurons, else once
/// per distinct combination of them.
class WordEvaluator {
public:
    /// Both must outlive the object. Reports CMP-ARG for arguments without value or default.
    WordEvaluator(const Population& population, Diagnostics& diagnostics);

    /// One value, or one per neuron. `kind` is "parameter" or "state" for messages (CMP-VALUE).
    [[nodiscard]] Values<std::int32_t> evaluate(const isa::WordDecl& word, const char* kind);

private:
    [[nodiscard]] std::int64_t argument(const std::string& name, std::uint32_t neuron) const;
    [[nodiscard]] bool varies(const std::string& name) const;

    const Population& population_;
    Diagnostics& diagnostics_;
    std::unordered_map<std::string, Values<std::int64_t>> arguments_;
};

}  // namespace seamount::compiler
