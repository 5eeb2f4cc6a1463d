#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// What a list of values is for, and what they may be.
struct ValueRange {
    std::string name;     ///< "vth"
    std::string element;  ///< "neuron": what each value belongs to
    std::uint32_t count;  ///< how many there must be; 0 if that is not known because of an error
    double min;
    double max;
    /// Values that may be computed or drawn: for which neurons. None: only given ones.
    struct Making {
        std::vector<std::uint32_t> shape;
        std::uint32_t population;
        std::uint32_t argument;  ///< its place among the arguments of the program
    };
    /// Values of a host input: its random numbers are those of a population behind all others.
    [[nodiscard]] static Making of_input(const Context& context,
                                         const std::vector<std::uint32_t>& shape) {
        constexpr std::uint32_t kFirstInput = 0x80000000U;
        return {shape, kFirstInput + static_cast<std::uint32_t>(context.network.inputs.size()), 0};
    }
    std::optional<Making> making{};
};

/// Reads a number, {file: ...} or {values: [...]}: one value for all, or `count` values; values
/// that may be made also from made_values.hpp. Every value is checked; the first bad one of a file
/// is reported (NET-VALUE), and a wrong number of values (NET-SHAPE). The limits of integers must
/// be below 2^53.
[[nodiscard]] std::optional<std::vector<std::int64_t>> read_integers(Context& context,
                                                                     const YamlNode& node,
                                                                     const ValueRange& range);
[[nodiscard]] std::optional<std::vector<double>> read_numbers(Context& context,
                                                              const YamlNode& node,
                                                              const ValueRange& range);

/// The elements of an array as integers of [min, max]; reports the first that is not (NET-VALUE).
[[nodiscard]] std::optional<std::vector<std::int64_t>> to_integers(const DataArray& data,
                                                                   const YamlNode& node,
                                                                   const ValueRange& range);

/// Reports the first element that is not a number (or an integer) of [min, max] (NET-VALUE).
bool check_values(const DataArray& data, const YamlNode& node, const ValueRange& range,
                  bool integers);

/// One value if all are equal.
template <class T>
void collapse(std::vector<T>& values) {
    for (const T& value : values) {
        if (value != values.front()) return;
    }
    if (values.size() > 1) values.resize(1);
}

}  // namespace seamount::compiler::frontend
