#include "tools/cli/cmd_explore.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "tools/cli/options.hpp"
#include "tools/explore/report/report.hpp"
#include "tools/explore/store_commands.hpp"
#include "tools/explore/sweep_session.hpp"

namespace seamount::explore {
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

/// What `seamount run` takes, asked from its own definition.
RunOptions run_options() {
    RunOptions options;
    options.complaint = [](const std::vector<std::string>& words) -> std::optional<std::string> {
        cli::Session session;
        CLI::App app;
        cli::add_run(app, session);
        std::vector<std::string> reversed{words.rbegin(), words.rend()};
        try {
            app.parse(reversed);
        } catch (const CLI::ParseError& error) {
            return error.what();
        }
        return std::nullopt;
    };
    cli::Session session;
    CLI::App app;
    cli::add_run(app, session);
    for (const CLI::Option* option : app.get_subcommand("run")->get_options()) {
        for (const std::string& name : option->get_lnames()) {
            static const std::vector<std::string> kOwn{"help", "chip", "set",
                                                       "out",  "json", "quiet"};
            if (std::find(kOwn.begin(), kOwn.end(), name) == kOwn.end()) {
                options.names.push_back(name);
            }
        }
    }
    return options;
}

/// Under mpirun this process becomes `seamount-mpi` with the same arguments.
void become_mpi_program() {
    // Set by the launchers of Open MPI, of MPICH and Slurm's PMI.
    const bool launched =
        std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr || std::getenv("PMI_SIZE") != nullptr;
    if (!launched) return;
    const std::filesystem::path program =
        std::filesystem::read_symlink("/proc/self/exe").parent_path() / "seamount-mpi";
    std::ifstream file{"/proc/self/cmdline", std::ios::binary};
    std::vector<std::string> words;
    for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    execv(program.c_str(), argv.data());
    bad_input("EXP-MPI", program.string(), "this build has no program for mpirun",
              "build with libboost-mpi-dev installed, or run shards");
}

void add_sweep(CLI::App& command, const std::shared_ptr<SweepOptions>& options) {
    command.add_option("SWEEP", options->sweep, "Sweep (YAML)")->type_name("");
    command.add_option("--store", options->store, "Results (default: SWEEP's name, .sqlite)")
        ->type_name("FILE");
    command.add_option("--jobs", options->jobs, "Runs at once (default: one for each core)")
        ->check(CLI::Range(std::size_t{1}, std::size_t{4096}).description(""));
    command.add_option("--cache", options->cache, "Results of all sweeps (default: the user's)")
        ->type_name("FILE");
    command.add_flag("--no-cache", options->no_cache, "Neither read nor write the cache");
    command.add_option("--shard", options->shard, "Run only part I of N")->type_name("I/N");
    command.add_option("--export", options->csv, "Write all runs as CSV at the end")
        ->type_name("FILE.csv");
    command.add_option("--set", options->assignments, "Override a variable of the sweep")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    command.add_flag("--check", options->check_only, "Look for mistakes, run nothing");
}

/// What the commands on a store take.
struct StoreOptions {
    std::filesystem::path store;
    std::int64_t point = 0;
    std::filesystem::path out;
    std::vector<std::string> stores;
    bool print = false;
    bool without_times = false;
};

CLI::App* add_store_command(CLI::App& explore, const std::shared_ptr<StoreOptions>& options,
                            const std::string& name, const std::string& what, cli::Session& session,
                            std::function<int()> run) {
    CLI::App* const command = explore.add_subcommand(name, what);
    command->add_option("STORE", options->store, "Store of a sweep")->required()->type_name("");
    cli::add_quiet(*command, session.console);
    command->callback([&session, run = std::move(run)] { session.command = run; });
    return command;
}

void add_store_commands(CLI::App& explore, cli::Session& session) {
    const auto options = std::make_shared<StoreOptions>();
    const tools::Console& console = session.console;
    CLI::App* report = add_store_command(
        explore, options, "report", "Write a page that shows the answers", session,
        [options, &console] {
            return report_store(options->store, options->out, options->print, console);
        });
    report->add_option("-o,--out", options->out, "The page (default: STORE's name, .html)")
        ->type_name("FILE.html");
    report->add_flag("--print", options->print, "Print to the terminal instead");
    CLI::App* show = add_store_command(
        explore, options, "show", "Print all that is known about a point", session,
        [options, &console] { return show_point(options->store, options->point, console); });
    CLI::App* rerun = add_store_command(
        explore, options, "rerun", "Run a point again and compare every counter", session,
        [options, &console] { return rerun_point(options->store, options->point, console); });
    for (CLI::App* command : {show, rerun}) {
        command->add_option("POINT", options->point, "Its number")->required()->type_name("");
    }
    CLI::App* csv = add_store_command(
        explore, options, "export", "Write all runs as CSV", session,
        [options] { return export_store(options->store, options->out, !options->without_times); });
    csv->add_option("CSV", options->out, "The file")->required()->type_name("");
    csv->add_flag("--without-times", options->without_times,
                  "Leave out what differs when the same is run again");
    CLI::App* merge = explore.add_subcommand("merge", "Put the stores of shards together");
    merge->add_option("OUT", options->out, "The store to write")->required()->type_name("");
    merge->add_option("STORES", options->stores, "Stores of one sweep")->required()->type_name("");
    cli::add_quiet(*merge, session.console);
    merge->callback([options, &session] {
        session.command = [options, &session] {
            return merge_stores(options->out, options->stores, session.console);
        };
    });
}

/// `first` is done before a sweep runs.
void add_explore(CLI::App& app, cli::Session& session, MakeExecutor make_executor,
                 void (*first)()) {
    const auto options = std::make_shared<SweepOptions>();
    CLI::App* command =
        app.add_subcommand("explore", "Sweep chips, networks and options; answer from the results");
    add_sweep(*command, options);
    add_store_commands(*command, session);
    cli::add_quiet(*command, session.console);
    command->footer(kFooter);
    command->callback(
        [options, command, &session, make_executor = std::move(make_executor), first] {
            if (!command->get_subcommands().empty()) return;
            if (options->sweep.empty()) throw CLI::RequiredError("SWEEP");
            session.command = [options, &session, make_executor, first] {
                first();
                return run_sweep(*options, run_options(), make_executor, session.console);
            };
        });
}

}  // namespace

void add_explore(CLI::App& app, cli::Session& session, Program program) {
    add_explore(
        app, session,
        [program = std::move(program)](const std::filesystem::path& seamount,
                                       std::size_t jobs) -> std::unique_ptr<Executor> {
            return std::make_unique<LocalExecutor>(seamount, jobs, program);
        },
        become_mpi_program);
}

void add_explore(CLI::App& app, cli::Session& session, MakeExecutor make_executor) {
    add_explore(app, session, std::move(make_executor), [] {});
}

}  // namespace seamount::explore
