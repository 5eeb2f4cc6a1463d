#pragma once

#include <vector>

#include "tools/base/console.hpp"
#include "tools/cli/options/option.hpp"

namespace seamount::cli {

// Commands that help one to begin. Each is a file of its own; `console` outlives it.
[[nodiscard]] Command new_command(tools::Console& console);
[[nodiscard]] Command schema_command(tools::Console& console);
/// `commands`: all others.
[[nodiscard]] Command completion_command(tools::Console& console,
                                         const std::vector<Command>& commands);

}  // namespace seamount::cli
