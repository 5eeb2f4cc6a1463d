#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace seamount::compiler::frontend {

/// A data file is missing, damaged or not what was asked for. `code` is that of the diagnostic
/// which the reader of the YAML reports at the place that names the file; what() does not name it.
class DataError : public std::runtime_error {
public:
    DataError(std::string code, const std::string& message, std::string hint = {})
        : std::runtime_error{message}, code_{std::move(code)}, hint_{std::move(hint)} {}
    [[nodiscard]] const std::string& code() const noexcept { return code_; }
    [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

private:
    std::string code_;
    std::string hint_;
};

/// Read-only bytes that arrays point into: a mapped file or a buffer.
class Storage {
public:
    virtual ~Storage() = default;
    [[nodiscard]] virtual std::span<const std::byte> bytes() const noexcept = 0;
    /// Gives the memory of a mapped file back until it is read again. For arrays that are read
    /// once.
    virtual void release_pages() const noexcept {}
};

/// Maps a regular file. Throws DataError (NET-FILE).
[[nodiscard]] std::shared_ptr<const Storage> map_file(const std::filesystem::path& path);

/// Keeps `bytes`.
[[nodiscard]] std::shared_ptr<const Storage> keep_bytes(std::vector<std::byte> bytes);

}  // namespace seamount::compiler::frontend
