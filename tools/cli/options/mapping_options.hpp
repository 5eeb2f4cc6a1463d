#pragma once

#include <vector>

#include "tools/cli/options/option.hpp"
#include "tools/session/options.hpp"

namespace seamount::cli {

/// The options that `compile` and `run` share.
[[nodiscard]] std::vector<Option> mapping_options(session::CompileSettings& settings);

}  // namespace seamount::cli
