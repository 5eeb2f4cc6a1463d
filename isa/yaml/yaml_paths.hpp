#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "isa/yaml/yaml_tree.hpp"

/// Values of the command line over the tree of a file: `--set populations.hidden.params.vth=2048`.
namespace seamount::yaml {

/// Dotted path -> text of its value.
using PathValues = std::map<std::string, std::string>;

/// Where nodes of the command line stand: `--set`.
[[nodiscard]] const Place& command_line();
/// "a.b.c" as its keys.
[[nodiscard]] std::vector<std::string> keys_of(const std::string& path);
/// Text of the command line as a node: a list or a map as in YAML, everything else a scalar. Null
/// if it is malformed, which is reported.
[[nodiscard]] std::unique_ptr<Node> node_of(const std::string& text, Diagnostics& diagnostics);
/// A scalar and a map of the command line.
[[nodiscard]] std::unique_ptr<Node> scalar_of(std::string text);
[[nodiscard]] std::unique_ptr<Node> empty_map();
/// Puts a value into a map, over the one that is there or as a new key.
void put(Node& map, const std::string& key, std::unique_ptr<Node> value);

/// Puts values over the tree of a file whose variables are not replaced yet. A key goes by its
/// name; an item of a list by its `name:`, by `from->to` of the map that it is, or by its number,
/// from 0. All of a path but its last key must be there: what is not is reported (CLI-SET-PATH, as
/// something that `what` does not have) with the nearest path that is. The last key may be new, as
/// it is where a default holds; what keys and values may be is up to the reader of the tree.
void put_paths(Node& root, const PathValues& values, const std::string& what,
               Diagnostics& diagnostics);

/// The tree of a network file, with the files that it includes, templates expanded, and the paths,
/// the seed and the variables of the settings, bound to `form`. The files that were read are
/// appended to `files`. Throws InputError (YML-FILE, YML-SYNTAX, YML-INCLUDE).
[[nodiscard]] std::unique_ptr<Node> network_tree(const std::filesystem::path& path,
                                                 const Settings& settings, const Form& form,
                                                 Diagnostics& diagnostics,
                                                 std::vector<std::filesystem::path>& files);

}  // namespace seamount::yaml
