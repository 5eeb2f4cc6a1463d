#pragma once

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

inline constexpr std::int64_t kMaxEvery = std::int64_t{1} << 30U;  ///< steps between two records

inline constexpr std::int64_t kMaxProbedCore = 65535;  ///< id of a core in a probe

/// Reads `probes:` of the file's root into the network; populations must have been read.
void read_probes(Context& context, const YamlNode& root);

}  // namespace seamount::compiler::frontend
