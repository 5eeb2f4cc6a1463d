#pragma once

#include <functional>
#include <string>

#include "tools/base/console.hpp"

namespace CLI {
class App;
}

namespace seamount::cli {

/// What the command line asked for. A subcommand's options fill `command`, which main runs after
/// parsing and which returns the exit code.
struct Session {
    tools::Console console;
    std::function<int()> command;
    /// Where the command leaves its summary, as `run --json` writes it; null if nobody asks.
    std::string* summary = nullptr;
};

// Each adds one subcommand to `app`; `session` must outlive it. One file per subcommand.
void add_compile(CLI::App& app, Session& session);
void add_run(CLI::App& app, Session& session);
void add_mesh(CLI::App& app, Session& session);
void add_asm(CLI::App& app, Session& session);
void add_disasm(CLI::App& app, Session& session);
void add_verify(CLI::App& app, Session& session);
void add_inspect(CLI::App& app, Session& session);
void add_neuron(CLI::App& app, Session& session);
void add_conform(CLI::App& app, Session& session);

}  // namespace seamount::cli
