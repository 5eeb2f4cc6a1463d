#pragma once

#include "tools/commands.hpp"
#include "tools/explore/sweep_session.hpp"

namespace seamount::explore {

/// Adds `explore` with its subcommands. Jobs run where `make_executor` says, else as processes of
/// this machine.
void add_explore(CLI::App& app, cli::Session& session, MakeExecutor make_executor = {});

}  // namespace seamount::explore
