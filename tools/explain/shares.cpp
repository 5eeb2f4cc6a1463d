#include "tools/explain/shares.hpp"

#include <algorithm>
#include <numeric>

#include "isa/base/assert.hpp"

namespace seamount::explain {
namespace {

constexpr Amount kOne = Amount{1} << kFractionBits;

/// Toward minus infinity.
Amount floor_of(Amount amount) {
    return amount >> kFractionBits;
}

}  // namespace

Shares Shares::of(Entry entry, std::int64_t value) {
    Shares shares;
    if (value != 0) shares.add(entry, value * kOne);
    return shares;
}

void Shares::add(std::size_t part, Amount amount) {
    if (amount == 0) return;
    if (part >= parts_.size()) parts_.resize(part + 1);
    parts_[part] += amount;
}

void Shares::add(const Shares& other, std::int64_t times) {
    if (times == 0) return;
    if (other.parts_.size() > parts_.size()) parts_.resize(other.parts_.size());
    for (std::size_t i = 0; i < other.parts_.size(); ++i) parts_[i] += other.parts_[i] * times;
}

void Shares::scale(std::int64_t factor, int shift) {
    for (Amount& part : parts_) part = part * factor / (Amount{1} << shift);
}

Amount Shares::sum() const noexcept {
    return std::accumulate(parts_.begin(), parts_.end(), Amount{0});
}

void Shares::settle(std::int64_t value, Entry entry) {
    add(entry, value * kOne - sum());
}

bool Shares::carries() const noexcept {
    if (of(Entry::kBefore) != 0 || of(Entry::kMixed) != 0) return true;
    for (std::size_t i = kEntries; i < parts_.size(); ++i) {
        if (parts_[i] != 0) return true;
    }
    return false;
}

std::vector<std::int64_t> Shares::whole(std::int64_t value) const {
    std::vector<std::int64_t> all(std::max(parts_.size(), kEntries));
    std::vector<std::pair<Amount, std::size_t>> fractions;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        const Amount floor = floor_of(parts_[i]);
        all[i] = static_cast<std::int64_t>(floor);
        sum += all[i];
        if (const Amount rest = parts_[i] - floor * kOne; rest != 0) {
            fractions.emplace_back(rest, i);
        }
    }
    std::ranges::stable_sort(fractions,
                             [](const auto& a, const auto& b) { return a.first > b.first; });
    const std::int64_t missing = value - sum;
    SM_ASSERT(missing >= 0 && static_cast<std::size_t>(missing) <= fractions.size(),
              "the parts of a value do not add up to it");
    for (std::size_t i = 0; i < static_cast<std::size_t>(missing); ++i) ++all[fractions[i].second];
    return all;
}

}  // namespace seamount::explain
