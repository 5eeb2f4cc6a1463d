#include "tools/explore/store/store.hpp"

#include <fmt/format.h>

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
CREATE TABLE IF NOT EXISTS input(name TEXT PRIMARY KEY, hash TEXT NOT NULL) WITHOUT ROWID;
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

/// Throws InputError (EXP-STORE) if a value of the row is not as it was written.
void check_row(const Database& database, const Run& run, const std::string& parameters) {
    const auto damaged = [&](const char* column) {
        bad_input("EXP-STORE", database.file(),
                  fmt::format("the store is damaged: run {} (point {}), column '{}'", run.id,
                              run.point, column),
                  "take a copy that is whole, or run the sweep again into a new store");
    };
    const auto is_object = [](const std::string& text) { return parse_json(text).is_object(); };
    if (run.point < 1) damaged("point");
    if (run.seed.find_first_not_of("0123456789") != std::string::npos || run.seed.size() > 19) {
        damaged("seed");
    }
    if (!is_object(parameters)) damaged("parameters");
    const bool is_done = run.result.status == Status::kDone;
    if ((is_done || !run.result.summary.empty()) && !is_object(run.result.summary)) {
        damaged("summary");
    }
    if ((is_done || !run.result.measures.empty()) && !is_object(run.result.measures)) {
        damaged("measures");
    }
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
    : path_{opened(path, create)},
      database_{path_, create ? Database::Access::kCreate : Database::Access::kRead} {
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

std::int64_t Store::version() {
    Statement query = database_.prepare("PRAGMA data_version");
    return query.step() ? query.integer(0) : 0;
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

void Store::add_files(const FileHashes& files) {
    if (files.empty()) return;
    database_.together([&] {
        Statement insert = database_.prepare("INSERT OR REPLACE INTO input VALUES(?, ?)");
        for (const auto& [name, hash] : files) insert.bind(1, name).bind(2, hash).run();
    });
}

FileHashes Store::files() {
    FileHashes files;
    Statement tables = database_.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'input'");
    if (!tables.step() || tables.integer(0) == 0) return files;  // of an older version
    Statement query = database_.prepare("SELECT name, hash FROM input");
    while (query.step()) files[query.text(0)] = query.text(1);
    return files;
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
        check_row(database_, run, query.text(4));
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

void Store::wait_again(std::int64_t run) {
    database_.prepare("UPDATE run SET status = ? WHERE id = ?")
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

namespace {

const std::string kSameRun = "o.point = run.point AND o.stage = run.stage AND o.seed = run.seed";

/// Runs that are in both stores and of which a condition holds.
std::string both(const std::string& condition) {
    return fmt::format("FROM run JOIN other.run o ON {} WHERE {}", kSameRun, condition);
}

}  // namespace

void Store::reject_conflicts(const fs::path& other) {
    const std::string final = listed({Status::kDone, Status::kInfeasible});
    const std::string differs = fmt::format(
        "o.parameters <> run.parameters OR (run.status IN ({0}) AND o.status IN ({0}) AND "
        "(o.status <> run.status OR o.summary <> run.summary OR o.measures <> run.measures))",
        final);
    Statement query = database_.prepare("SELECT run.point, run.seed " + both(differs));
    if (!query.step()) return;
    const std::string seed = query.text(1);
    bad_input("EXP-MERGE", other.string(),
              fmt::format("point {}{}{} is another one here, or came to another result",
                          query.integer(0), seed.empty() ? "" : ", seed ", seed),
              "one of the stores is not of this sweep, or not of these files: run it again");
}

Merged Store::take_over() {
    const auto count = [this](const std::string& condition) {
        Statement query = database_.prepare("SELECT count(*) " + both(condition));
        return query.step() ? static_cast<std::size_t>(query.integer(0)) : 0;
    };
    const std::string final = listed({Status::kDone, Status::kInfeasible});
    const std::string failed = listed({Status::kFailed});
    const std::string open = listed({Status::kWaiting, Status::kRunning});
    Merged merged;
    merged.replaced = count(fmt::format("run.status IN ({}) AND o.status IN ({})", failed, final));
    merged.left = count(fmt::format("run.status IN ({}) AND o.status IN ({})", final, failed));
    database_.execute("INSERT OR IGNORE INTO document SELECT * FROM other.document");
    const std::string columns =
        "point, stage, seed, parameters, key, status, reason, attempts, cached, command, chip, "
        "network, version, summary, measures, wall_s, peak_rss_bytes";
    // A run that has ended is worth more than one that waits, one that is done most.
    database_.execute(fmt::format(
        "DELETE FROM run WHERE EXISTS (SELECT 1 FROM other.run o WHERE {} AND (run.status IN ({}) "
        "OR (run.status IN ({}) AND o.status IN ({}))))",
        kSameRun, open, failed, final));
    database_.execute(fmt::format(
        "INSERT OR IGNORE INTO run({0}) SELECT {0} FROM other.run ORDER BY id", columns));
    return merged;
}

Merged Store::merge(const fs::path& other) {
    Store source{other};
    const FileHashes files = source.files();
    database_.prepare("ATTACH ? AS other").bind(1, source.database_.place().string()).run();
    Merged merged;
    try {
        database_.together([&] {
            reject_conflicts(other);
            merged = take_over();
            add_files(files);
        });
    } catch (...) {
        database_.execute("DETACH other");
        throw;
    }
    database_.execute("DETACH other");
    return merged;
}

}  // namespace seamount::explore
