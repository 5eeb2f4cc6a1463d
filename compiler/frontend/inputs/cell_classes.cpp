#include "compiler/frontend/inputs/cell_classes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/frontend/context/values.hpp"

namespace seamount::compiler::frontend {
namespace {

/// The items of a list without a map around it.
std::optional<std::vector<std::int64_t>> read_items(const YamlNode& list, const ValueRange& range) {
    std::vector<std::int64_t> values;
    bool good = true;
    for (const YamlNode& item : list.items()) {
        const auto value = item.integer(
            fmt::format("{} of {} {}", range.name, range.element, values.size()),
            static_cast<std::int64_t>(range.min), static_cast<std::int64_t>(range.max));
        good = good && value.has_value();
        values.push_back(value.value_or(0));
    }
    if (range.count != 0 && values.size() != range.count) {
        list.error("NET-SHAPE", fmt::format("'{}' has {} values for {} {}s", range.name,
                                            values.size(), range.count, range.element));
        good = false;
    }
    return good ? std::optional{std::move(values)} : std::nullopt;
}

std::vector<std::int32_t> read_each(Context& context, const YamlNode& node,
                                    const ValueRange& range) {
    if (!node) return {};
    if (node.is_scalar()) {
        node.error(
            "NET-SHAPE", fmt::format("'{}' must be a list", range.name),
            fmt::format("one per {}: [...], {{values: [...]}} or {{file: NAME}}", range.element));
        return {};
    }
    const auto values =
        node.is_sequence() ? read_items(node, range) : read_integers(context, node, range);
    if (!values) return {};
    return {values->begin(), values->end()};
}

}  // namespace

std::vector<std::int32_t> read_classes(Context& context, const YamlNode& node,
                                       std::uint32_t cells) {
    using isa::ReadoutImage;
    auto classes =
        read_each(context, node,
                  {"classes", "neuron", cells, ReadoutImage::kNoClass, ReadoutImage::kMostClass});
    const bool none = std::all_of(classes.begin(), classes.end(),
                                  [](std::int32_t c) { return c == ReadoutImage::kNoClass; });
    if (none && !classes.empty()) node.error("NET-READOUT", "no neuron has a class");
    return classes;
}

std::vector<std::int32_t> read_votes(Context& context, const YamlNode& node, std::uint32_t cells) {
    constexpr std::int32_t kMost = isa::ReadoutImage::kMostWeight;
    return read_each(context, node, {"weights", "neuron", cells, -kMost, kMost});
}

void warn_of_labels(const YamlNode& node, const isa::ReadoutImage& readout,
                    const std::vector<std::int32_t>& labels) {
    const std::set<std::int32_t> classes{readout.classes.begin(), readout.classes.end()};
    const auto lost = std::find_if(labels.begin(), labels.end(), [&classes](std::int32_t label) {
        return !classes.contains(label);
    });
    if (lost == labels.end()) return;
    node.warning("NET-READOUT",
                 fmt::format("no neuron is of class {}, the label of sample {}", *lost,
                             lost - labels.begin()),
                 "its samples are never right");
}

}  // namespace seamount::compiler::frontend
