#pragma once

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

inline constexpr std::int64_t kMaxCore = 65535;  ///< core numbers have 16 bits in the image

/// The keys of a population.
[[nodiscard]] const yaml::Form& population_form();

/// Reads `populations:` of the file's root into the network.
void read_populations(Context& context, const YamlNode& root);

}  // namespace seamount::compiler::frontend
