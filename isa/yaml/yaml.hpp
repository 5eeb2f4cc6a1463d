#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/name_table.hpp"

namespace seamount {

namespace yaml {
struct Node;
struct Form;
}  // namespace yaml

/// `--set name=value` of the command line: overrides `vars:` of YAML files; a name with dots is a
/// path into the network (isa/yaml/yaml_paths.hpp) if it begins with one of the network's sections,
/// else into the chip (isa/chip/chip_override.hpp).
class Settings {
public:
    enum class Into : std::uint8_t { kChip, kNetwork };

    Settings() = default;
    explicit Settings(std::map<std::string, std::string> values) : values_{std::move(values)} {}
    /// Parses `name=value`. Throws InputError (CLI-SET), also if `name` has a value already.
    void add(const std::string& assignment);
    /// The value for a variable that a file declares, or nullptr; remembers that it is declared.
    [[nodiscard]] const std::string* find(const std::string& name) const;
    /// The values whose names are dotted paths into such a file; remembers that it took them.
    [[nodiscard]] std::map<std::string, std::string> take_paths(Into file) const;
    /// Whether a dotted path leads into a network.
    [[nodiscard]] static bool leads_into_network(const std::string& path);
    /// The value for a key at the root of a network that is no map, "seed", unless a variable of a
    /// file read so far is called so; remembers that it was taken.
    [[nodiscard]] const std::string* take_root_key(const std::string& key) const;
    /// Names that no file declared so far, and paths that no file took; for the "unknown variable"
    /// error after all files are read.
    [[nodiscard]] std::vector<std::string> unused() const;
    /// Variables that the files read so far declare, sorted.
    [[nodiscard]] std::vector<std::string> declared() const;

private:
    std::map<std::string, std::string> values_;
    mutable std::set<std::string> declared_;
    mutable std::set<Into> taken_;
};

/// A node of a YAML file with its position: all reading goes through it, so that every problem is
/// reported at its place and none stops the reading of the rest. Cheap to copy. A missing node is
/// falsy and reads as absent.
///
/// Scalars are parsed here with from_chars, not by the YAML library (which reads 010 as 8 and
/// accepts .nan).
class YamlNode {
public:
    YamlNode() = default;

    [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(impl_); }
    [[nodiscard]] bool is_map() const;
    [[nodiscard]] bool is_sequence() const;
    [[nodiscard]] bool is_scalar() const;
    [[nodiscard]] SourceLocation where() const;
    /// Where character `offset` of a scalar stands that is written on one line, without variables
    /// or escapes.
    [[nodiscard]] SourceLocation where_in(std::size_t offset) const;

    /// Says what the keys of this map and of those within are (isa/yaml/form.hpp), for the readers:
    /// from now on they may ask for these only, and need not say a range again. `form` outlives the
    /// tree.
    void bind(const yaml::Form& form) const;

    /// Value of `key` in a map, or a falsy node. Marks the key as known. A bound map must have a
    /// row for it.
    [[nodiscard]] YamlNode operator[](const std::string& key) const;
    /// Keys in file order with their nodes; marks all as known.
    [[nodiscard]] std::vector<std::pair<std::string, YamlNode>> entries() const;
    [[nodiscard]] SourceLocation where_key(const std::string& key) const;
    /// Keys of a map in file order; marks none as known.
    [[nodiscard]] std::vector<std::string> keys() const;
    /// Elements of a sequence.
    [[nodiscard]] std::vector<YamlNode> items() const;

    /// Text of a scalar, variables replaced. Reports YML-TYPE and returns empty if it is not a
    /// scalar.
    [[nodiscard]] std::string text() const;
    /// True if the scalar looks like a number (so that `file` maps, names and numbers can be told
    /// apart).
    [[nodiscard]] bool is_number() const;

    // Typed readers: report YML-TYPE or YML-RANGE ("'vth' is 200000, must be in [0, 131071]") with
    // `name` and return nothing on failure.
    [[nodiscard]] std::optional<std::int64_t> integer(const std::string& name, std::int64_t min,
                                                      std::int64_t max) const;
    [[nodiscard]] std::optional<double> number(const std::string& name, double min,
                                               double max) const;
    [[nodiscard]] std::optional<bool> boolean(const std::string& name) const;
    /// Index of the scalar among `choices`; YML-CHOICE with a suggestion otherwise.
    [[nodiscard]] std::optional<std::size_t> choice(const std::string& name,
                                                    const std::vector<std::string>& choices) const;
    /// The value that the scalar names; YML-CHOICE with a suggestion otherwise.
    template <class Enum, std::size_t N, Enum First>
    [[nodiscard]] std::optional<Enum> choice(const std::string& name,
                                             const NameTable<Enum, N, First>& table) const {
        const auto index = choice(name, names(table));
        return index ? std::optional{table.value_at(*index)} : std::nullopt;
    }

    // Map readers: read `key` into `value` if present and valid. Return false if absent or bad (bad
    // is reported); `require_*` also report YML-MISSING.
    bool read(const std::string& key, std::uint32_t& value, std::int64_t min,
              std::int64_t max) const;
    bool read(const std::string& key, std::uint64_t& value, std::int64_t min,
              std::int64_t max) const;
    bool read(const std::string& key, std::int32_t& value, std::int64_t min,
              std::int64_t max) const;
    bool read(const std::string& key, double& value, double min, double max) const;
    bool read(const std::string& key, bool& value) const;
    bool read(const std::string& key, std::string& value) const;
    // The same with the range that the form of a bound map gives the key.
    bool read(const std::string& key, std::uint32_t& value) const;
    bool read(const std::string& key, std::uint64_t& value) const;
    bool read(const std::string& key, std::int32_t& value) const;
    bool read(const std::string& key, double& value) const;
    /// Reports YML-MISSING at this map if `key` is absent; returns the node.
    [[nodiscard]] YamlNode require(const std::string& key) const;

    /// Reports keys of this map that nobody asked for (YML-UNKNOWN, with a suggestion from those
    /// asked for). `also` are legal keys that were not asked for because of what the others say.
    void finish(const std::vector<std::string>& also = {}) const;

    /// Reports an error or a warning at this node.
    void error(std::string code, std::string message, std::string hint = {}) const;
    /// Reports an error at a key of this map.
    void error_at(const std::string& key, std::string code, std::string message,
                  std::string hint = {}) const;
    void warning(std::string code, std::string message, std::string hint = {}) const;

    /// Puts the number that readers expect in the place of a scalar that says it otherwise, as
    /// "20ms"; messages show both.
    void put(std::string number) const;
    /// Lets readers stay silent about a scalar that was reported.
    void spoil() const;

    struct Impl;
    explicit YamlNode(std::shared_ptr<const Impl> impl) : impl_{std::move(impl)} {}

private:
    [[nodiscard]] bool expect_map() const;  ///< false if not a map, which is reported once

    std::shared_ptr<const Impl> impl_;
};

/// A parsed YAML file: syntax checked, repeated keys reported (YML-DUPLICATE), `vars:` resolved and
/// removed.
class YamlFile {
public:
    /// Throws InputError (YML-FILE, YML-SYNTAX) if nothing can be read at all; other problems go to
    /// `diagnostics`, which must outlive the nodes.
    static YamlFile load(const std::filesystem::path& path, const Settings& settings,
                         Diagnostics& diagnostics);
    /// The same for a network: with the files that it includes, templates expanded, paths of the
    /// settings put over it, and bound to its form.
    static YamlFile load_network(const std::filesystem::path& path, const Settings& settings,
                                 const yaml::Form& form, Diagnostics& diagnostics);
    static YamlFile parse(const std::string& text, const std::string& name,
                          const Settings& settings, Diagnostics& diagnostics);

    [[nodiscard]] const YamlNode& root() const noexcept { return root_; }
    /// Files that a network is made of, that of load_network first.
    [[nodiscard]] const std::vector<std::filesystem::path>& files() const noexcept {
        return files_;
    }
    /// `path` as written in this file, relative to the file's folder.
    [[nodiscard]] std::filesystem::path resolve(const std::string& path) const;

private:
    static YamlFile of_tree(std::unique_ptr<yaml::Node> root, const std::filesystem::path& path,
                            Diagnostics& diagnostics);

    YamlNode root_;
    std::filesystem::path folder_;
    std::vector<std::filesystem::path> files_;
};

}  // namespace seamount
