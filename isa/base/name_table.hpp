#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "isa/base/assert.hpp"

namespace seamount {

/// One row of a table of names.
template <class Enum>
struct Named {
    Enum value;
    std::string_view name;
};

/// The names of an enumeration as they stand in files, options and reports: the one place where
/// they are written. Made by `name_table`, which compiles only if the table is complete; so the
/// number of values comes from here and is written nowhere.
///
///     enum class Fruit : std::uint8_t { kApple, kPear };
///     inline constexpr auto kFruitNames =
///         name_table<Fruit>({{Fruit::kApple, "apple"}, {Fruit::kPear, "pear"}});
///     inline constexpr std::size_t kFruits = kFruitNames.size();
///
///     name_of(kFruitNames, Fruit::kPear);                 // "pear"
///     parse(kFruitNames, "plum");                         // nothing: no name is a default
///     node.choice("fruit", kFruitNames);                  // of a YAML file, with a suggestion
///     for (const Fruit fruit : values(kFruitNames)) ...
template <class Enum, std::size_t N, Enum First>
class NameTable {
public:
    explicit consteval NameTable(const std::array<std::string_view, N>& names) : names_{names} {}

    [[nodiscard]] static constexpr std::size_t size() { return N; }
    [[nodiscard]] constexpr const std::array<std::string_view, N>& names() const { return names_; }

    /// Place of a value in the table; N or more if it is not one of the enumeration's.
    [[nodiscard]] static constexpr std::size_t index_of(Enum value) {
        return static_cast<std::size_t>(value) - static_cast<std::size_t>(First);
    }
    [[nodiscard]] static constexpr Enum value_at(std::size_t index) {
        return static_cast<Enum>(static_cast<std::size_t>(First) + index);
    }

private:
    std::array<std::string_view, N> names_;
};

namespace detail {

/// Whether the enumeration has a name for this value: compilers spell one that has none as a cast,
/// "(Fruit)2", and others "Fruit::kPear".
template <class Enum, Enum Value>
consteval bool is_enumerator() {
    const std::string_view function = __PRETTY_FUNCTION__;
    const char last_part = function[function.find_last_of(":)") + 1];
    return last_part < '0' || last_part > '9';
}

// Not constexpr on purpose: a table that gets there does not compile, and the message names them.
inline void name_table_is_not_in_the_order_of_the_enumeration() {}
inline void name_table_has_an_empty_or_repeated_name() {}

}  // namespace detail

/// How many values an enumeration has that counts from 0 without gaps.
template <class Enum, std::size_t From = 0>
[[nodiscard]] consteval std::size_t enumerators() {
    if constexpr (detail::is_enumerator<Enum, static_cast<Enum>(From)>()) {
        return enumerators<Enum, From + 1>();
    } else {
        return From;
    }
}

/// The table with these rows. They must be all the enumeration's values in its order, from `First`
/// on (values before that one have no name), each with a name of its own; else this does not
/// compile.
template <class Enum, Enum First = Enum{}, std::size_t N>
[[nodiscard]] consteval NameTable<Enum, N, First> name_table(const Named<Enum> (&rows)[N]) {
    static_assert(std::is_enum_v<Enum>);
    constexpr Enum kNext = static_cast<Enum>(static_cast<std::size_t>(First) + N);
    static_assert(!detail::is_enumerator<Enum, kNext>(), "the enumeration has further values");
    std::array<std::string_view, N> names;
    for (std::size_t i = 0; i < N; ++i) {
        if (rows[i].value != NameTable<Enum, N, First>::value_at(i)) {
            detail::name_table_is_not_in_the_order_of_the_enumeration();
        }
        const bool repeated =
            std::find(names.begin(), names.begin() + i, rows[i].name) != names.begin() + i;
        if (rows[i].name.empty() || repeated) detail::name_table_has_an_empty_or_repeated_name();
        names[i] = rows[i].name;
    }
    return NameTable<Enum, N, First>{names};
}

/// The name of a value, which must be one of the table's.
template <class Enum, std::size_t N, Enum First>
[[nodiscard]] constexpr std::string_view name_of(const NameTable<Enum, N, First>& table,
                                                 Enum value) {
    SM_ASSERT(table.index_of(value) < N, "the value is not one of its enumeration");
    return table.names()[table.index_of(value)];
}

/// The value with this name, or nothing.
template <class Enum, std::size_t N, Enum First>
[[nodiscard]] constexpr std::optional<Enum> parse(const NameTable<Enum, N, First>& table,
                                                  std::string_view name) {
    for (std::size_t i = 0; i < N; ++i) {
        if (table.names()[i] == name) return table.value_at(i);
    }
    return std::nullopt;
}

/// For tables with further columns: whether the rows are all the enumeration's values in its order,
/// which counts from 0. For a static_assert beside the table.
template <class Enum, class Row, std::size_t N>
[[nodiscard]] consteval bool has_row_for_each(const std::array<Row, N>& rows, Enum Row::*value) {
    for (std::size_t i = 0; i < N; ++i) {
        if (rows[i].*value != static_cast<Enum>(i)) return false;
    }
    return enumerators<Enum>() == N;
}

/// All names in the order of the enumeration; for messages, help texts and suggestions.
template <class Enum, std::size_t N, Enum First>
[[nodiscard]] std::vector<std::string> names(const NameTable<Enum, N, First>& table) {
    return {table.names().begin(), table.names().end()};
}

/// All values that have a name, in the order of the enumeration.
template <class Enum, std::size_t N, Enum First>
[[nodiscard]] constexpr std::array<Enum, N> values(const NameTable<Enum, N, First>& table) {
    std::array<Enum, N> all{};
    for (std::size_t i = 0; i < N; ++i) all[i] = table.value_at(i);
    return all;
}

}  // namespace seamount
