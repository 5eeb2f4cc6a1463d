#include <fmt/core.h>

#include <memory>
#include <string>
#include <vector>

#include "tools/cli/options/console_listener.hpp"
#include "tools/cli/options/import_words.hpp"
#include "tools/cli/options/mapping_options.hpp"
#include "tools/cli/options/parser.hpp"
#include "tools/cli/results/replay_options.hpp"
#include "tools/cli/results/result_commands.hpp"
#include "tools/debug/command.hpp"
#include "tools/debug/front.hpp"

namespace seamount::cli {
namespace {

struct Options {
    debug::Request request;
    ImportWords import;
    ReplayOptions replay;
};

int run(Options& options, const tools::Console& console) {
    session::RunRequest& request = options.request.run;
    options.replay.finish(request);
    request.import = options.import.given();
    ConsoleListener listener{console};
    debug::run(options.request, listener,
               {[&console](const std::string& text) { console.print(text); },
                [&console](const InputError& error) { console.report(error.diagnostics()); }});
    return tools::kOk;
}

std::string footer() {
    return "Runs as seamount run does, without time: the same spikes and states, as long as "
           "nothing "
           "is set.\n\nCommands (each can be shortened while it means one thing):\n" +
           debug::help_text() +
           R"(
Examples:
  seamount debug net.yaml                            at the terminal; TAB completes
  seamount debug net.yaml --steps 200 -x hunt.dbg    the commands of a file
  seamount debug net.smi --execute 'break spike out[3]' --execute continue --execute 'why out[3]'
  seamount debug digits.yaml --execute 'break when hidden.v > 3000' --execute run)";
}

std::vector<Option> debug_options(Options& options) {
    session::RunRequest& run = options.request.run;
    return {{.names = "IMAGE|NETWORK",
             .target = &run.file,
             .help = "Image, network (YAML), or network of another tool (see seamount import)",
             .value_name = "",
             .required = true},
            {"-x,--script", &options.request.script, "Execute the commands of a file, a line each",
             "SCRIPT"},
            {"--execute", &options.request.commands, "Execute a command, after those of the script",
             "COMMAND"},
            {.names = "--steps",
             .target = &run.run.steps,
             .help = "Time steps of the run (default: the whole dataset, else without end)",
             .range = Range{1, std::uint64_t{1} << 40U}},
            {.names = "--samples",
             .target = &run.run.samples,
             .help = "Samples of the dataset (default: all)",
             .range = Range{1, 0xFFFFFFFFU},
             .excludes = "--steps"}};
}

}  // namespace

Command debug_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    Command command{"debug", "Stop a run, look into it, change it, and go back",
                    debug_options(*options), footer()};
    for (const std::vector<Option>& part :
         {options->replay.options(options->request.run),
          mapping_options(options->request.run.mapping), import_options(options->import)}) {
        command.options.insert(command.options.end(), part.begin(), part.end());
    }
    command.options.push_back(quiet_option(console.quiet));
    command.run = [options, &console] { return run(*options, console); };
    return command;
}

}  // namespace seamount::cli
