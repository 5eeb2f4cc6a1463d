#pragma once

#include <filesystem>

namespace seamount {

/// Whether what stands at `path` can be read only once: stdin as "-" or by a name in /dev, a pipe.
[[nodiscard]] bool is_stream(const std::filesystem::path& path);

/// Where the content of `path` can be opened, as often as one likes: `path`, or for a stream the
/// name of a copy that is made when it is first asked for. Messages should name `path`. Throws
/// InputError (CLI-STREAM) if a stream cannot be read, or has more than kMostStreamed bytes.
[[nodiscard]] std::filesystem::path readable_path(const std::filesystem::path& path);
inline constexpr std::size_t kMostStreamed = std::size_t{1} << 30U;

/// The folder that paths in the file are relative to: its own; of a stream without a place in a
/// folder of the user's, the current one.
[[nodiscard]] std::filesystem::path folder_of(const std::filesystem::path& path);

}  // namespace seamount
