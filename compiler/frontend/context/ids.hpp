#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "compiler/frontend/context/content.hpp"
#include "compiler/frontend/data/data_array.hpp"
#include "isa/yaml/yaml.hpp"

namespace seamount::compiler::frontend {

struct Context;

/// What an edge between identifiers that no neuron has is.
enum class UnknownIds : std::uint8_t { kError, kSkip };
inline constexpr auto kUnknownIdsNames = name_table<UnknownIds>({
    {UnknownIds::kError, "error"},
    {UnknownIds::kSkip, "skip"},
});

/// Numbers the identifiers that a data set gives its neurons, in the order of their first
/// occurrence. Numbers are the same however they are written: 7, 07 and 7.0.
class IdIndex {
public:
    /// True if the identifier is new.
    bool add(std::string_view id);
    bool add(std::int64_t id);
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view id) const;
    [[nodiscard]] std::optional<std::uint32_t> find(std::int64_t id) const;
    [[nodiscard]] std::uint64_t size() const noexcept { return numbers_.size() + names_.size(); }

    Content content;  ///< of the `ids:` that it was read from

private:
    std::unordered_map<std::int64_t, std::uint32_t> numbers_;
    std::unordered_map<std::string, std::uint32_t> names_;
};

/// Reads `ids: {file: nodes.csv, column: id}`, each identifier once (NET-ID), or with `columns:
/// [pre, post]` the distinct identifiers of an edge list. Columns go by name or by number from 0.
[[nodiscard]] std::shared_ptr<const IdIndex> read_ids(Context& context, const YamlNode& node);

/// The identifiers of the two ends of a projection; null if that end has none.
struct EndIds {
    std::shared_ptr<const IdIndex> source;
    std::shared_ptr<const IdIndex> target;
};

/// Reads the edges of a map `{file, array, columns: {source, target, weight, delay}, by: id |
/// index, unknown: error | skip, header}`: a table of shape (E, 2..4) whose columns are named so
/// and whose ends are indices. Reports NET-ID for identifiers that an end does not have; with
/// `unknown: skip` such edges are left out, with a warning of how many (NET-ID-SKIPPED).
[[nodiscard]] std::optional<DataArray> read_id_edges(Context& context, const YamlNode& edges,
                                                     const EndIds& ids);

}  // namespace seamount::compiler::frontend
