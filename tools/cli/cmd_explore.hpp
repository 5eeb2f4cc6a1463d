#pragma once

#include "tools/cli/commands.hpp"
#include "tools/explore/sweep_session.hpp"

namespace seamount::cli {

/// `explore` with its subcommands; `program` is the one that it is part of. Under mpirun it becomes
/// seamount-mpi, else points run as processes of this machine.
[[nodiscard]] Command explore_command(tools::Console& console, explore::Program program);
/// The same for seamount-mpi, with jobs that run where `make_executor` says.
[[nodiscard]] Command explore_command(tools::Console& console, explore::MakeExecutor make_executor);

}  // namespace seamount::cli
