#include "isa/probe/probe_image.hpp"

#include <algorithm>
#include <numeric>

namespace seamount::isa {
namespace {

using Indices = std::vector<std::uint32_t>;

/// The list itself if it ascends, as slices do; else `copy`, which becomes the list in order.
const Indices& ascending(const Indices& list, Indices& copy) {
    if (std::ranges::is_sorted(list)) return list;
    copy = list;
    std::ranges::sort(copy);
    return copy;
}

/// Whether two lists, of which an empty one means all, have an index in common. Takes one look at
/// each index of lists that ascend: they may have millions.
bool have_common(const Indices& list_a, const Indices& list_b) {
    if (list_a.empty() || list_b.empty()) return true;
    Indices copy_a;
    Indices copy_b;
    const Indices& a = ascending(list_a, copy_a);
    const Indices& b = ascending(list_b, copy_b);
    if (a.back() < b.front() || b.back() < a.front()) return false;
    auto next_a = a.begin();
    auto next_b = b.begin();
    while (next_a != a.end() && next_b != b.end()) {
        if (*next_a == *next_b) return true;
        if (*next_a < *next_b) {
            ++next_a;
        } else {
            ++next_b;
        }
    }
    return false;
}

/// Whether a step that one probe waits for is sometimes one for the other: it waits for nothing, or
/// one spike triggers both.
bool share_triggers(const ProbeWindow& a, const ProbeWindow& b) {
    if (a.when == ProbeWindow::When::kAlways || b.when == ProbeWindow::When::kAlways) return true;
    return a.when == b.when && a.index == b.index && have_common(a.members, b.members);
}

}  // namespace

SameRows same_rows(std::uint32_t every_a, const ProbeWindow& window_a, std::uint32_t every_b,
                   const ProbeWindow& window_b) {
    if (every_a == every_b && window_a == window_b) return SameRows::kAll;
    if (!share_triggers(window_a, window_b)) return SameRows::kNone;
    // Both are due after each `both`-th step.
    const std::uint64_t both = std::lcm<std::uint64_t, std::uint64_t>(every_a, every_b);
    const std::uint64_t first = std::max(window_a.first, window_b.first);
    const std::uint64_t common = first + (both - 1 - first % both);
    return common < std::min(window_a.end, window_b.end) ? SameRows::kSome : SameRows::kNone;
}

SameRows same_rows(const ProbeImage& a, const ProbeImage& b) {
    if (a.population != b.population || a.variable != b.variable) return SameRows::kNone;
    const SameRows same = same_rows(a.every, a.window, b.every, b.window);
    return same != SameRows::kNone && have_common(a.neurons, b.neurons) ? same : SameRows::kNone;
}

SameRows same_rows(const CoreProbeImage& a, const CoreProbeImage& b) {
    if (a.variable != b.variable) return SameRows::kNone;
    const SameRows same = same_rows(a.every, a.window, b.every, b.window);
    return same != SameRows::kNone && have_common(a.cores, b.cores) ? same : SameRows::kNone;
}

}  // namespace seamount::isa
