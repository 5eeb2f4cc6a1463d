#include "compiler/frontend/context/ids.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <functional>
#include <span>
#include <vector>

#include "compiler/frontend/context/context.hpp"
#include "compiler/frontend/data/text_table.hpp"

namespace seamount::compiler::frontend {

namespace {

constexpr std::array<const char*, 4> kRoles{"source", "target", "weight", "delay"};

/// The identifier as a number, if it is a whole one that a double holds exactly.
std::optional<std::int64_t> as_number(std::string_view text) {
    const char* const end = text.data() + text.size();
    std::int64_t integer = 0;
    if (const auto [last, error] = std::from_chars(text.data(), end, integer);
        error == std::errc{} && last == end) {
        return integer;
    }
    double value = 0.0;
    const auto [last, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || last != end || std::fabs(value) > 0x1p53) return std::nullopt;
    if (std::trunc(value) != value) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

template <class Map, class Key>
std::optional<std::uint32_t> find_in(const Map& map, const Key& key) {
    const auto found = map.find(key);
    if (found == map.end()) return std::nullopt;
    return found->second;
}

/// A column by name or by number; reports NET-COLUMN.
std::optional<std::size_t> find_text_column(const TextTable& table, const YamlNode& node) {
    const std::string name = node.text();
    const auto& names = table.columns();
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    const auto index = as_number(name);
    if (index && *index >= 0 && static_cast<std::size_t>(*index) < table.width()) {
        return static_cast<std::size_t>(*index);
    }
    node.error("NET-COLUMN", fmt::format("the table has no column '{}'", name),
               names.empty()
                   ? fmt::format("its {} columns have no names; count from 0", table.width())
                   : suggest(name, names));
    return std::nullopt;
}

bool is_csv(const std::string& path) {
    return path.ends_with(".csv") || path.ends_with(".csv.gz");
}

/// The table of `file:` as text; nothing, with a message, if it cannot be read.
std::optional<TextTable> read_text(Context& context, const YamlNode& map) {
    const YamlNode file = map.require("file");
    std::optional<bool> header;
    if (const YamlNode key = map["header"]) header = key.boolean("header");
    if (!file) return std::nullopt;
    const std::string path = context.yaml.resolve(file.text()).string();
    try {
        if (!is_csv(path)) {
            throw DataError{"NET-FILE", "identifiers are read from .csv and .csv.gz"};
        }
        TextTable table{read_csv_text(path, context.data.max_input()), header};
        context.network.files_read.insert(path);
        return table;
    } catch (const DataError& error) {
        file.error(error.code(), fmt::format("'{}': {}", file.text(), error.what()), error.hint());
        return std::nullopt;
    }
}

/// Calls visit for every row; what a row throws is reported at `where`.
void visit_rows(const TextTable& table, const YamlNode& where,
                const std::function<void(std::span<const std::string>, std::size_t)>& visit) {
    try {
        table.for_each_row(visit);
    } catch (const DataError& error) {
        where.error(error.code(), error.what(), error.hint());
    }
}

/// Collects edges as rows of numbers.
class EdgeTable {
public:
    EdgeTable(const EndIds& ids, bool skips) : ids_{ids}, skips_{skips} {}

    /// Adds an edge between the identifiers with these values. Throws DataError (NET-ID) unless
    /// unknown ones are skipped.
    void add(std::string_view source, std::string_view target, std::span<const double> values,
             std::size_t line) {
        const auto from = ids_.source->find(source);
        const auto to = ids_.target->find(target);
        if (from && to) {
            cells_.push_back(*from);
            cells_.push_back(*to);
            cells_.insert(cells_.end(), values.begin(), values.end());
            return;
        }
        if (!skips_) {
            throw DataError{
                "NET-ID",
                fmt::format("line {}: the population has no '{}'", line, from ? target : source),
                "'unknown: skip' leaves such edges out"};
        }
        if (skipped_++ == 0) first_skipped_ = line;
    }

    [[nodiscard]] std::optional<DataArray> table(const YamlNode& node,
                                                 std::vector<std::string> columns) const {
        if (skipped_ != 0) {
            node.warning("NET-ID-SKIPPED",
                         fmt::format("{} edges with identifiers that the population does not have "
                                     "were left out, the first in line {}",
                                     skipped_, first_skipped_));
        }
        if (cells_.empty()) {
            node.error("NET-SHAPE", "the list has no edge");
            return std::nullopt;
        }
        std::vector<std::byte> bytes(cells_.size() * sizeof(double));
        std::memcpy(bytes.data(), cells_.data(), bytes.size());
        DataArray table{keep_bytes(std::move(bytes)),
                        0,
                        ElementType::kF64,
                        {cells_.size() / columns.size(), columns.size()}};
        table.set_columns(std::move(columns));
        return table;
    }

private:
    const EndIds& ids_;
    bool skips_;
    std::vector<double> cells_;
    std::uint64_t skipped_ = 0;
    std::size_t first_skipped_ = 0;
};

/// Which columns of a table are source, target and, if given, weight and delay.
struct EdgeColumns {
    std::vector<std::size_t> at;
    std::vector<std::string> names;
};

std::optional<EdgeColumns> read_columns(const TextTable& table, const YamlNode& edges) {
    EdgeColumns columns;
    const YamlNode given = edges["columns"];
    const auto& names = table.columns();
    bool good = true;
    for (std::size_t role = 0; role < kRoles.size(); ++role) {
        const YamlNode chosen = given ? given[kRoles[role]] : YamlNode{};
        std::optional<std::size_t> column;
        if (chosen) {
            column = find_text_column(table, chosen);
            good = good && column.has_value();
        } else if (!given && names.empty()) {
            if (role < table.width()) column = role;
        } else if (!given) {
            const auto found = std::find(names.begin(), names.end(), kRoles[role]);
            if (found != names.end()) column = static_cast<std::size_t>(found - names.begin());
        }
        if (column) {
            columns.at.push_back(*column);
            columns.names.emplace_back(kRoles[role]);
        } else if (role < 2 && good) {
            edges.error("NET-COLUMN", fmt::format("no column is the {} of the edges", kRoles[role]),
                        "name them: columns: {source: ..., target: ..., weight: ...}");
            good = false;
        }
    }
    if (given) given.finish();
    if (!good) return std::nullopt;
    return columns;
}

double number_of(const std::string& text, std::size_t line, const std::string& column) {
    double value = 0.0;
    const char* const end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc{} && last == end && std::isfinite(value)) return value;
    throw DataError{"NET-CSV", fmt::format("line {}: {} '{}' is not a finite number", line, column,
                                           text.substr(0, 40))};
}

}  // namespace

bool IdIndex::add(std::string_view id) {
    if (const auto number = as_number(id)) return add(*number);
    return names_.try_emplace(std::string{id}, static_cast<std::uint32_t>(size())).second;
}

bool IdIndex::add(std::int64_t id) {
    return numbers_.try_emplace(id, static_cast<std::uint32_t>(size())).second;
}

std::optional<std::uint32_t> IdIndex::find(std::string_view id) const {
    if (const auto number = as_number(id)) return find(*number);
    return find_in(names_, std::string{id});
}

std::optional<std::uint32_t> IdIndex::find(std::int64_t id) const {
    return find_in(numbers_, id);
}

std::shared_ptr<const IdIndex> read_ids(Context& context, const YamlNode& node) {
    if (!expect_map(node, "ids")) return nullptr;
    const auto table = read_text(context, node);
    const YamlNode column = node["column"];
    const YamlNode columns = node["columns"];
    node.finish();
    if (!table) return nullptr;
    std::vector<std::size_t> chosen;
    for (const YamlNode& key : columns ? columns.items() : std::vector<YamlNode>{column}) {
        const auto index = key ? find_text_column(*table, key) : std::optional<std::size_t>{0};
        if (!index) return nullptr;
        chosen.push_back(*index);
    }
    auto ids = std::make_shared<IdIndex>();
    visit_rows(*table, node, [&](std::span<const std::string> fields, std::size_t line) {
        for (const std::size_t at : chosen) {
            if (ids->add(fields[at]) || columns) continue;
            throw DataError{
                "NET-ID",
                fmt::format("line {}: '{}' has occurred before", line, fields[at].substr(0, 40)),
                "an identifier stands for one neuron"};
        }
    });
    add_content(context.yaml, node, ids->content);
    if (ids->size() != 0 && ids->size() <= kMaxSize) return ids;
    node.error("NET-SIZE", fmt::format("{} identifiers, must be 1 to {}", ids->size(), kMaxSize));
    return nullptr;
}

std::optional<DataArray> read_id_edges(Context& context, const YamlNode& edges, const EndIds& ids) {
    const auto table = read_text(context, edges);
    auto unknown = UnknownIds::kError;
    if (const YamlNode node = edges["unknown"]) {
        unknown = node.choice("unknown", kUnknownIdsNames).value_or(unknown);
    }
    const auto columns = table ? read_columns(*table, edges) : std::nullopt;
    (void)edges["columns"];
    (void)edges["by"];
    edges.finish();
    if (!columns) return std::nullopt;
    if (!ids.source || !ids.target) {
        edges.error("NET-ID",
                    fmt::format("the {} of the projection has no identifiers",
                                ids.source ? "target" : "source"),
                    "give its population size: {ids: {file: ..., column: ...}}");
        return std::nullopt;
    }
    EdgeTable list{ids, unknown == UnknownIds::kSkip};
    std::vector<double> values(columns->at.size() - 2);
    bool good = true;
    try {
        table->for_each_row([&](std::span<const std::string> fields, std::size_t line) {
            for (std::size_t k = 0; k < values.size(); ++k) {
                values[k] = number_of(fields[columns->at[k + 2]], line, columns->names[k + 2]);
            }
            list.add(fields[columns->at[0]], fields[columns->at[1]], values, line);
        });
    } catch (const DataError& error) {
        edges.error(error.code(), error.what(), error.hint());
        good = false;
    }
    return good ? list.table(edges, columns->names) : std::nullopt;
}

}  // namespace seamount::compiler::frontend
