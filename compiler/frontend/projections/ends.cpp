#include "compiler/frontend/projections/ends.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "compiler/frontend/context/parts.hpp"
#include "compiler/frontend/rows/part_rows.hpp"

namespace seamount::compiler::frontend {
namespace {

/// An origin with its shape.
struct Source {
    Origin origin;
    std::vector<std::uint32_t> shape;
};

/// Nothing, with a message, if it cannot be one.
std::optional<Source> read_source(Context& context, const YamlNode& node) {
    auto end = find_end(context, node);
    if (!end) return std::nullopt;
    Source source{{end->source, node.text(), std::move(end->part)}, {}};
    if (end->source.is_input) {
        const isa::InputImage& image = context.network.inputs[end->source.index].image;
        if (image.kind == isa::InputKind::kWrite || image.kind == isa::InputKind::kReward) {
            node.error("NET-NAME",
                       fmt::format("input '{}' writes values and has no spikes", image.name));
            return std::nullopt;
        }
        source.origin.size = image.size;
        source.shape = image.shape;
    } else {
        const Population& population = context.network.populations[end->source.index];
        source.origin.size = population.size;
        source.shape = population.shape;
    }
    if (source.origin.part) {
        source.origin.size = static_cast<std::uint32_t>(source.origin.part->indices.size());
        source.shape = source.origin.part->shape;
    }
    return source;
}

/// The shape of `joined` with `next` behind it.
std::vector<std::uint32_t> join(const std::vector<std::uint32_t>& joined,
                                const std::vector<std::uint32_t>& next, std::uint32_t size) {
    const bool alike = !joined.empty() && joined.size() == next.size() &&
                       std::equal(joined.begin() + 1, joined.end(), next.begin() + 1);
    if (!alike) return {size};
    std::vector<std::uint32_t> shape = joined;
    shape.front() += next.front();
    return shape;
}

void read_from(Context& context, const YamlNode& node, NamedEnds& named) {
    const bool is_list = node.is_sequence();
    const auto items = is_list ? node.items() : std::vector<YamlNode>{node};
    ProjectionEnds& ends = named.ends;
    if (items.empty()) node.error("NET-NAME", "'from' is empty");
    bool good = !items.empty();
    std::uint64_t size = 0;
    for (const YamlNode& item : items) {
        auto source = read_source(context, item);
        good = good && source.has_value();
        if (!good) continue;
        size += source->origin.size;
        if (size > kMaxSize) {
            node.error("NET-SIZE", fmt::format("'from' has more than {} sources", kMaxSize));
            good = false;
            continue;
        }
        ends.source_shape = named.origins.empty() ? source->shape
                                                  : join(ends.source_shape, source->shape,
                                                         static_cast<std::uint32_t>(size));
        source->origin.first = static_cast<std::uint32_t>(size - source->origin.size);
        good = good && source->origin.size != 0;
        named.origins.push_back(std::move(source->origin));
    }
    if (!good) {
        named.origins.clear();
        return;
    }
    ends.sources = static_cast<std::uint32_t>(size);
    if (is_list) return;
    const Origin& only = named.origins.front();
    ends.source_part = only.part;
    if (only.from.is_input) return;
    if (const auto ids = context.ids.find(only.from.index); ids != context.ids.end()) {
        ends.ids.source = ids->second;
    }
}

void read_to(Context& context, const YamlNode& node, NamedEnds& named) {
    if (node.is_sequence()) {
        node.error("NET-NAME", "a projection goes to one population",
                   "write a projection for each; 'from' may be a list");
        return;
    }
    auto end = find_population_end(context, node);
    if (!end) return;
    ProjectionEnds& ends = named.ends;
    named.target = end->source.index;
    const Population& population = context.network.populations[*named.target];
    ends.targets = population.size;
    ends.target_shape = population.shape;
    if (const auto ids = context.ids.find(*named.target); ids != context.ids.end()) {
        ends.ids.target = ids->second;
    }
    if (!end->part) return;
    ends.targets = static_cast<std::uint32_t>(end->part->indices.size());
    ends.target_shape = end->part->shape;
    ends.target_part = std::move(end->part);
}

bool is_recurrent(const NamedEnds& named, bool is_list) {
    if (is_list || named.origins.empty() || !named.target) return false;
    const SharedPart& from = named.ends.source_part;
    const SharedPart& to = named.ends.target_part;
    const bool are_alike = from && to ? from->indices == to->indices : from == to;
    return named.origins.front().from == SourceRef{false, *named.target} && are_alike;
}

}  // namespace

NamedEnds read_ends(Context& context, const YamlNode& projection, std::uint32_t number) {
    NamedEnds named;
    named.ends.number = number;
    const YamlNode from = projection.require("from");
    const YamlNode to = projection.require("to");
    if (from) read_from(context, from, named);
    if (to) read_to(context, to, named);
    named.ends.recurrent = is_recurrent(named, from.is_sequence());
    return named;
}

void put_into_wholes(const NamedEnds& named, std::size_t origin, Projection& projection) {
    if (named.origins.empty() || !projection.rows) return;
    const Origin& from = named.origins[origin];
    if (named.origins.size() == 1 && !from.part && !named.ends.target_part) return;
    projection.rows = std::make_shared<const PartRows>(
        std::move(projection.rows),
        PartRows::Places{from.part, from.first, named.ends.target_part});
    projection.convolution = nullptr;  // its places are those of the parts
}

}  // namespace seamount::compiler::frontend
