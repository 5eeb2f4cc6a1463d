#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace seamount {

/// `1234567` as "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t value);
/// `1` and `core` as "1 core", `1200` as "1,200 cores".
[[nodiscard]] std::string counted(std::uint64_t value, const std::string& noun);
/// A number with an SI prefix and three significant digits: si(0.0000123, "s") is "12.3 us".
[[nodiscard]] std::string si(double value, const std::string& unit);

/// fmt::vformat_to(), compiled once: as a template it brings all that formats, the writing of
/// floats too, into each source that calls it.
void append_formatted(fmt::memory_buffer& out, fmt::string_view format, fmt::format_args args);

/// Where the first byte stands that is no part of valid UTF-8 (RFC 3629); the size if all is valid.
[[nodiscard]] std::size_t first_not_utf8(std::string_view text);

}  // namespace seamount
