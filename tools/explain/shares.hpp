#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "isa/base/name_table.hpp"

namespace seamount::explain {

/// A part of a value, in units of 2^-kFractionBits: an integer, so that parts add up exactly.
__extension__ using Amount = __int128;
inline constexpr int kFractionBits = 32;

/// What a value can be made of beside events.
enum class Entry : std::uint8_t {
    kConstant = 0,  ///< parameters, constants, and words that the program never writes: biases
    kBefore = 1,    ///< what the state held when the window began
    kNoise = 2,     ///< RND
    kRounding = 3,  ///< of shifts and products: less than 1 for each that rounded
    kClipped = 4,   ///< what wraps, saturation, MIN and MAX changed
    kMixed = 5,     ///< products of events, and operations on bits: what no event has alone
};
inline constexpr auto kEntryNames = name_table<Entry>({
    {Entry::kConstant, "constant"},
    {Entry::kBefore, "before"},
    {Entry::kNoise, "noise"},
    {Entry::kRounding, "rounding"},
    {Entry::kClipped, "clipped"},
    {Entry::kMixed, "mixed"},
});
inline constexpr std::size_t kEntries = kEntryNames.size();

/// A value as the sum of what it is made of: the entries above, then one part for each event.
class Shares {
public:
    [[nodiscard]] static Shares of(Entry entry, std::int64_t value);

    [[nodiscard]] Amount at(std::size_t part) const noexcept {
        return part < parts_.size() ? parts_[part] : 0;
    }
    [[nodiscard]] Amount of(Entry entry) const noexcept {
        return at(static_cast<std::size_t>(entry));
    }
    void add(std::size_t part, Amount amount);
    void add(Entry entry, Amount amount) { add(static_cast<std::size_t>(entry), amount); }
    /// Adds `times` times the other.
    void add(const Shares& other, std::int64_t times);
    /// Each part times `factor`, divided by 2^shift. What that loses is less than one unit of
    /// each part.
    void scale(std::int64_t factor, int shift);
    /// All of it.
    [[nodiscard]] Amount sum() const noexcept;
    /// Books what is missing to `value` under `entry`.
    void settle(std::int64_t value, Entry entry);

    /// True if some part is of an event, of what was before the window, or mixed.
    [[nodiscard]] bool carries() const noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return parts_.size(); }

    /// The parts as integers whose sum is exactly `value`, which sum() must be: each is less than 1
    /// from what it is (the largest fractions are rounded up).
    [[nodiscard]] std::vector<std::int64_t> whole(std::int64_t value) const;

private:
    std::vector<Amount> parts_;
};

/// A word of a machine with what it is made of.
struct Word {
    std::int32_t value = 0;
    Shares shares{};
};

}  // namespace seamount::explain
