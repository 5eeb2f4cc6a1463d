#pragma once

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// What sets the traces of the targets.
enum class PostTraces : std::uint8_t { kSpikes, kProgram };
inline constexpr auto kPostTracesNames = name_table<PostTraces>({
    {PostTraces::kSpikes, "spikes"},
    {PostTraces::kProgram, "program"},
});

/// `rounding:` by name; kConstant is written as a number.
inline constexpr std::array kNamedRoundings{isa::LearnRounding::kStochastic,
                                            isa::LearnRounding::kFloor, isa::LearnRounding::kHalf};

inline constexpr std::int64_t kMostEpochs = 1'000'000'000;  ///< between two normalisations

/// The keys of `learning:` of a network.
[[nodiscard]] const yaml::Form& learning_form();

/// Reads `learning:` of the file's root into the network: rules, schedule, rewards. Populations
/// must have been read.
void read_learning(Context& context, const YamlNode& root);

/// Reads `learning:` of a projection: the name of a rule, or nothing.
void read_projection_learning(const Context& context, const YamlNode& projection, Projection& read);

}  // namespace seamount::compiler::frontend
