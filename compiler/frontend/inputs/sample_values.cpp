#include "compiler/frontend/inputs/sample_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_set>

#include "compiler/frontend/context/values.hpp"

namespace seamount::compiler::frontend {

namespace {

constexpr std::int32_t kMostSmall = 1024;
/// Full scales of digitised data, and decimals.
constexpr std::array<std::int32_t, 6> kLarger{4095, 4096, 10'000, 65'535, 65'536, 100'000};
constexpr std::int32_t kFinest = 1 << 24;  ///< what a 32-bit float tells apart
constexpr std::size_t kTried = 4096;       ///< distinct values that a full scale is tried on

/// `part`, of [0, 1], is a whole number of 1 / full_scale, as well as a float can say so.
bool is_multiple(double part, std::int32_t full_scale) {
    const double scaled = part * full_scale;
    return std::fabs(scaled - std::round(scaled)) <= full_scale * 0x1p-23;
}

std::int32_t full_scale_of(const DataArray& data, double max) {
    std::unordered_set<double> parts;
    data.scan([&](std::uint64_t i) {
        parts.insert(data.number(i) / max);
        return parts.size() < kTried;
    });
    const auto fits = [&](std::int32_t full_scale) {
        const auto multiple = [&](double part) { return is_multiple(part, full_scale); };
        return std::all_of(parts.begin(), parts.end(), multiple) &&
               data.scan([&](std::uint64_t i) { return multiple(data.number(i) / max); });
    };
    for (std::int32_t small = 1; small <= kMostSmall; ++small) {
        if (fits(small)) return small;
    }
    const auto larger = std::find_if(kLarger.begin(), kLarger.end(), fits);
    return larger == kLarger.end() ? kFinest : *larger;
}

void warn_of_small_values(const DataArray& data, const YamlNode& node, double max) {
    constexpr double kSmall = 1.0 / 16;
    double largest = 0.0;
    data.scan([&](std::uint64_t i) {
        largest = std::max(largest, data.number(i));
        return largest < max * kSmall;
    });
    if (largest == 0.0 || largest >= max * kSmall) return;
    node.warning("NET-DATASET",
                 fmt::format("the largest value of the samples is {}, the full scale 'max' is {}: "
                             "no source is driven by more than {:.2g} of it",
                             largest, max, largest / max),
                 fmt::format("for values of 0..{} say max: {}", largest, largest));
}

}  // namespace

std::optional<SampleValues> read_sample_values(const DataArray& data, const YamlNode& node,
                                               double max) {
    if (!check_values(data, node, {"sample value", "element", 0, 0.0, max}, false)) {
        return std::nullopt;
    }
    warn_of_small_values(data, node, max);
    const bool whole = std::floor(max) == max &&
                       data.scan([&](std::uint64_t i) { return data.integer(i).has_value(); });
    SampleValues result;
    result.full_scale = whole ? static_cast<std::int32_t>(max) : full_scale_of(data, max);
    const double factor = whole ? 1.0 : result.full_scale / max;
    result.values.reserve(data.count());
    for (std::uint64_t i = 0; i < data.count(); ++i) {
        result.values.push_back(static_cast<std::int32_t>(std::lround(data.number(i) * factor)));
    }
    return result;
}

}  // namespace seamount::compiler::frontend
