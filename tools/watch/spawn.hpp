#pragma once

#include <filesystem>

namespace seamount::watch {

/// `seamount watch` beside this process, for as long as this object, or the process, lives. Its
/// lines go to stderr.
class Companion {
public:
    /// Throws InputError (WATCH-START).
    explicit Companion(const std::filesystem::path& what);
    /// Lets it see the end, and does not wait until readers have the last page.
    ~Companion();
    Companion(const Companion&) = delete;
    Companion& operator=(const Companion&) = delete;

private:
    int life_ = -1;  ///< when it closes the companion ends
};

}  // namespace seamount::watch
