#include "isa/probe/probe_image.hpp"

#include <algorithm>
#include <numeric>

namespace seamount::isa {
namespace {

/// Whether two lists, of which an empty one means all, have an index in common.
bool have_common(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
    return a.empty() || b.empty() ||
           std::find_first_of(a.begin(), a.end(), b.begin(), b.end()) != a.end();
}

}  // namespace

SameRows same_rows(std::uint32_t every_a, const ProbeWindow& window_a, std::uint32_t every_b,
                   const ProbeWindow& window_b) {
    if (window_a.when != window_b.when || window_a.index != window_b.index ||
        window_a.members != window_b.members) {
        return SameRows::kNone;
    }
    if (every_a == every_b && window_a == window_b) return SameRows::kAll;
    // Both are due after each `both`-th step.
    const std::uint64_t both = std::lcm<std::uint64_t, std::uint64_t>(every_a, every_b);
    const std::uint64_t first = std::max(window_a.first, window_b.first);
    const std::uint64_t common = first + (both - 1 - first % both);
    return common < std::min(window_a.end, window_b.end) ? SameRows::kSome : SameRows::kNone;
}

SameRows same_rows(const ProbeImage& a, const ProbeImage& b) {
    if (a.population != b.population || a.variable != b.variable ||
        !have_common(a.neurons, b.neurons)) {
        return SameRows::kNone;
    }
    return same_rows(a.every, a.window, b.every, b.window);
}

SameRows same_rows(const CoreProbeImage& a, const CoreProbeImage& b) {
    if (a.variable != b.variable || !have_common(a.cores, b.cores)) return SameRows::kNone;
    return same_rows(a.every, a.window, b.every, b.window);
}

}  // namespace seamount::isa
