#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/frontend/context/content.hpp"
#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// All of `size` elements, in order.
[[nodiscard]] Part all_of(std::uint32_t size, const std::vector<std::uint32_t>& shape);

/// What `node` names: a population or input, some of it by Python's slices (`hidden[0:64]`,
/// `maps[0, ::2, 3:]`), or a view. One slice counts the elements in their order, as many as there
/// are dimensions count in each; a number alone keeps its dimension, with extent 1. Reports
/// NET-NAME, NET-VIEW for slices that cannot be read, are empty or have other dimensions, and
/// NET-SIZE where all parts so far have more than kMaxPartElements; an end beyond the last element
/// is warned of.
[[nodiscard]] std::optional<End> find_end(Context& context, const YamlNode& node);
/// The same for one that must be a population, or a part of one.
[[nodiscard]] std::optional<End> find_population_end(Context& context, const YamlNode& node);

/// The name of the population or input of which `text` names a part, by a slice or by a view of the
/// file; `text` itself if it names no part. Nothing is checked.
[[nodiscard]] std::string name_of_whole(const YamlNode& root, const std::string& text);

/// Reads those entries of `views:` that are of populations, or of what else there is, so that each
/// is read once: populations first, the others when the inputs are known.
void read_views(Context& context, const YamlNode& root, SourceKind kind);

/// Appends which elements the part has, for recognising that they did not change.
void add_part(const SharedPart& part, Content& content);

}  // namespace seamount::compiler::frontend
