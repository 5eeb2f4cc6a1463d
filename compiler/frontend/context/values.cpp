#include "compiler/frontend/context/values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <type_traits>

#include "compiler/frontend/context/made_values.hpp"

namespace seamount::compiler::frontend {

namespace {

template <class T>
std::optional<T> scalar(const YamlNode& node, const std::string& name, const ValueRange& range) {
    if constexpr (std::is_same_v<T, double>) {
        return node.number(name, range.min, range.max);
    } else {
        return node.integer(name, static_cast<std::int64_t>(range.min),
                            static_cast<std::int64_t>(range.max));
    }
}

template <class T>
std::optional<std::vector<T>> from_array(const DataArray& data, const YamlNode& node,
                                         const ValueRange& range) {
    constexpr bool kIntegers = !std::is_same_v<T, double>;
    if (!check_values(data, node, range, kIntegers)) return std::nullopt;
    std::vector<T> values;
    values.reserve(data.count());
    for (std::uint64_t i = 0; i < data.count(); ++i) {
        if constexpr (kIntegers) {
            values.push_back(*data.integer(i));
        } else {
            values.push_back(data.number(i));
        }
    }
    return values;
}

template <class T>
std::optional<std::vector<T>> from_list(const YamlNode& node, const ValueRange& range) {
    if (!expect_sequence(node, "values")) return std::nullopt;
    std::vector<T> values;
    bool good = true;
    std::size_t i = 0;
    for (const YamlNode& item : node.items()) {
        const auto value =
            scalar<T>(item, fmt::format("{} of {} {}", range.name, range.element, i++), range);
        good = good && value.has_value();
        if (good) values.push_back(*value);
    }
    if (!good) return std::nullopt;
    return values;
}

template <class T>
std::optional<std::vector<T>> read(Context& context, const YamlNode& node,
                                   const ValueRange& range) {
    std::optional<std::vector<T>> values;
    if (!node.is_map()) {
        const auto value = scalar<T>(node, range.name, range);
        if (!value) return std::nullopt;
        return std::vector<T>{*value};
    }
    if (!has_one_value_origin(node, range)) return std::nullopt;
    if (range.making && makes_values(node)) {
        const auto made = make_values(context, node, range, !std::is_same_v<T, double>);
        if (!made) return std::nullopt;
        values.emplace().reserve(made->size());
        for (const double value : *made) values->push_back(static_cast<T>(value));
        return values;
    }
    if (const YamlNode list = node["values"]) {
        node.finish();
        values = from_list<T>(list, range);
    } else {
        if (!node["file"]) {
            const std::vector<std::string> keys = node.keys();
            node.error(
                "NET-RULE",
                fmt::format(
                    "'{}' cannot be given by {}", range.name,
                    keys.empty() ? "an empty map" : fmt::format("'{}'", fmt::join(keys, "', '"))),
                range.making
                    ? fmt::format("give a number for all, or one of {}",
                                  fmt::join(value_origins(range), ", "))
                    : fmt::format("give a number for all, {{values: [...]}} or {{file: NAME}} with "
                                  "one per {}; only weights, delays, parameters and initial states "
                                  "of neurons, biases and rates are drawn or computed",
                                  range.element));
            return std::nullopt;
        }
        const auto data = context.data.read_values(node);
        if (!data) return std::nullopt;
        if (range.count != 0 && data->count() != range.count) {
            node.error("NET-SHAPE", fmt::format("'{}' has {} values for {} {}s", range.name,
                                                data->count(), range.count, range.element));
            return std::nullopt;
        }
        return from_array<T>(*data, node, range);
    }
    if (values && range.count != 0 && values->size() != range.count) {
        node.error("NET-SHAPE", fmt::format("'{}' has {} values for {} {}s", range.name,
                                            values->size(), range.count, range.element));
        return std::nullopt;
    }
    return values;
}

}  // namespace

bool check_values(const DataArray& data, const YamlNode& node, const ValueRange& range,
                  bool integers) {
    return data.scan([&](std::uint64_t i) {
        const double number = data.number(i);
        const bool legal = number >= range.min && number <= range.max;
        if (legal && (!integers || data.integer(i))) return true;
        node.error("NET-VALUE",
                   fmt::format("'{}' of {} {} is {}, must be {} in [{}, {}]", range.name,
                               range.element, data.index_text(i), number,
                               integers ? "an integer" : "a number", range.min, range.max));
        return false;
    });
}

std::optional<std::vector<std::int64_t>> read_integers(Context& context, const YamlNode& node,
                                                       const ValueRange& range) {
    return read<std::int64_t>(context, node, range);
}

std::optional<std::vector<double>> read_numbers(Context& context, const YamlNode& node,
                                                const ValueRange& range) {
    return read<double>(context, node, range);
}

std::optional<std::vector<std::int64_t>> to_integers(const DataArray& data, const YamlNode& node,
                                                     const ValueRange& range) {
    return from_array<std::int64_t>(data, node, range);
}

}  // namespace seamount::compiler::frontend
