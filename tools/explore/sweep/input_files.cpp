#include "tools/explore/sweep/input_files.hpp"

#include <utility>

namespace seamount::explore {

namespace fs = std::filesystem;

std::string InputFiles::key_of(const fs::path& path) {
    return fs::absolute(path).lexically_normal().string();
}

const std::string& InputFiles::hash(const fs::path& path) {
    const std::string key = key_of(path);
    const auto found = states_.find(key);
    if (found != states_.end()) return found->second.hash;
    return states_.emplace(key, tools::state_of(key)).first->second.hash;
}

Change InputFiles::look(const fs::path& path) {
    const std::string key = key_of(path);
    const auto found = states_.find(key);
    if (found == states_.end()) {
        (void)hash(path);
        return Change::kNone;
    }
    tools::FileState& known = found->second;
    if (tools::stamp_of(key) == known.stamp) return Change::kNone;
    tools::FileState now = tools::state_of(key);
    if (now.hash != known.hash) return Change::kOther;
    known = std::move(now);
    return Change::kTouched;
}

InputFiles::Found InputFiles::look() {
    Found worst;
    for (const fs::path& path : paths()) {
        const Change change = look(path);
        if (change > worst.change) worst = {change, path};
    }
    return worst;
}

bool InputFiles::is_steady(const fs::path& path) {
    const bool is_known = states_.contains(key_of(path));
    const Change change = look(path);
    if (change == Change::kOther) throw InputChanged{path};
    return is_known && change == Change::kNone;
}

std::vector<fs::path> InputFiles::paths() const {
    std::vector<fs::path> paths;
    for (const auto& [path, state] : states_) paths.emplace_back(path);
    return paths;
}

InputChanged::InputChanged(const fs::path& path)
    : InputError{Diagnostic{"EXP-CHANGED",
                            {path.string(), 0, 0},
                            "has changed while the sweep was running",
                            "results belong to the files that they were made of: put it back and "
                            "start again to go on, or give another --store",
                            Severity::kError}} {}

}  // namespace seamount::explore
