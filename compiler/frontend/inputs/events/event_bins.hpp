#pragma once

#include <cstdint>
#include <optional>

namespace seamount::compiler::frontend {

/// Which step a time belongs to: the whole part of time / bin, exactly, of the number that the file
/// has. A bin is what a step takes, in the units of the times.
class EventBins {
public:
    /// A bin of number * 10^exponent units. Nothing unless that is a decimal number above 0 with at
    /// most 12 digits behind the point of `number`, which with the power fits 53 bits.
    [[nodiscard]] static std::optional<EventBins> of(double number, int exponent);

    /// Nothing for a time below 0, for what is no number, and for 2^53 or more in the smallest part
    /// of a bin, where doubles are no longer exact.
    [[nodiscard]] std::optional<std::uint64_t> step_of(double time) const;

    /// The bin, to the nearest double.
    [[nodiscard]] double length() const { return numerator_ / denominator_; }

private:
    EventBins(double numerator, double denominator)
        : numerator_{numerator}, denominator_{denominator} {}

    double numerator_;    ///< whole, in lowest terms
    double denominator_;  ///< likewise
};

}  // namespace seamount::compiler::frontend
