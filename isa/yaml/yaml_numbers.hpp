#pragma once

#include <cstdint>
#include <string_view>

namespace seamount::yaml {

/// Why a scalar is no number.
enum class NumberFault : std::uint8_t { kNone, kNotANumber, kLeadingZero, kTooLarge };

/// Reads a decimal or 0x number with nothing beside it; 010, .nan and 1_000 are none.
[[nodiscard]] NumberFault parse_number(std::string_view text, double& value);
/// The same for whole numbers, of which 2.0 and 1e3 are some.
[[nodiscard]] NumberFault parse_whole(std::string_view text, std::int64_t& value);

/// What to write instead of a number with a unit, "10mV"; empty: it is none.
[[nodiscard]] std::string_view unit_hint(std::string_view text);

}  // namespace seamount::yaml
