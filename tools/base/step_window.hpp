#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace seamount::tools {

/// Steps from `first` to before `end`.
struct StepWindow {
    static constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();

    std::uint64_t first = 0;
    std::uint64_t end = kNoEnd;

    [[nodiscard]] bool has(std::uint64_t step) const noexcept {
        return step >= first && step < end;
    }
};

/// Reads "FIRST:END", either of which may be missing. `option` is what errors name. Throws
/// InputError (CLI-WINDOW).
[[nodiscard]] StepWindow parse_window(const std::string& option, const std::string& text);

}  // namespace seamount::tools
