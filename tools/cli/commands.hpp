#pragma once

#include <string>

#include "tools/base/console.hpp"
#include "tools/cli/options/option.hpp"

namespace seamount::cli {

// Each is one subcommand, in a file of its own; `console` outlives it.
[[nodiscard]] Command compile_command(tools::Console& console);
/// The run leaves its summary, as --json writes it, in `summary`, unless that is null.
[[nodiscard]] Command run_command(tools::Console& console, std::string* summary = nullptr);
[[nodiscard]] Command import_command(tools::Console& console);
[[nodiscard]] Command mesh_command(tools::Console& console);
[[nodiscard]] Command asm_command(tools::Console& console);
[[nodiscard]] Command disasm_command(tools::Console& console);
[[nodiscard]] Command verify_command(tools::Console& console);
[[nodiscard]] Command inspect_command(tools::Console& console);
[[nodiscard]] Command neuron_command(tools::Console& console);
[[nodiscard]] Command conform_command(tools::Console& console);

}  // namespace seamount::cli
