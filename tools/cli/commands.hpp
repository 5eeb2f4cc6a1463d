#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emulator/machine/ranks/ranks.hpp"
#include "tools/base/console.hpp"
#include "tools/cli/options/option.hpp"
#include "tools/session/request.hpp"

namespace seamount::cli {

// Each is one subcommand, in a file of its own; `console` outlives it.
[[nodiscard]] Command compile_command(tools::Console& console);
[[nodiscard]] Command run_command(tools::Console& console);
/// The same at rank 0 of `ranks`, which share the run; they outlive it.
[[nodiscard]] Command run_command(tools::Console& console, emu::Ranks& ranks);
[[nodiscard]] Command fit_command(tools::Console& console);
[[nodiscard]] Command import_command(tools::Console& console);
[[nodiscard]] Command mesh_command(tools::Console& console);
[[nodiscard]] Command asm_command(tools::Console& console);
[[nodiscard]] Command disasm_command(tools::Console& console);
[[nodiscard]] Command verify_command(tools::Console& console);
[[nodiscard]] Command inspect_command(tools::Console& console);
[[nodiscard]] Command neuron_command(tools::Console& console);
[[nodiscard]] Command conform_command(tools::Console& console);

/// A command line of `run` as the request that it makes, outputs aside.
struct RunReading {
    session::RunRequest request;
    std::optional<std::string> wrong;  ///< what is wrong with the words
};
/// Reads "run FILE --steps 5 ..." without doing anything.
[[nodiscard]] RunReading read_run(const std::vector<std::string>& words);

/// The long options of `run`, without dashes.
struct RunOptionNames {
    std::vector<std::string> deciding;  ///< what comes out
    std::vector<std::string> outputs;   ///< where it goes
};
[[nodiscard]] RunOptionNames run_option_names();

}  // namespace seamount::cli
