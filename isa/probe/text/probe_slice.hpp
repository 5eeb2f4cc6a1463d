#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Words of a text about probes, and the neurons or sources that it names.

namespace seamount::isa {

/// A text about probes cannot be what it says.
class ProbeTextError : public std::runtime_error {
public:
    ProbeTextError(const std::string& what, std::size_t at, std::string hint_text = {})
        : std::runtime_error{what}, offset{at}, hint{std::move(hint_text)} {}
    std::size_t offset;  ///< where in the text
    std::string hint;
};

/// A name with what stands in brackets behind it: `hidden[0:8:2]`.
struct NamedSlice {
    std::string name;
    std::string slice;  ///< without brackets; empty: all
    std::size_t name_at = 0;
    std::size_t slice_at = 0;
};
[[nodiscard]] NamedSlice split_slice(std::string_view text, std::size_t at = 0);

/// The indices of `3`, `0:8`, `0:8:2` or several of these with commas, within `size`, each of which
/// selects some; `at` is where the text stands.
[[nodiscard]] std::vector<std::uint32_t> indices_of(std::string_view slice, std::uint32_t size,
                                                    std::size_t at = 0);

/// What can trigger a probe: `spike NAME[slice]`, also written `any spike in NAME[slice]`.
[[nodiscard]] NamedSlice read_trigger(std::string_view text);

/// A part of a text.
struct Token {
    std::string_view text;
    std::size_t at = 0;  ///< where it begins
};
[[nodiscard]] std::vector<Token> split_at_blanks(std::string_view text);
/// Parts may be empty.
[[nodiscard]] std::vector<Token> split_at(char separator, const Token& token);
/// Throws ProbeTextError if it is no whole number in [least, most]; `what` it is.
[[nodiscard]] std::uint64_t number_of(const Token& token, std::string_view what,
                                      std::uint64_t least, std::uint64_t most);

}  // namespace seamount::isa
