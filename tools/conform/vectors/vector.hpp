#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/ir/network.hpp"
#include "isa/image/weights.hpp"
#include "tools/conform/vectors/case.hpp"

namespace seamount::conform {

// Checked reading of vectors. Whatever is missing, of another type or out of range is reported by
// an InputError (CLI-VECTOR) that names it: a vector must not be read as something else.

inline constexpr std::int64_t kMaxNeurons = 1 << 20;
inline constexpr std::int64_t kMaxSteps = 1 << 20;
inline constexpr std::uint64_t kMaxWords = 1 << 27;  ///< neurons times steps
inline constexpr std::int64_t kMinWord = std::numeric_limits<std::int32_t>::min();
inline constexpr std::int64_t kMaxWord = std::numeric_limits<std::int32_t>::max();

[[noreturn]] void bad_vector(const std::string& what);
/// bad_vector unless it holds.
inline void require(bool holds, const std::string& what) {
    if (!holds) bad_vector(what);
}

[[nodiscard]] const Json& member(const Json& object, const std::string& key);
/// A list, with at least one element.
[[nodiscard]] const Json& filled_list(const Json& object, const std::string& key);
/// The text of a member, or nothing.
[[nodiscard]] std::string text_of(const Json& object, const char* key);

/// What a text names in a table of names; nothing if it is not in it.
template <class T, std::size_t N>
[[nodiscard]] std::optional<T> named(const std::array<std::pair<std::string_view, T>, N>& table,
                                     std::string_view text) {
    const auto found = std::find_if(table.begin(), table.end(),
                                    [text](const auto& entry) { return entry.first == text; });
    return found == table.end() ? std::nullopt : std::optional<T>{found->second};
}

/// A whole number (3, 3.0, true) within [min, max].
[[nodiscard]] std::int64_t whole(const Json& value, std::string_view what, std::int64_t min,
                                 std::int64_t max);
[[nodiscard]] std::int64_t whole_at(const Json& object, const std::string& key, std::int64_t min,
                                    std::int64_t max);
/// The same, or `absent` without the member.
[[nodiscard]] std::int64_t whole_or(std::int64_t absent, const Json& object, const std::string& key,
                                    std::int64_t min, std::int64_t max);

/// A whole number, or a list of them.
[[nodiscard]] std::vector<std::int64_t> wholes(const Json& value, std::string_view what,
                                               std::int64_t min = kMinWord,
                                               std::int64_t max = kMaxWord);
/// `size` of them; a single number stands for all.
[[nodiscard]] std::vector<std::int64_t> wholes_of_size(const Json& value, std::string_view what,
                                                       std::size_t size, std::int64_t min,
                                                       std::int64_t max);

/// exc, inh, mixed; EXCITATORY, INHIBITORY, MIXED.
[[nodiscard]] isa::SignMode sign_mode_of(const Json& value);
/// The mode that weights of these bounds need, if a vector names none.
[[nodiscard]] isa::SignMode needed_mode(std::int64_t smallest, std::int64_t largest);
/// A stored width that a chip has: 1..8 without 7.
[[nodiscard]] int weight_bits_at(const Json& object, const std::string& key);

}  // namespace seamount::conform
