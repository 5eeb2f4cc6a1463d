#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace seamount::test {

/// A new folder that is removed with its contents.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    /// The path of `name` in it: text, as most of these end as arguments of a program.
    [[nodiscard]] std::string operator/(const std::string& name) const {
        return (path_ / name).string();
    }
    /// Writes a file; returns its path.
    std::string write(const std::string& name, std::string_view content) const;
    std::string write(const std::string& name, const std::vector<std::byte>& content) const;

private:
    std::filesystem::path path_;
};

}  // namespace seamount::test
