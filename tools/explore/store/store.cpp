#include "tools/explore/store/store.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <initializer_list>
#include <system_error>

#include "isa/base/content_hash.hpp"
#include "isa/base/json.hpp"
#include "tools/base/console.hpp"
#include "tools/explore/sweep/assignment_json.hpp"

namespace seamount::explore {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFormat = "seamount explore 1";
constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS fact(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS document(hash TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS run(
  id INTEGER PRIMARY KEY, point INTEGER NOT NULL, stage TEXT NOT NULL, seed TEXT NOT NULL,
  parameters TEXT NOT NULL, key TEXT NOT NULL DEFAULT '', status TEXT NOT NULL DEFAULT 'waiting',
  reason TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0,
  cached INTEGER NOT NULL DEFAULT 0, command TEXT NOT NULL DEFAULT '',
  chip TEXT NOT NULL DEFAULT '', network TEXT NOT NULL DEFAULT '',
  version TEXT NOT NULL DEFAULT '', summary TEXT NOT NULL DEFAULT '',
  measures TEXT NOT NULL DEFAULT '', wall_s REAL NOT NULL DEFAULT 0,
  peak_rss_bytes INTEGER NOT NULL DEFAULT 0, UNIQUE(point, stage, seed));
CREATE INDEX IF NOT EXISTS run_key ON run(key, status);
)";
constexpr const char* kColumns =
    "id, point, stage, seed, parameters, key, attempts, cached, status, reason, summary, "
    "measures, wall_s, peak_rss_bytes";

/// What a word of the file stands for.
template <class Enum, std::size_t N, Enum First>
Enum value_in(const Database& database, const NameTable<Enum, N, First>& table,
              const std::string& word) {
    const std::optional<Enum> value = parse(table, word);
    if (!value) {
        bad_input("EXP-STORE", database.file(), fmt::format("has the unknown word '{}'", word),
                  "another version of Seamount may have written it; give another store");
    }
    return *value;
}

/// As a list for SQL's IN: "'done', 'failed'".
std::string listed(std::initializer_list<Status> all) {
    std::string text;
    for (const Status status : all) {
        text += fmt::format("{}'{}'", text.empty() ? "" : ", ", name_of(kStatusNames, status));
    }
    return text;
}

Result result_of(const Database& database, const Statement& row, int first) {
    Result result;
    result.status = value_in(database, kStatusNames, row.text(first));
    result.reason = row.text(first + 1);
    result.summary = row.text(first + 2);
    result.measures = row.text(first + 3);
    result.wall_s = row.number(first + 4);
    result.peak_rss_bytes = static_cast<std::uint64_t>(row.integer(first + 5));
    return result;
}

void bind_result(Statement& statement, int first, const Result& result) {
    statement.bind(first, name_of(kStatusNames, result.status))
        .bind(first + 1, result.reason)
        .bind(first + 2, result.summary)
        .bind(first + 3, result.measures)
        .bind(first + 4, result.wall_s)
        .bind(first + 5, static_cast<std::int64_t>(result.peak_rss_bytes));
}

fs::path opened(const fs::path& path, bool create) {
    std::error_code ignored;
    if (!create && !fs::is_regular_file(path, ignored)) {
        bad_input("EXP-STORE", path.string(), "no such store",
                  "'seamount explore SWEEP.yaml' writes one beside the sweep or at --store");
    }
    return path;
}

}  // namespace

Store::Store(const fs::path& path, bool create)
    : path_{opened(path, create)}, database_{path_, create} {
    {
        Statement tables = database_.prepare(
            "SELECT count(*), coalesce(sum(name = 'fact'), 0) FROM sqlite_master");
        tables.step();
        const bool is_new = create && tables.integer(0) == 0;
        if (!is_new && tables.integer(1) == 0) {
            bad_input("EXP-STORE", path.string(), "is not a store of 'seamount explore'",
                      "it holds other tables; give another file");
        }
    }
    if (create) database_.execute(kSchema);
    const std::string format = fact(Fact::kFormat);
    if (format.empty() && create) {
        set_fact(Fact::kFormat, kFormat);
    } else if (format != kFormat) {
        bad_input("EXP-STORE", path.string(),
                  fmt::format("is of the format '{}', not '{}'", format, kFormat),
                  "run the sweep again into a new store");
    }
}

std::string Store::fact(Fact fact) {
    Statement query = database_.prepare("SELECT value FROM fact WHERE name = ?");
    return query.bind(1, name_of(kFactNames, fact)).step() ? query.text(0) : std::string{};
}

void Store::set_fact(Fact fact, const std::string& value) {
    database_.prepare("INSERT OR REPLACE INTO fact VALUES(?, ?)")
        .bind(1, name_of(kFactNames, fact))
        .bind(2, value)
        .run();
}

void Store::together(const std::function<void()>& changes) {
    database_.together(changes);
}

void Store::add(std::vector<Run>& runs) {
    database_.together([&] {
        Statement insert =
            database_.prepare("INSERT INTO run(point, stage, seed, parameters) VALUES(?, ?, ?, ?)");
        for (Run& run : runs) {
            insert.bind(1, run.point)
                .bind(2, name_of(kStageNames, run.stage))
                .bind(3, run.seed)
                .bind(4, json_text(run.parameters))
                .run();
            run.id = database_.last_row();
        }
    });
}

std::vector<Run> Store::runs() {
    Statement query = database_.prepare(
        fmt::format("SELECT {} FROM run ORDER BY point, stage DESC, length(seed), seed", kColumns));
    std::vector<Run> runs;
    while (query.step()) {
        Run run;
        run.id = query.integer(0);
        run.point = query.integer(1);
        run.stage = value_in(database_, kStageNames, query.text(2));
        run.seed = query.text(3);
        run.parameters = assignment_of(query.text(4));
        run.key = query.text(5);
        run.attempts = query.integer(6);
        run.cached = query.integer(7) != 0;
        run.result = result_of(database_, query, 8);
        runs.push_back(std::move(run));
    }
    return runs;
}

Record Store::record(std::int64_t run) {
    Statement query = database_.prepare(
        "SELECT command, version, (SELECT text FROM document WHERE hash = chip), "
        "(SELECT text FROM document WHERE hash = network) FROM run WHERE id = ?");
    if (!query.bind(1, run).step()) return {};
    return {query.text(0), query.text(2), query.text(3), query.text(1)};
}

std::string Store::keep(const std::string& text) {
    std::string hash = content_hash(text);
    database_.prepare("INSERT OR IGNORE INTO document VALUES(?, ?)")
        .bind(1, hash)
        .bind(2, text)
        .run();
    return hash;
}

void Store::start(std::int64_t run, const std::string& key, const Record& record) {
    database_.together([&] {
        const std::string chip = keep(record.chip);
        const std::string network = keep(record.network);
        database_
            .prepare(
                "UPDATE run SET status = ?, key = ?, command = ?, chip = ?, network = ?, "
                "version = ? WHERE id = ?")
            .bind(1, name_of(kStatusNames, Status::kRunning))
            .bind(2, key)
            .bind(3, record.command)
            .bind(4, chip)
            .bind(5, network)
            .bind(6, record.version)
            .bind(7, run)
            .run();
    });
}

void Store::finish(std::int64_t run, const Result& result, bool cached) {
    Statement update = database_.prepare(
        "UPDATE run SET status = ?, reason = ?, summary = ?, measures = ?, wall_s = ?, "
        "peak_rss_bytes = ?, cached = ?, attempts = attempts + ? WHERE id = ?");
    bind_result(update, 1, result);
    update.bind(7, std::int64_t{cached}).bind(8, std::int64_t{!cached}).bind(9, run).run();
}

void Store::retry(std::int64_t run) {
    database_.prepare("UPDATE run SET status = ?, attempts = attempts + 1 WHERE id = ?")
        .bind(1, name_of(kStatusNames, Status::kWaiting))
        .bind(2, run)
        .run();
}

void Store::recover() {
    database_.prepare("UPDATE run SET status = ? WHERE status = ?")
        .bind(1, name_of(kStatusNames, Status::kWaiting))
        .bind(2, name_of(kStatusNames, Status::kRunning))
        .run();
}

std::optional<Result> Store::find(const std::string& key) {
    static const std::string kQuery = fmt::format(
        "SELECT status, reason, summary, measures, wall_s, peak_rss_bytes FROM run "
        "WHERE key = ? AND status IN ({}) LIMIT 1",
        listed({Status::kDone, Status::kInfeasible}));
    Statement query = database_.prepare(kQuery);
    if (!query.bind(1, key).step()) return std::nullopt;
    return result_of(database_, query, 0);
}

void Store::merge(const fs::path& other) {
    database_.prepare("ATTACH ? AS other").bind(1, other.string()).run();
    database_.together([&] {
        database_.execute("INSERT OR IGNORE INTO document SELECT * FROM other.document");
        const std::string columns =
            "point, stage, seed, parameters, key, status, reason, attempts, cached, command, chip, "
            "network, version, summary, measures, wall_s, peak_rss_bytes";
        // A run that has ended is worth more than one that waits.
        database_.execute(fmt::format(
            "DELETE FROM run WHERE status IN ({}) AND EXISTS (SELECT 1 FROM other.run o "
            "WHERE o.point = run.point AND o.stage = run.stage AND o.seed = run.seed)",
            listed({Status::kWaiting, Status::kRunning})));
        database_.execute(fmt::format(
            "INSERT OR IGNORE INTO run({0}) SELECT {0} FROM other.run ORDER BY id", columns));
    });
    database_.execute("DETACH other");
}

Cache::Cache(const fs::path& path) : database_{path} {
    database_.execute(
        "CREATE TABLE IF NOT EXISTS result(key TEXT PRIMARY KEY, status TEXT NOT NULL, "
        "reason TEXT NOT NULL, summary TEXT NOT NULL, measures TEXT NOT NULL, "
        "wall_s REAL NOT NULL, peak_rss_bytes INTEGER NOT NULL) WITHOUT ROWID");
}

std::optional<Result> Cache::find(const std::string& key) {
    Statement query = database_.prepare(
        "SELECT status, reason, summary, measures, wall_s, peak_rss_bytes FROM result "
        "WHERE key = ?");
    if (!query.bind(1, key).step()) return std::nullopt;
    return result_of(database_, query, 0);
}

void Cache::keep(const std::string& key, const Result& result) {
    if (!is_final(result.status)) return;
    Statement insert =
        database_.prepare("INSERT OR REPLACE INTO result VALUES(?, ?, ?, ?, ?, ?, ?)");
    insert.bind(1, key);
    bind_result(insert, 2, result);
    insert.run();
}

fs::path default_cache() {
    const auto folder = [](const char* variable, const char* below) -> fs::path {
        const char* value = std::getenv(variable);
        return value == nullptr || *value == '\0' ? fs::path{} : fs::path{value} / below;
    };
    for (const fs::path& place :
         {folder("SEAMOUNT_CACHE", ""), folder("XDG_CACHE_HOME", "seamount"),
          folder("HOME", ".cache/seamount")}) {
        if (!place.empty()) return place / "points.sqlite";
    }
    return {};
}

}  // namespace seamount::explore
