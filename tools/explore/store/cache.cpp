#include "tools/explore/store/cache.hpp"

#include <cstdlib>
#include <utility>

#include "isa/base/content_hash.hpp"
#include "isa/base/json.hpp"
#include "isa/base/output_file.hpp"

namespace seamount::explore {
namespace {

namespace fs = std::filesystem;

// A table of its own: entries of other formats are neither read nor lost.
constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS simulation(key TEXT PRIMARY KEY, status TEXT NOT NULL, "
    "reason TEXT NOT NULL, summary TEXT NOT NULL, files TEXT NOT NULL, wall_s REAL NOT NULL, "
    "peak_rss_bytes INTEGER NOT NULL, seal TEXT NOT NULL) WITHOUT ROWID";

/// Of all that decides what an entry says; an entry that was damaged has another one.
std::string seal_of(const std::string& key, const std::string& status, const std::string& reason,
                    const std::string& summary, const std::string& files) {
    ContentHash hash;
    for (const std::string* const part : {&key, &status, &reason, &summary, &files})
        hash.add(*part);
    return hash.digest();
}

}  // namespace

Cache::Cache(const fs::path& path, Warn warn) : path_{path}, warn_{std::move(warn)} {
    guarded([this] {
        if (path_.has_parent_path()) create_output_folder(path_.parent_path());
        database_.emplace(path_);
        database_->execute(kSchema);
    });
}

void Cache::guarded(const std::function<void()>& work) {
    try {
        work();
    } catch (const InputError& error) {
        Diagnostic warning = error.diagnostics().front();
        warning.severity = Severity::kWarning;
        warning.code = "EXP-CACHE";
        warning.where = {path_.string(), 0, 0};
        warning.message = "the cache is left alone from here on: " + warning.message;
        warning.hint =
            "nothing is lost, but points that were run before may run again; give another --cache, "
            "or --no-cache";
        database_.reset();
        warn_(warning);
    }
}

std::optional<Cache::Entry> Cache::find(const std::string& key) {
    std::optional<Entry> found;
    if (!database_) return found;
    guarded([&] {
        Statement query = database_->prepare(
            "SELECT status, reason, summary, files, wall_s, peak_rss_bytes, seal FROM simulation "
            "WHERE key = ?");
        if (!query.bind(1, key).step()) return;
        const std::string status = query.text(0);
        Entry entry;
        entry.result.reason = query.text(1);
        entry.result.summary = query.text(2);
        const std::string files = query.text(3);
        if (query.text(6) !=
            seal_of(key, status, entry.result.reason, entry.result.summary, files)) {
            return;  // damaged: as if it were not there
        }
        const auto known = parse(kStatusNames, status);
        const Json json = parse_json(files);
        if (!known || !is_final(*known) || !json.is_object()) return;
        entry.result.status = *known;
        entry.result.wall_s = query.number(4);
        entry.result.peak_rss_bytes = static_cast<std::uint64_t>(query.integer(5));
        for (const auto& [name, hash] : json.items()) entry.files[name] = hash.get<std::string>();
        found = std::move(entry);
    });
    return found;
}

void Cache::keep(const std::string& key, const Entry& entry) {
    if (!database_ || !is_final(entry.result.status)) return;
    guarded([&] {
        const Result& result = entry.result;
        const std::string status{name_of(kStatusNames, result.status)};
        const std::string files =
            Json(entry.files).dump(-1, ' ', false, Json::error_handler_t::replace);
        database_->prepare("INSERT OR REPLACE INTO simulation VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(1, key)
            .bind(2, status)
            .bind(3, result.reason)
            .bind(4, result.summary)
            .bind(5, files)
            .bind(6, result.wall_s)
            .bind(7, static_cast<std::int64_t>(result.peak_rss_bytes))
            .bind(8, seal_of(key, status, result.reason, result.summary, files))
            .run();
    });
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
