#pragma once

#include "tools/base/console.hpp"
#include "tools/cli/options/parser.hpp"

namespace seamount::cli {

/// Reads the words and runs the command that they name; reports what is wrong with its input.
/// Returns the exit code.
[[nodiscard]] int run_program(const Program& program, int argc, char** argv,
                              const tools::Console& console);

}  // namespace seamount::cli
