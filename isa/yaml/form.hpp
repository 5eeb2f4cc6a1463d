#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "isa/base/name_table.hpp"

/// What YAML files may say, as data: the keys of each map, once, beside its reader. A reader whose
/// map is bound to its form (YamlNode::bind) takes ranges from there and can ask for no key that
/// has no row; `seamount schema` and the manual's tables are written from the same rows.
namespace seamount::yaml {

enum class ValueKind : std::uint8_t {
    kInteger,
    kNumber,
    kQuantity,
    kBoolean,
    kText,
    kChoice,
    kList,
    kMap,
    kAny
};

struct Form;

/// One of the things that a value may be.
struct ValueType {
    ValueKind kind{};
    std::int64_t least = 0;  ///< of an integer; of a list: its fewest items
    std::int64_t most = 0;
    double low = 0.0;  ///< of a number; infinite: no limit
    double high = 0.0;
    std::vector<std::string> choices{};  ///< of a quantity: its units
    std::vector<ValueType> items{};      ///< of a list: what each may be
    std::vector<ValueType> first{};  ///< of a list: what its first may be instead; empty: the same
    const Form* form = nullptr;      ///< of a map; outlives this
    bool is_file = false;       ///< of text: the path of a file, relative to the one that says it
    std::string_view ending{};  ///< of a file: only text that ends so is a path
};

[[nodiscard]] ValueType integer(std::int64_t least, std::int64_t most);
/// One without a sign; its largest value is that of 63 bits.
[[nodiscard]] ValueType count();
[[nodiscard]] ValueType number(double low = -std::numeric_limits<double>::infinity(),
                               double high = std::numeric_limits<double>::infinity());
/// A number with one of these units behind it.
[[nodiscard]] ValueType quantity(std::vector<std::string> units);
[[nodiscard]] ValueType boolean();
/// Any scalar: names, formulas, files.
[[nodiscard]] ValueType text();
/// The path of a file; with an ending: a path if it ends so, else a name.
[[nodiscard]] ValueType file(std::string_view ending = {});
/// Whatever YAML can say: the value of a template's parameter.
[[nodiscard]] ValueType anything();
[[nodiscard]] ValueType choice(std::vector<std::string> choices);
template <class Enum, std::size_t N, Enum First>
[[nodiscard]] ValueType choice(const NameTable<Enum, N, First>& table) {
    return choice(names(table));
}
/// A list whose items may each be one of `items`.
[[nodiscard]] ValueType list(std::vector<ValueType> items, std::int64_t least = 0,
                             std::int64_t most = std::numeric_limits<std::int64_t>::max());
/// A list of two: what stands first and what stands behind it.
[[nodiscard]] ValueType pair(std::vector<ValueType> first, std::vector<ValueType> second);
[[nodiscard]] ValueType map(const Form& form);

/// A key: what it is called, what it may be, what holds without it.
struct Key {
    std::string name;
    std::vector<ValueType> types;
    std::string meaning;   ///< one line, as part of a sentence
    std::string standard;  ///< its default as YAML, or words in brackets; empty: there is none
    std::string unit;
    bool required = false;
    /// The value may also stand as {value: ...} with what this form says beside it; null: not so.
    const Form* beside = nullptr;

    // For the tables: each gives the key itself.
    Key& or_else(ValueType type);
    Key& by_default(std::string_view value);
    Key& in(std::string_view unit_name);
    Key& must();
    Key& with(const Form& form_beside);
};

/// The keys of a map.
struct Form {
    std::string name;               ///< "projection"
    std::string meaning;            ///< what such a map is
    std::vector<Key> keys;          ///< in the order of the manual
    std::vector<ValueType> others;  ///< values of keys that the user names; none: there are no such

    Form(std::string_view name_of_form, std::string_view meaning_of_form)
        : name{name_of_form}, meaning{meaning_of_form} {}

    /// Adds a row; the reference holds until the next.
    Key& key(std::string_view key_name, ValueType type, std::string_view key_meaning);
    /// Adds the rows of another form.
    void keys_of(const Form& other);

    [[nodiscard]] const Key* find(std::string_view key_name) const;
    /// Whether a reader may ask for it.
    [[nodiscard]] bool knows(std::string_view key_name) const;
};

struct Node;

/// Binds the tree of a file to its form: its maps and, where types say so, those within. Relative
/// paths that other files say become relative to its folder.
void bind(Node& node, const Form& form);

/// The form and all that it leads to, each once, in the order in which they are first met.
[[nodiscard]] std::vector<const Form*> forms_of(const Form& root);

}  // namespace seamount::yaml
