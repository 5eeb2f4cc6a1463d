#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/explore/store/sqlite.hpp"
#include "tools/explore/sweep/status.hpp"
#include "tools/explore/sweep/value.hpp"

namespace seamount::explore {

/// What a run gave: the same whenever and wherever it runs, but for the last two.
struct Result {
    Status status = Status::kWaiting;
    std::string reason;    ///< of failed and infeasible
    std::string summary;   ///< JSON of `run`, without times
    std::string measures;  ///< JSON: objective -> value
    double wall_s = 0.0;
    std::uint64_t peak_rss_bytes = 0;
};

/// One run of one point: a row of the store.
struct Run {
    std::int64_t id = 0;
    std::int64_t point = 0;  ///< number of the point, from 1
    Stage stage = Stage::kFinal;
    std::string seed;       ///< empty: the network's own
    Assignment parameters;  ///< complete, of this stage
    std::string key;        ///< content hash; empty before its first start
    std::int64_t attempts = 0;
    bool cached = false;  ///< not run here: the result was known
    Result result;
};

/// Hashes of files, by name (Configurator::name_of).
using FileHashes = std::map<std::string, std::string>;

/// What merging has decided between runs of the same point.
struct Merged {
    std::size_t replaced = 0;  ///< failed runs that gave way to the same run, done elsewhere
    std::size_t left = 0;      ///< failed runs of the other store that were done here
};

/// How a run can be done again: all that was decided.
struct Record {
    std::string command;  ///< JSON list of words
    std::string chip;     ///< resolved YAML
    std::string network;  ///< resolved JSON
    std::string version;
};

/// What a store knows of the sweep as a whole.
enum class Fact : std::uint8_t {
    kFormat,      ///< of the store
    kDefinition,  ///< Sweep::definition()
    kInputs,      ///< Configurator::inputs_hash()
    kShard,       ///< I/N
    kSweep,       ///< what reports say of it, as JSON
};
inline constexpr auto kFactNames = name_table<Fact>({{Fact::kFormat, "format"},
                                                     {Fact::kDefinition, "definition"},
                                                     {Fact::kInputs, "inputs"},
                                                     {Fact::kShard, "shard"},
                                                     {Fact::kSweep, "sweep"}});

/// The results of one sweep in one SQLite file. When a call returns its change survives the death
/// of this process.
class Store {
public:
    /// Opens a store to read it, or with `create` to change it: then it is made if it is not there.
    /// Throws InputError (EXP-STORE).
    explicit Store(const std::filesystem::path& path, bool create = false);

    /// Empty if it was never set.
    [[nodiscard]] std::string fact(Fact fact);
    void set_fact(Fact fact, const std::string& value);

    /// Makes changes that belong together, at the price of one: all of them count when this
    /// returns, or none.
    void together(const std::function<void()>& changes);

    /// Adds runs that wait, all or none of them, and fills in their ids.
    void add(std::vector<Run>& runs);
    /// Enters files that results of the store were made of.
    void add_files(const FileHashes& files);
    [[nodiscard]] FileHashes files();
    /// Throws InputError (EXP-STORE) if the file is not there any more.
    void require_file() const { database_.require_file(); }

    /// It could not be read in its place: what others change later is not seen.
    [[nodiscard]] bool is_copy() const { return database_.place() != path_; }
    /// Another number after each change that somebody else has made.
    [[nodiscard]] std::int64_t version();

    /// All runs by point, stage (screen first) and seed. Throws InputError (EXP-STORE) with the run
    /// whose values are damaged.
    [[nodiscard]] std::vector<Run> runs();
    /// The runs of a point with all that was recorded.
    [[nodiscard]] Record record(std::int64_t run);

    void start(std::int64_t run, const std::string& key, const Record& record);
    void finish(std::int64_t run, const Result& result, bool cached);
    /// Lets a run wait again whose process was lost; counts the attempt.
    void retry(std::int64_t run);
    /// Lets a run wait again that was not at fault.
    void wait_again(std::int64_t run);
    /// Runs that were under way when the sweep was interrupted wait again.
    void recover();
    /// The result of a finished run with this key, if there is one.
    [[nodiscard]] std::optional<Result> find(const std::string& key);
    /// Takes over all runs of another store of the same sweep; of the same run the one that is
    /// done. Throws InputError (EXP-MERGE) where both are and differ.
    Merged merge(const std::filesystem::path& other);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::string keep(const std::string& text);
    void reject_conflicts(const std::filesystem::path& other);
    Merged take_over();

    std::filesystem::path path_;
    Database database_;
};

}  // namespace seamount::explore
