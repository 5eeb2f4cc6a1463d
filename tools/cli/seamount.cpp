#include <fmt/core.h>

#include <cstdio>
#include <exception>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/output_file.hpp"
#include "tools/base/leak_suppressions.hpp"
#include "tools/base/version.hpp"
#include "tools/cli/cmd_explore.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/options/mpi_program.hpp"
#include "tools/cli/options/parser.hpp"
#include "tools/cli/options/run_program.hpp"
#include "tools/cli/results/result_commands.hpp"
#include "tools/cli/start/start_commands.hpp"
#include "tools/explore/runs/result_record.hpp"

namespace seamount::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  seamount run network.yaml --steps 100            compile for Loihi 1 and run
  seamount compile network.yaml -o network.smi     compile once ...
  seamount run network.smi --steps 100 --out DIR   ... run many times, keep spikes and energy
  seamount inspect loihi1                          every number of a chip with its source
  seamount explore sweep.yaml                      many chips: fronts, effects, best points
  seamount SUBCOMMAND --help                       options and examples of a subcommand

Exit codes: 0 done, 1 a check failed, 2 bad input, 3 an error of ours, 4 too little memory.
Chips and neuron programs come from $SEAMOUNT_CONFIGS, else from the installed library.)";

/// What a run of a sweep does in a process that was forked for it.
int program(const std::vector<std::string>& words, int descriptor) {
    return explore::answer_request(words.front(), descriptor);
}

/// Commands by what one wants to do.
std::vector<Command> all_commands(tools::Console& console) {
    struct Task {
        const char* heading;
        std::vector<Command> commands;
    };
    std::vector<Task> tasks{
        {"Networks",
         {new_command(console), import_command(console), compile_command(console),
          verify_command(console)}},
        {"Runs",
         {run_command(console), report_command(console), watch_command(console),
          plot_command(console), diff_command(console), explain_command(console),
          debug_command(console), export_command(console)}},
        {"Chips and designs",
         {inspect_command(console), explore_command(console, program), fit_command(console),
          mesh_command(console)}},
        {"Neurons and microcode",
         {neuron_command(console), asm_command(console), disasm_command(console),
          conform_command(console)}}};
    std::vector<Command> all;
    for (Task& task : tasks) {
        for (Command& command : task.commands) {
            command.group = task.heading;
            all.push_back(std::move(command));
        }
    }
    all.push_back(schema_command(console));
    all.back().group = "This program";
    all.push_back(completion_command(console, all));
    all.back().group = "This program";
    return all;
}

int run_main(int argc, char** argv) {
    tools::Console console;
    const Program seamount{
        "seamount",
        "Seamount emulates Loihi-style neuromorphic chips: spikes bit for bit, time and "
        "energy from counted events.",
        std::string{"seamount "} + tools::version(),
        {quiet_option(console.quiet)},
        kFooter,
        all_commands(console)};
    if (const auto wrong = become_mpi_program(argc, argv)) {
        tools::tell(to_string(*wrong) + '\n');
        return tools::kBadInput;
    }
    return run_program(seamount, argc, argv, console);
}

Diagnostic lack_of_memory() {
    return {"CLI-MEMORY",
            {"seamount", 0, 0},
            "the system has too little memory for this, or the limits set for the process are too "
            "low (ulimit -v, a container)",
            "use a machine with more memory, a smaller network, or fewer records; nothing of this "
            "command was written"};
}

/// Gives the exit code, whatever happens.
int guarded_main(int argc, char** argv) {
    try {
        const int code = run_main(argc, argv);
        const int written = tools::flush_stdout();
        return code == tools::kOk ? written : code;
    } catch (const std::exception& error) {
        // fmt::print throws when stdout is full.
        if (std::ferror(stdout) != 0) return tools::flush_stdout();
        if (tools::is_lack_of_memory(error)) {
            tools::tell(to_string(lack_of_memory()) + '\n');
            return tools::kNoResources;
        }
        tools::tell(fmt::format("internal error: {}, please report\n", error.what()));
        return tools::kInternalError;
    }
}

/// A run of a sweep is asked for on stdin, and answered on the descriptor that it was given.
int main_of(int argc, char** argv) {
    const int descriptor = explore::take_result_descriptor();
    if (descriptor < 0) return guarded_main(argc, argv);
    const std::string request{std::istreambuf_iterator<char>{std::cin}, {}};
    return explore::answer_request(request, descriptor);
}

}  // namespace
}  // namespace seamount::cli

int main(int argc, char** argv) {
    using namespace seamount::cli;
    seamount::open_closed_standard_streams();
    seamount::remove_unfinished_files_on_signals();
    return main_of(argc, argv);
}
