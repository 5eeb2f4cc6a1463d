#pragma once

#include "tools/cli/commands.hpp"
#include "tools/explore/sweep_session.hpp"

namespace seamount::explore {

/// Adds `explore` with its subcommands; `program` is the one that it is part of. Under mpirun it
/// becomes seamount-mpi, else points run as processes of this machine.
void add_explore(CLI::App& app, cli::Session& session, Program program);
/// The same for seamount-mpi, with jobs that run where `make_executor` says.
void add_explore(CLI::App& app, cli::Session& session, MakeExecutor make_executor);

}  // namespace seamount::explore
