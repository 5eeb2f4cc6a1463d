#include "tools/cli/cmd_explore.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "tools/cli/options/parser.hpp"
#include "tools/explore/report/report.hpp"
#include "tools/explore/store_commands.hpp"
#include "tools/explore/sweep_session.hpp"
#include "tools/watch/spawn.hpp"

namespace seamount::cli {
namespace {

constexpr const char* kFooter =
    R"(A sweep that was interrupted, by Ctrl-C or by a power cut, goes on when it is started again. What
has been run before, in this or any other sweep, is taken from the cache.

Examples:
  seamount explore sweep.yaml                       run it into sweep.sqlite
  seamount explore report sweep.sqlite              sweep.html: front, effects, best points
  seamount explore show sweep.sqlite 17             everything about a point
  seamount explore rerun sweep.sqlite 17            run it again and compare every counter
  seamount explore sweep.yaml --shard 2/4           the second of four parts (Slurm array)
  seamount explore merge all.sqlite sweep.*-of-4.sqlite
  mpirun -n 8 seamount explore sweep.yaml           one coordinator, seven workers)";

/// What `seamount run` takes, asked from its own definition; what a sweep says itself is left out.
explore::RunOptions run_options() {
    explore::RunOptions options;
    options.read = [](const std::vector<std::string>& words) {
        RunReading reading = read_run(words);
        return explore::RunOptions::Reading{std::move(reading.request), std::move(reading.wrong)};
    };
    static const std::vector<std::string> kOwn{"chip", "set"};
    RunOptionNames names = run_option_names();
    std::erase_if(names.deciding, [](const std::string& name) {
        return std::find(kOwn.begin(), kOwn.end(), name) != kOwn.end();
    });
    options.names = std::move(names.deciding);
    options.outputs = std::move(names.outputs);
    return options;
}

std::vector<Option> sweep_options(explore::SweepOptions& options, bool& watch) {
    return {
        {.names = "SWEEP",
         .target = &options.sweep,
         .help = "Sweep (YAML)",
         .value_name = "",
         .required_alone = true},
        {"--store", &options.store, "Results (default: SWEEP's name, .sqlite)", "FILE"},
        {.names = "--jobs",
         .target = &options.jobs,
         .help = "Runs at once (default: one for each core)",
         .range = Range{1, 4096}},
        {"--cache", &options.cache, "Results of all sweeps (default: the user's)", "FILE"},
        {"--no-cache", &options.no_cache, "Neither read nor write the cache"},
        {"--shard", &options.shard, "Run only part I of N", "I/N"},
        {"--export", &options.csv, "Write all runs as CSV at the end", "FILE.csv"},
        {"--set", &options.assignments, "Override a variable of the sweep", "NAME=VALUE"},
        {"--watch", &watch, "Serve the page of the sweep while it goes on"},
        {"--check", &options.check_only, "Look for mistakes: run and write nothing"},
    };
}

/// What the commands on a store take.
struct StoreOptions {
    std::filesystem::path store;
    std::int64_t point = 0;
    std::filesystem::path out;
    std::vector<std::string> stores;
    bool print = false;
    bool force = false;
    bool without_times = false;
};

/// A positional argument that must be there.
template <class Target>
Option argument(const char* name, Target& target, const char* help) {
    return {.names = name, .target = &target, .help = help, .value_name = "", .required = true};
}

/// A command on a store, with what it takes beside that.
Command store_command(const char* name, const char* help, StoreOptions& options,
                      tools::Console& console, const std::vector<Option>& further,
                      std::function<int()> run) {
    Command command{
        name,
        help,
        {argument("STORE", options.store, "Store of a sweep"), quiet_option(console.quiet)}};
    command.options.insert(command.options.end(), further.begin(), further.end());
    command.run = std::move(run);
    return command;
}

std::vector<Command> store_commands(tools::Console& console) {
    const auto options = std::make_shared<StoreOptions>();
    const Option point = argument("POINT", options->point, "Its number");
    return {
        store_command(
            "report", "Write a page that shows the answers", *options, console,
            {{"-o,--out", &options->out, "The page (default: STORE's name, .html)", "FILE.html"},
             {"--print", &options->print, "Print to the terminal instead"},
             {"--force", &options->force,
              "Without -o: replace a file of that name that is no such page"}},
            [options, &console] {
                return explore::report_store(
                    options->store, {options->out, options->print, options->force}, console);
            }),
        store_command("show", "Print all that is known about a point", *options, console, {point},
                      [options, &console] {
                          return explore::show_point(options->store, options->point, console);
                      }),
        store_command(
            "rerun", "Run a point again and compare every counter", *options, console, {point},
            [options, &console] {
                return explore::rerun_point(options->store, options->point, run_options(), console);
            }),
        store_command("export", "Write all runs as CSV", *options, console,
                      {argument("CSV", options->out, "The file"),
                       {"--without-times", &options->without_times,
                        "Leave out what differs when the same is run again"}},
                      [options] {
                          return explore::export_store(options->store, options->out,
                                                       !options->without_times);
                      }),
        {"merge",
         "Put the stores of shards together",
         {argument("OUT", options->out, "The store to write"),
          argument("STORES", options->stores, "Stores of one sweep"), quiet_option(console.quiet)},
         {},
         {},
         [options, &console] {
             return explore::merge_stores(options->out, options->stores, console);
         }},
    };
}

}  // namespace

Command explore_command(tools::Console& console, explore::MakeExecutor make_executor) {
    const auto options = std::make_shared<explore::SweepOptions>();
    const auto watched = std::make_shared<bool>(false);
    Command command{"explore", "Sweep chips, networks and options; answer from the results",
                    sweep_options(*options, *watched), kFooter, store_commands(console)};
    command.options.push_back(quiet_option(console.quiet));
    command.run = [options, watched, &console, make_executor = std::move(make_executor)] {
        std::optional<watch::Companion> companion;
        if (*watched) {
            options->opened = [&companion](const auto& store) { companion.emplace(store); };
        }
        return explore::run_sweep(*options, run_options(), make_executor, console);
    };
    return command;
}

Command explore_command(tools::Console& console, explore::Program program) {
    return explore_command(
        console,
        [program = std::move(program)](const std::filesystem::path& seamount,
                                       std::size_t jobs) -> std::unique_ptr<explore::Executor> {
            return std::make_unique<explore::LocalExecutor>(seamount, jobs, program);
        });
}

}  // namespace seamount::cli
