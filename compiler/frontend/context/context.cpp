#include "compiler/frontend/context/context.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace seamount::compiler::frontend {

namespace {

std::vector<std::string> population_names(const Network& network) {
    std::vector<std::string> names;
    for (const Population& population : network.populations) names.push_back(population.name);
    return names;
}

std::vector<std::string> input_names(const Network& network) {
    std::vector<std::string> names;
    for (const Input& input : network.inputs) names.push_back(input.image.name);
    return names;
}

std::optional<std::uint32_t> checked_extent(const YamlNode& node, std::uint64_t size) {
    if (size <= kMaxSize) return static_cast<std::uint32_t>(size);
    node.error("NET-SIZE", fmt::format("the size is {}, must be in [1, {}]", size, kMaxSize));
    return std::nullopt;
}

std::optional<std::uint32_t> size_of_edges(Context& context, const YamlNode& node) {
    std::string array;
    node.read("array", array);
    const YamlNode edges_node = node["edges"];
    node.finish();
    const auto edges = context.data.read_file(edges_node, array);
    if (!edges) return std::nullopt;
    if (edges->shape().size() != 2 || edges->shape()[1] < 2) {
        edges_node.error("NET-SHAPE", fmt::format("an edge list has shape (E, 2..4), this has {}",
                                                  edges->shape_text()));
        return std::nullopt;
    }
    std::int64_t largest = 0;
    for (std::uint64_t end = 0; end < 2; ++end) {
        const DataArray column = edges->column(end);
        const bool good = column.scan([&](std::uint64_t i) {
            const auto index = column.integer(i);
            if (!index || *index < 0) {
                edges_node.error("NET-EDGE", fmt::format("edge {}: {} is not the index of a neuron",
                                                         i, column.number(i)));
                return false;
            }
            largest = std::max(largest, *index);
            return true;
        });
        if (!good) return std::nullopt;
    }
    return checked_extent(edges_node, static_cast<std::uint64_t>(largest) + 1);
}

std::optional<std::uint32_t> read_size(Context& context, const YamlNode& node) {
    if (node.is_map()) {
        if (node["edges"]) return size_of_edges(context, node);
        const auto table = context.data.read(node);
        if (!table) return std::nullopt;
        return checked_extent(node, table->shape().empty() ? 1 : table->shape()[0]);
    }
    const auto size = node.integer("size", 1, kMaxSize);
    if (!size) return std::nullopt;
    return static_cast<std::uint32_t>(*size);
}

std::optional<Extent> read_shape(const YamlNode& node) {
    if (!expect_sequence(node, "shape")) return std::nullopt;
    Extent extent;
    std::uint64_t size = 1;
    bool good = true;
    for (const YamlNode& item : node.items()) {
        const auto length = item.integer("shape", 1, kMaxSize);
        good = good && length.has_value();
        if (!good) continue;
        extent.shape.push_back(static_cast<std::uint32_t>(*length));
        size = std::min<std::uint64_t>(size * static_cast<std::uint64_t>(*length),
                                       std::uint64_t{kMaxSize} * 2);
    }
    if (!good) return std::nullopt;
    if (extent.shape.empty() || extent.shape.size() > kMaxDimensions) {
        node.error("NET-SHAPE",
                   fmt::format("a shape has 1 to 8 dimensions, this has {}", extent.shape.size()));
        return std::nullopt;
    }
    if (size > kMaxSize) {
        node.error("NET-SIZE", fmt::format("the shape has more than {} elements", kMaxSize));
        return std::nullopt;
    }
    extent.size = static_cast<std::uint32_t>(size);
    return extent;
}

}  // namespace

bool expect_map(const YamlNode& node, const std::string& name) {
    if (node.is_map()) return true;
    node.error("YML-TYPE", fmt::format("'{}' must be a map", name));
    return false;
}

bool expect_sequence(const YamlNode& node, const std::string& name) {
    if (node.is_sequence()) return true;
    node.error("YML-TYPE", fmt::format("'{}' must be a list", name));
    return false;
}

void check_name(const Context& context, const std::string& name, const SourceLocation& where) {
    constexpr unsigned char kSpace = 0x20;
    constexpr unsigned char kDelete = 0x7F;
    constexpr std::size_t kLongest = 1000;  // YAML's keys on one line have at most 1024
    if (name.empty()) context.diagnostics.error("NET-NAME", where, "the name is empty");
    if (name.size() > kLongest) {
        context.diagnostics.error(
            "NET-NAME", where,
            fmt::format("the name has {} bytes, must be in [1, {}]", name.size(), kLongest));
    }
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= kSpace && byte != kDelete) continue;
        context.diagnostics.error(
            "NET-NAME", where, fmt::format("the name has the control character {}", unsigned{byte}),
            "it would come back in tables; leave it out");
        return;
    }
}

bool claim_name(Context& context, const std::string& name, SourceKind kind,
                const SourceLocation& where) {
    check_name(context, name, where);
    const bool is_input = kind == SourceKind::kInput;
    const std::size_t index =
        is_input ? context.network.inputs.size() : context.network.populations.size();
    const SourceRef source{is_input, static_cast<std::uint32_t>(index)};
    if (context.sources.try_emplace(name, source).second) return true;
    context.diagnostics.error("NET-DUPLICATE", where,
                              fmt::format("there is already a population or input '{}'", name));
    return false;
}

std::string suggest(const std::string& name, const std::vector<std::string>& known) {
    const std::string suggestion = closest(name, known);
    if (!suggestion.empty()) return fmt::format("did you mean '{}'?", suggestion);
    if (known.empty() || known.size() > 20) return {};
    return fmt::format("known: {}", fmt::join(known, ", "));
}

std::optional<std::uint32_t> find_population(const Context& context, const YamlNode& node,
                                             bool or_views) {
    const std::string name = node.text();
    if (name.empty() && context.diagnostics.has_errors()) return std::nullopt;
    const auto found = context.sources.find(name);
    if (found != context.sources.end() && !found->second.is_input) return found->second.index;
    if (context.views.contains(name) || name.ends_with(']')) {
        node.error("NET-VIEW", fmt::format("'{}' is a part of a population", name),
                   "here only a whole one can be named");
        return std::nullopt;
    }
    auto names = population_names(context.network);
    for (const auto& [view, end] : context.views) {
        if (or_views && end && !end->source.is_input) names.push_back(view);
    }
    node.error("NET-NAME", fmt::format("there is no population '{}'", name),
               found != context.sources.end() ? fmt::format("'{}' is an input", name)
                                              : suggest(name, names));
    return std::nullopt;
}

std::optional<SourceRef> find_source(const Context& context, const YamlNode& node,
                                     const std::string& name, bool or_views) {
    if (name.empty() && context.diagnostics.has_errors()) return std::nullopt;
    const auto found = context.sources.find(name);
    if (found != context.sources.end()) return found->second;
    auto names = population_names(context.network);
    const auto inputs = input_names(context.network);
    names.insert(names.end(), inputs.begin(), inputs.end());
    if (or_views) {
        for (const auto& [view, end] : context.views) names.push_back(view);
    }
    node.error("NET-NAME", fmt::format("there is no population or input '{}'", name),
               suggest(name, names));
    return std::nullopt;
}

std::optional<Extent> read_extent(Context& context, const YamlNode& map) {
    const YamlNode shape = map["shape"];
    const YamlNode size = map["size"];
    if (shape && size) {
        size.error("NET-SIZE", "give either 'size' or 'shape', not both");
        return std::nullopt;
    }
    if (shape) return read_shape(shape);
    const YamlNode required = map.require("size");
    if (!required) return std::nullopt;
    if (const YamlNode ids = required.is_map() ? required["ids"] : YamlNode{}) {
        const auto index = read_ids(context, ids);
        required.finish();
        if (!index) return std::nullopt;
        const auto count = static_cast<std::uint32_t>(index->size());
        return Extent{count, {count}, index};
    }
    const auto count = read_size(context, required);
    if (!count) return std::nullopt;
    return Extent{*count, {*count}};
}

bool has_auto_scale(const YamlNode& projection) {
    const YamlNode scale = projection["scale"];
    return scale.is_scalar() && scale.text() == kAuto;
}

void read_scale(Context& context, const YamlNode& projection, double& scale) {
    if (has_auto_scale(projection)) {
        context.auto_projections[context.network.projections.size()] = {
            static_cast<bool>(projection["exponent"])};
    } else {
        projection.read("scale", scale, -kMaxScale, kMaxScale);
    }
}

}  // namespace seamount::compiler::frontend
