#pragma once

#include "tools/conform/vectors/case.hpp"

namespace seamount::conform {

/// Schemas loihi1-golden/1 (static and silicon) and loihi1-noise/1.
[[nodiscard]] Outcome run_static_case(const Json& file, const Context& context);
/// Schema loihi1-pop/1.
[[nodiscard]] Outcome run_population_axons(const Json& file, const Context& context);

/// The runner of a neuron model of lava, by the `model` of its file; nothing if there is none.
[[nodiscard]] CaseRunner neuron_model_runner(const std::string& model);

}  // namespace seamount::conform
