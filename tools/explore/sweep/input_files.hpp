#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "tools/base/file_state.hpp"

namespace seamount::explore {

/// What has become of a file since it was hashed.
enum class Change : std::uint8_t {
    kNone,     ///< nobody has touched it
    kTouched,  ///< it holds the same, but it may have held something else meanwhile
    kOther,    ///< it holds something else, or is gone
};

/// The files that a sweep's results are made of: hashed once, and looked at again before a result
/// is believed.
class InputFiles {
public:
    /// The hash of a file, as it was when it was asked for first; empty if there is no such file.
    const std::string& hash(const std::filesystem::path& path);
    /// Looks again at a file; one that was never hashed is hashed now.
    [[nodiscard]] Change look(const std::filesystem::path& path);
    /// Looks again at all of them: the worst that is found, and where.
    struct Found {
        Change change = Change::kNone;
        std::filesystem::path path;
    };
    [[nodiscard]] Found look();

    /// True if what was read of the file since it was hashed is what was hashed. False if it has to
    /// be read again: it was hashed only now, or touched. Throws InputChanged if it holds something
    /// else.
    [[nodiscard]] bool is_steady(const std::filesystem::path& path);

    /// All that were hashed.
    [[nodiscard]] std::vector<std::filesystem::path> paths() const;

private:
    static std::string key_of(const std::filesystem::path& path);

    std::map<std::string, tools::FileState> states_;  ///< by absolute path
};

/// EXP-CHANGED: the results so far belong to other bytes than this file has now.
class InputChanged : public InputError {
public:
    explicit InputChanged(const std::filesystem::path& path);
};

/// The script, and the modules and programs beside it that it names, or that these name: what its
/// result depends on as far as its text says. Data that it reads is not among them.
[[nodiscard]] std::vector<std::filesystem::path> script_files(const std::filesystem::path& script);

}  // namespace seamount::explore
