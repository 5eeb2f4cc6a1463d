#pragma once

#include <cstdint>

namespace seamount::tools {

/// Seconds on a monotonic clock, for `wall_s`.
[[nodiscard]] double now_s();
/// Largest resident set of this process so far.
[[nodiscard]] std::uint64_t peak_rss_bytes();

}  // namespace seamount::tools
