#include "tools/explore/sweep_session.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

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
#include "tools/explore/strategy/strategy.hpp"
#include "tools/explore/sweep/assignment_json.hpp"
#include "tools/session/settings.hpp"

namespace seamount::explore {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStoreEnding = ".sqlite";  ///< of its file's name

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

/// A store goes on with the sweep and the files that it was begun with, or not at all.
void check_store(Store& store, const Sweep& sweep, Configurator& configurator, const Shard& shard) {
    const std::vector<std::tuple<Fact, std::string, const char*>> facts{
        {Fact::kDefinition, sweep.definition(),
         "the sweep file has changed since this store was begun"},
        {Fact::kInputs, configurator.inputs_hash(),
         "the network, the chip, a script, a data file or the version of Seamount has changed "
         "since "
         "this store was begun"},
        {Fact::kShard, fmt::format("{}/{}", shard.index, shard.count),
         "the store belongs to another shard"}};
    for (const auto& [fact, value, complaint] : facts) {
        const std::string known = store.fact(fact);
        if (known.empty()) {
            store.set_fact(fact, value);
        } else if (known != value) {
            bad_input("EXP-CHANGED", store.path().string(), complaint,
                      "give another --store; what has been run before comes from the cache");
        }
    }
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
                  const Configurator& configurator) {
    std::vector<fs::path> inputs = configurator.files();
    inputs.insert(inputs.end(), {options.sweep, sweep.network, store});
    reject_input_as_output(options.csv, inputs);
}

std::optional<Cache> open_cache(const SweepOptions& options) {
    const fs::path path = options.cache.empty() ? default_cache() : options.cache;
    if (options.no_cache || path.empty()) return std::nullopt;
    if (path.has_parent_path()) create_output_folder(path.parent_path());
    return std::optional<Cache>{std::in_place, path};
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
    const Shard shard = shard_of(options.shard);
    const Settings settings = session::settings_of(options.assignments);
    tools::require_file(options.sweep);
    if (options.sweep.extension() == kStoreEnding) {
        bad_input("CLI-FILE", options.sweep.string(), "is a store, not a sweep",
                  "'seamount explore report', 'show', 'rerun' and 'export' take stores");
    }
    const Sweep sweep = load_sweep(options.sweep, settings);
    session::reject_unused(settings, "the sweep declares no variables");
    check_paths(sweep, run_options);
    const std::size_t jobs =
        options.jobs != 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
    const std::unique_ptr<Executor> executor = make_executor(this_program(), jobs);
    Configurator configurator{sweep};
    const fs::path path = store_path(options, shard);
    check_export(options, sweep, path, configurator);
    std::error_code ignored;
    if (!fs::exists(path, ignored) || options.check_only) {
        check_objectives(sweep, configurator, *executor);
    }
    if (options.check_only) {
        console.print(fmt::format("{}: nothing is wrong\n", options.sweep.string()));
        return tools::kOk;
    }
    (void)configurator.inputs_hash();  // reads what all points share
    check_export(options, sweep, path, configurator);
    Store store{path, true};
    const StoreLock lock{path};
    check_store(store, sweep, configurator, shard);
    std::optional<Cache> cache = open_cache(options);
    Explorer explorer{
        {sweep, configurator, store, cache ? &*cache : nullptr, *executor, console, shard}};
    const Totals totals = explorer.run();
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
