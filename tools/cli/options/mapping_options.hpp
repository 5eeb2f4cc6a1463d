#pragma once

#include <vector>

#include "tools/cli/options/option.hpp"
#include "tools/session/options.hpp"

namespace seamount::cli {

/// The options that `compile`, `run` and `fit` share.
[[nodiscard]] std::vector<Option> mapping_options(session::CompileSettings& settings);
/// How the best of several mappings is chosen: of `compile` and `run`.
[[nodiscard]] std::vector<Option> optimise_options(session::CompileSettings& settings);

}  // namespace seamount::cli
