#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace seamount::tools {

/// Tells two states of a file apart without reading it: equal stamps, equal content.
struct FileStamp {
    dev_t device = 0;
    ino_t inode = 0;
    std::int64_t size = -1;        ///< -1: there is no such regular file
    std::int64_t modified_ns = 0;  ///< since 1970
    std::int64_t changed_ns = 0;   ///< of content, name or rights; nobody can set it

    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};
[[nodiscard]] FileStamp stamp_of(const std::filesystem::path& path);

/// A file as it was at one moment.
struct FileState {
    std::filesystem::path path;
    std::string hash;  ///< content_hash() of its bytes; empty: no regular file, or not readable
    FileStamp stamp;
};

/// Reads the file. Waits out the tick of the clock in which it was last changed (at most 20 ms), so
/// that its next change has another stamp.
[[nodiscard]] FileState state_of(const std::filesystem::path& path);

}  // namespace seamount::tools
