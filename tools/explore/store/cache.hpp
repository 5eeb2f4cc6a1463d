#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "isa/base/diagnostic.hpp"
#include "tools/explore/store/store.hpp"

namespace seamount::explore {

/// Results by key, shared by all sweeps of a user: what simulations came to, not what scripts said
/// of it. It saves time and decides nothing: whatever is wrong with it (no room, no right to write,
/// damage) is told once, and then there is none.
class Cache {
public:
    /// Told of what is wrong: a finding of the severity of a warning.
    using Warn = std::function<void(const Diagnostic&)>;
    /// What is kept of a run beside its result.
    struct Entry {
        Result result;     ///< without measures
        FileHashes files;  ///< that it read beside those of which its key is made
    };

    /// Never throws InputError.
    Cache(const std::filesystem::path& path, Warn warn);

    [[nodiscard]] std::optional<Entry> find(const std::string& key);
    /// Keeps results that would be the same again: done and infeasible.
    void keep(const std::string& key, const Entry& entry);

private:
    void guarded(const std::function<void()>& work);

    std::filesystem::path path_;
    Warn warn_;
    std::optional<Database> database_;  ///< none: nothing is known and nothing is kept
};

/// $SEAMOUNT_CACHE, else $XDG_CACHE_HOME/seamount, else ~/.cache/seamount; with points.sqlite.
/// Empty without any of them.
[[nodiscard]] std::filesystem::path default_cache();

}  // namespace seamount::explore
