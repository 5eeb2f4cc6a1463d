#include "tools/explore/sweep_session.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <thread>
#include <tuple>
#include <utility>

#include "isa/base/json.hpp"
#include "isa/base/output_file.hpp"
#include "isa/base/text.hpp"
#include "tools/base/files.hpp"
#include "tools/explore/report/export.hpp"
#include "tools/explore/runs/budget_watch.hpp"
#include "tools/explore/runs/interruption.hpp"
#include "tools/explore/strategy/strategy.hpp"
#include "tools/explore/sweep/assignment_json.hpp"
#include "tools/session/settings.hpp"

namespace seamount::explore {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStoreEnding = ".sqlite";  ///< of its file's name
const std::string kBuild = "build";              ///< among the files of a store

/// Keeps a second process of this machine from running the same store; gone with the process.
class StoreLock {
public:
    explicit StoreLock(const fs::path& path) {
        struct stat there {};
        if (stat(path.c_str(), &there) != 0) return;
        // An abstract socket: no file stays behind, whatever ends the process.
        const std::string name = fmt::format("seamount-explore-{}-{}", there.st_dev, there.st_ino);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path + 1, name.data(), name.size());
        socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
        if (bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) == 0) return;
        const int error = errno;
        close(std::exchange(socket_, -1));
        if (error != EADDRINUSE) return;
        bad_input("EXP-BUSY", path.string(), "another process is running this sweep",
                  "wait for it, or give another --store");
    }
    ~StoreLock() {
        if (socket_ >= 0) close(socket_);
    }
    StoreLock(const StoreLock&) = delete;
    StoreLock& operator=(const StoreLock&) = delete;

private:
    int socket_ = -1;
};

fs::path this_program() {
    return fs::read_symlink("/proc/self/exe");
}

fs::path store_path(const SweepOptions& options, const Shard& shard) {
    if (!options.store.empty()) return options.store;
    const std::string stem = options.sweep.stem().string();
    if (shard.count == 1) return stem + kStoreEnding;
    return fmt::format("{}.{}-of-{}{}", stem, shard.index, shard.count, kStoreEnding);
}

/// Files of the store that hold something else now, or are gone, and the build.
std::string changed_since(Store& store, Configurator& configurator) {
    std::string changed;
    for (const auto& [name, hash] : store.files()) {
        const bool same = name == kBuild
                              ? hash == configurator.build()
                              : hash == configurator.files().hash(configurator.file_of(name));
        if (same) continue;
        changed += (changed.empty() ? "" : ", ") +
                   (name == kBuild ? std::string{"the build of Seamount"} : name);
    }
    return changed;
}

/// A store goes on with the sweep and the files that it was begun with, or not at all.
void check_store(Store& store, const Sweep& sweep, Configurator& configurator, const Shard& shard) {
    constexpr const char* kHint =
        "give another --store; what has been run before comes from the cache";
    if (const std::string changed = changed_since(store, configurator); !changed.empty()) {
        bad_input("EXP-CHANGED", store.path().string(),
                  fmt::format("since this store was begun, {} has changed", changed), kHint);
    }
    const std::vector<std::tuple<Fact, std::string, const char*>> facts{
        {Fact::kDefinition, sweep.definition(),
         "the sweep file has changed since this store was begun"},
        {Fact::kInputs, configurator.inputs_hash(),
         "the network, the chip, a script, a data file or the build of Seamount has changed since "
         "this store was begun"},
        {Fact::kShard, fmt::format("{}/{}", shard.index, shard.count),
         "the store belongs to another shard"}};
    for (const auto& [fact, value, complaint] : facts) {
        const std::string known = store.fact(fact);
        if (known.empty()) {
            store.set_fact(fact, value);
        } else if (known != value) {
            bad_input("EXP-CHANGED", store.path().string(), complaint, kHint);
        }
    }
    FileHashes files{{kBuild, configurator.build()}};
    for (const fs::path& file : configurator.files().paths()) {
        files[configurator.name_of(file)] = configurator.files().hash(file);
    }
    store.add_files(files);
    store.set_fact(Fact::kSweep, describe(sweep));
}

std::string summary_line(const Totals& totals, const Store& store, double seconds) {
    std::string text = fmt::format(
        "{} done, {} infeasible, {} failed{}; {} executed, {} from the cache, {:.1f} s\n",
        grouped(totals.done), grouped(totals.infeasible), grouped(totals.failed),
        totals.waiting == 0 ? "" : fmt::format(", {} waiting", grouped(totals.waiting)),
        grouped(totals.executed), grouped(totals.cached), seconds);
    if (!totals.stopped.empty()) text += fmt::format("stopped early by {}\n", totals.stopped);
    return text + fmt::format("store: {}\n", store.path().string());
}

/// The table of all runs may not replace what the sweep reads, as far as that is known by now.
void check_export(const SweepOptions& options, const Sweep& sweep, const fs::path& store,
                  Configurator& configurator) {
    std::vector<fs::path> inputs = configurator.files().paths();
    inputs.insert(inputs.end(), {options.sweep, sweep.network, store});
    reject_input_as_output(options.csv, inputs);
}

std::optional<Cache> open_cache(const SweepOptions& options, const tools::Console& console) {
    const fs::path path = options.cache.empty() ? default_cache() : options.cache;
    if (options.no_cache || path.empty()) return std::nullopt;
    return std::optional<Cache>{std::in_place, path, [&console](const Diagnostic& warning) {
                                    console.report({&warning, 1});
                                }};
}

/// Reads the sweep and checks it as far as nothing has to run. Throws InputError with all that is
/// wrong.
Sweep checked_sweep(const SweepOptions& options, const RunOptions& run_options,
                    Executor& executor) {
    const Settings settings = session::settings_of(options.assignments);
    Diagnostics found;
    Sweep sweep = load_sweep(options.sweep, settings, found);
    session::reject_unused(settings, "the sweep declares no variables");
    std::error_code ignored;
    if (!fs::is_regular_file(sweep.network, ignored)) found.throw_if_errors();
    const bool paths_are_there = check_paths(sweep, run_options, found);
    if (found.has_errors()) {
        check_objective_names(sweep, run_options, executor, Interruption::is_wanted, found);
    }
    if (paths_are_there) {
        check_network_values(sweep, found);
        Configurator configurator{sweep, run_options, executor.build()};
        check_length(sweep, configurator, found);
    }
    found.throw_if_errors();
    return sweep;
}

/// Says on stderr how far a sweep came that ends before its time.
void tell_how_far(const Totals& totals, const Store& store, const tools::Console& console) {
    if (console.quiet) return;
    const std::uint64_t ended = totals.done + totals.infeasible + totals.failed;
    tools::tell(fmt::format("interrupted: {} of {} done; start again to go on (store: {})\n",
                            grouped(ended), grouped(std::max(totals.all, ended)),
                            store.path().string()));
}

}  // namespace

Shard shard_of(const std::string& text) {
    if (text.empty()) return {};
    Shard shard;
    const std::size_t slash = text.find('/');
    const char* const end = text.data() + text.size();
    bool good = slash != std::string::npos;
    if (good) {
        const char* const middle = text.data() + slash;
        good = std::from_chars(text.data(), middle, shard.index).ptr == middle &&
               std::from_chars(middle + 1, end, shard.count).ptr == end && slash != 0 &&
               slash + 1 != text.size();
    }
    if (!good || shard.index < 1 || shard.index > shard.count || shard.count > 1'000'000) {
        bad_input("EXP-SHARD", "--shard", fmt::format("'{}' must be I/N with I from 1 to N", text),
                  "--shard 2/4");
    }
    return shard;
}

std::string describe(const Sweep& sweep) {
    Json json{{"name", sweep.name},
              {"network", sweep.network.filename().string()},
              {"chip", fs::path{sweep.chip}.filename().string()},
              {"strategy", sweep.strategy.name()},
              {"fixed", to_json(sweep.space.fixed)},
              {"seeds", sweep.seeds},
              {"screen", sweep.screen ? to_json(sweep.screen->set) : Json{}}};
    for (const Parameter& parameter : sweep.space.parameters) {
        json["parameters"].push_back(
            {{"path", parameter.path},
             {"log", parameter.domain.scale == Scale::kLogarithmic},
             {"ordered", parameter.domain.is_interval() || parameter.domain.is_ordered()}});
    }
    for (const Derived& derived : sweep.space.derived) {
        if (!is_path(derived.path)) continue;
        json["parameters"].push_back({{"path", derived.path}, {"log", false}, {"ordered", true}});
    }
    for (const Objective& objective : sweep.objectives) {
        json["objectives"].push_back({{"name", objective.name},
                                      {"maximize", objective.direction == Direction::kMaximize},
                                      {"from", objective.source_text()}});
    }
    return seamount::json_text(json);
}

int run_sweep(const SweepOptions& options, const RunOptions& run_options,
              const MakeExecutor& make_executor, const tools::Console& console) {
    const double started = tools::now_s();
    const Interruption interruption;
    const Shard shard = shard_of(options.shard);
    tools::require_file(options.sweep);
    if (options.sweep.extension() == kStoreEnding) {
        bad_input("CLI-FILE", options.sweep.string(), "is a store, not a sweep",
                  "'seamount explore report', 'show', 'rerun' and 'export' take stores");
    }
    const std::size_t jobs =
        options.jobs != 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
    const std::unique_ptr<Executor> executor = make_executor(this_program(), jobs);
    const Sweep sweep = checked_sweep(options, run_options, *executor);
    Configurator configurator{sweep, run_options, executor->build()};
    const fs::path path = store_path(options, shard);
    check_export(options, sweep, path, configurator);
    std::error_code ignored;
    const BudgetWatch budget{sweep.budget, started};
    bool looked = true;
    if (!fs::exists(path, ignored) || options.check_only) {
        looked = check_objectives(sweep, configurator, *executor,
                                  options.check_only ? Trial::kNone : Trial::kRun,
                                  [&] { return budget.is_time_up() || Interruption::is_wanted(); });
    }
    if (options.check_only) {
        if (Interruption::is_wanted()) Interruption::end_process();
        console.print(options.sweep.string() +
                      (looked ? ": nothing is wrong\n"
                              : ": nothing was wrong until budget.wall_s was used up\n"));
        return tools::kOk;
    }
    (void)configurator.inputs_hash();  // reads what all points share
    check_export(options, sweep, path, configurator);
    Store store{path, true};
    const StoreLock lock{path};
    check_store(store, sweep, configurator, shard);
    std::optional<Cache> cache = open_cache(options, console);
    if (options.opened) options.opened(path);
    Explorer explorer{{sweep, configurator, store, cache ? &*cache : nullptr, *executor, console,
                       shard, started}};
    Totals totals;
    try {
        totals = explorer.run();
    } catch (const InputChanged&) {
        tell_how_far(explorer.count(), store, console);
        throw;
    }
    if (totals.interrupted) {
        tell_how_far(totals, store, console);
        Interruption::end_process();
    }
    if (!options.csv.empty()) {
        std::vector<std::string> names;
        for (const Objective& objective : sweep.objectives) names.push_back(objective.name);
        check_export(options, sweep, path, configurator);
        write_file(options.csv, csv_of(store.runs(), names, true));
    }
    console.print(summary_line(totals, store, tools::now_s() - started));
    return totals.failed == 0 ? tools::kOk : tools::kCheckFailed;
}

}  // namespace seamount::explore
