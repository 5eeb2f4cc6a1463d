#include "tools/run/records/files/partial_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <system_error>

#include "isa/base/content_hash.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/base/json.hpp"
#include "isa/base/output_file.hpp"

namespace seamount::tools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFormat = "seamount run, not complete";
constexpr std::uintmax_t kMostBytes = 1 << 20;  ///< far above what is written

/// progress.json while it is written.
constexpr const char* kFreshFile = "progress.json.tmp";

[[noreturn]] void cannot_write(const fs::path& path) {
    bad_input("OUT-WRITE", path.string(), "cannot write: " + std::generic_category().message(errno),
              "make room on its disk, or choose a place that you may write to");
}

/// Which file it is: a file that took the place of another has another identity. Empty: none.
std::string identity(const fs::path& path) {
    struct statx file {};
    if (statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME | STATX_TYPE,
              &file) != 0) {
        return {};
    }
    if (!S_ISREG(file.stx_mode)) return "other";
    return fmt::format("{}:{}.{}", file.stx_ino, file.stx_btime.tv_sec, file.stx_btime.tv_nsec);
}

std::string seal_of(const Json& json) {
    Json unsealed = json;
    unsealed.erase("seal");
    return content_hash(json_text(unsealed));
}

/// What progress.json says; null if it is none that a run wrote.
Json progress_of(const fs::path& partial) {
    const fs::path path = partial / kProgressFile;
    std::error_code error;
    if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > kMostBytes) return {};
    std::ifstream stream{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    const Json json = parse_json(text);
    if (!json.is_object() || !json.contains("seal") || !json.contains("created")) return {};
    if (json["seal"] != seal_of(json) || !json["created"].is_array()) return {};
    return json;
}

/// Whether `progress` vouches for the file.
bool is_ours(const Json& progress, const fs::path& file) {
    if (progress.is_null()) return false;
    if (progress.value("creating", false)) return true;
    const std::string which = identity(file);
    for (const Json& one : progress["created"]) {
        if (one == which) return true;
    }
    return false;
}

/// All names that stand for one: that of a copy in HDF5 too (growing_hdf5.hpp).
std::vector<std::string> with_copies(const std::vector<std::string>& names) {
    std::vector<std::string> all;
    for (const std::string& name : names) {
        all.push_back(name);
        if (name.ends_with(".h5")) {
            all.push_back(name + ".tmp");
            all.push_back(name + ".tmp2");
        }
    }
    return all;
}

}  // namespace

std::vector<std::string> PartialFolder::foreign(const fs::path& folder,
                                                const std::vector<std::string>& names) {
    const fs::path partial = folder / kPartialFolder;
    std::vector<std::string> foreign;
    std::error_code ignored;
    const std::string shown{kPartialFolder};
    if (fs::exists(fs::symlink_status(partial, ignored)) && !fs::is_directory(partial, ignored)) {
        return {shown};
    }
    const Json progress = progress_of(partial);
    for (const std::string& name : with_copies(names)) {
        if (identity(partial / name).empty() || is_ours(progress, partial / name)) continue;
        foreign.push_back(shown + "/" + name);
    }
    if (progress.is_null() && !identity(partial / kProgressFile).empty()) {
        foreign.push_back(shown + "/" + std::string{kProgressFile});
    }
    return foreign;
}

PartialFolder::PartialFolder(const fs::path& folder, std::vector<std::string> names, bool force)
    : path_{folder / kPartialFolder}, names_{with_copies(names)} {
    create_output_folder(path_);
    lock_ = open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock_ >= 0 && flock(lock_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        ::close(lock_);
        bad_input("OUT-WRITE", folder.string(), "another run writes its records there",
                  "wait for its end, or give --out another folder");
    }
    const Json progress = progress_of(path_);
    std::error_code ignored;
    for (const std::string& name : names_) {
        if (force || is_ours(progress, path_ / name)) fs::remove(path_ / name, ignored);
    }
    write_progress(0, true);
}

PartialFolder::~PartialFolder() {
    if (!closed_ && !keeps_) remove_all();
    if (lock_ >= 0) ::close(lock_);
}

void PartialFolder::write_progress(std::uint64_t complete_steps, bool creating) const {
    Json json{{"partial", kFormat}, {"version", 1}, {"complete_steps", complete_steps}};
    if (creating) json["creating"] = true;
    json["created"] = Json::array();
    for (const std::string& name : names_) {
        const std::string which = creating ? std::string{} : identity(path_ / name);
        if (!which.empty()) json["created"].push_back(which);
    }
    json["seal"] = seal_of(json);
    // Without the disk's word for it, which costs as much as a thousand steps: what is lost in a
    // power cut is no final file.
    const std::string text = json_text(json, 2) + '\n';
    const fs::path fresh = path_ / kFreshFile;
    std::FILE* const file = std::fopen(fresh.c_str(), "wbe");
    if (file == nullptr) cannot_write(path_ / kProgressFile);
    const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if (std::fclose(file) != 0 || !written) cannot_write(path_ / kProgressFile);
    std::error_code error;
    fs::rename(fresh, path_ / kProgressFile, error);
    if (error) cannot_write(path_ / kProgressFile);
}

void PartialFolder::progress(std::uint64_t complete_steps) {
    write_progress(complete_steps, false);
    keeps_ = keeps_ || complete_steps != 0;
}

void PartialFolder::remove_all() const {
    std::error_code ignored;
    const Json progress = progress_of(path_);
    for (const std::string& name : names_) {
        if (is_ours(progress, path_ / name)) fs::remove(path_ / name, ignored);
    }
    fs::remove(path_ / kProgressFile, ignored);
    fs::remove(path_ / kFreshFile, ignored);
    fs::remove(path_, ignored);  // if it is empty
}

void PartialFolder::close() {
    closed_ = true;
    remove_all();
}

}  // namespace seamount::tools
