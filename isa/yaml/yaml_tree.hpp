#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/yaml/yaml.hpp"
#include "isa/yaml/yaml_place.hpp"

/// The tree behind YamlNode: what a file says and where, before anybody asks for types.
namespace seamount::yaml {

inline constexpr std::size_t kMaxFileBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMaxNodes = 1'000'000;      ///< aliases counted where they are used
inline constexpr std::size_t kMaxDepth = 64;             ///< maps and lists within each other
inline constexpr std::size_t kMaxVariableText = 65'536;  ///< characters of a scalar with variables

struct Node;
struct Form;

struct Entry {
    std::string key;
    Place where;
    std::unique_ptr<Node> value;
};

/// Entries of a map in file order, with the keys that readers asked for.
struct Map {
    std::vector<Entry> entries;
    std::unordered_map<std::string, std::size_t> index;  ///< key -> position in `entries`
    std::set<std::string> asked;
    const Form* form = nullptr;  ///< what its keys are, if its reader has said so

    [[nodiscard]] Entry* find(const std::string& key);
    void append(Entry entry);
    void erase(const std::string& key);
};

enum class Kind : std::uint8_t { kNull, kScalar, kSequence, kMap };

struct Node {
    Kind kind = Kind::kNull;
    std::string tag;                ///< that the file gives it, as "!!str"; empty: none
    bool plain = true;              ///< unquoted, or made from variables: may be read as a number
    bool bad = false;               ///< reported already; readers stay silent
    mutable bool reported = false;  ///< wrong shape reported already
    Place where;
    std::string text;     ///< of a scalar
    std::string written;  ///< what the file says instead of `text`, if it is not that
    std::vector<std::unique_ptr<Node>> items;
    std::unique_ptr<Map> map;
    std::shared_ptr<const Use> use;  ///< null: not by a template

    /// The file that relative paths in this node are relative to.
    [[nodiscard]] const std::string& home() const;

    [[nodiscard]] std::unique_ptr<Node> clone() const;
};

/// The node and all within.
[[nodiscard]] std::size_t size_of(const Node& node);

/// Reads a whole file. Throws InputError (YML-FILE).
[[nodiscard]] std::string read_text(const std::filesystem::path& path);

/// Parses one YAML document whose root is a map. Repeated keys are reported (YML-DUPLICATE) and the
/// first is kept; anchors are copied to where they are used; `<<` merges. Throws InputError
/// (YML-SYNTAX), also for trees that are too deep or too large.
[[nodiscard]] std::unique_ptr<Node> parse(const std::string& text, const std::string& name,
                                          Diagnostics& diagnostics);

/// Puts `over` on top of `base`: maps are merged key by key, everything else is replaced. Both must
/// be maps.
void merge(Node& base, std::unique_ptr<Node> over);

/// Replaces `${name}` in every scalar by the root's `vars:` or the settings, then removes `vars:`.
void substitute(Node& root, const Settings& settings, Diagnostics& diagnostics);

/// The reader for a tree.
[[nodiscard]] YamlNode reader(std::unique_ptr<Node> root, Diagnostics& diagnostics);

}  // namespace seamount::yaml
