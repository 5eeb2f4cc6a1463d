#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "isa/base/bytes.hpp"
#include "isa/image/packed_lists.hpp"

// How the parts of an image are written into a section and read from it. The two archives have the
// same member functions, so that one description of each part both writes and reads it.

namespace seamount::isa {

/// Bytes of the narrowest of u8, i16 and i32 that holds all values.
inline std::uint8_t width_of(const std::vector<std::int32_t>& values) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    if (values.empty() || (*low >= 0 && *high <= 255)) return 1;
    return *low >= -32768 && *high <= 32767 ? 2 : 4;
}

/// Strings of an image: length and characters of each; equal strings are kept once.
class StringTable {
public:
    std::uint32_t offset_of(const std::string& text) {
        const auto [entry, added] = offsets_.try_emplace(text, 0U);
        if (added) {
            entry->second = static_cast<std::uint32_t>(bytes_.bytes().size());
            bytes_.put(static_cast<std::uint32_t>(text.size()));
            bytes_.put_text(text);
        }
        return entry->second;
    }
    [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_.bytes(); }

private:
    std::unordered_map<std::string, std::uint32_t> offsets_;
    ByteWriter bytes_;
};

class WriteArchive {
public:
    explicit WriteArchive(StringTable& strings) : strings_{strings} {}

    template <class T>
    void number(const T& value) {
        bytes_.put(value);
    }
    void flag(bool value) { bytes_.put(static_cast<std::uint8_t>(value)); }
    void real(double value) { bytes_.put(std::bit_cast<std::uint64_t>(value)); }
    void text(const std::string& value) { bytes_.put(strings_.offset_of(value)); }
    template <class T>
    void array(const std::vector<T>& values) {
        bytes_.put(static_cast<std::uint64_t>(values.size()));
        bytes_.put_all(values);
    }
    void narrow(const std::vector<std::int32_t>& values) {
        const std::uint8_t width = width_of(values);
        bytes_.put(width);
        bytes_.put(static_cast<std::uint64_t>(values.size()));
        if (width == 4) return bytes_.put_all(values);
        if (width == 2) return bytes_.put_all(converted<std::int16_t>(values));
        bytes_.put_all(converted<std::uint8_t>(values));
    }
    /// Neuron ids, as runs where those are shorter (packed_lists.hpp).
    void ids(const std::vector<NeuronId>& neurons) {
        const std::optional<std::vector<IdRun>> runs = id_runs(neurons);
        flag(runs.has_value());
        if (!runs) return array(neurons);
        array(*runs);
    }
    /// The fan-out lists of sources, as runs where those are shorter.
    void fan_out(const std::vector<std::uint32_t>& first, const std::vector<OutputAxon>& outputs) {
        const std::optional<OutputRuns> runs = output_runs(first, outputs);
        flag(runs.has_value());
        if (!runs) {
            array(first);
            return array(outputs);
        }
        array(runs->runs);
        array(runs->axons);
        array(runs->steps);
        array(runs->repeated_axon);
    }
    /// Input axons, as runs where those are shorter.
    void axons(const std::vector<InputAxon>& axons) {
        const std::optional<std::vector<AxonRun>> runs = axon_runs(axons);
        flag(runs.has_value());
        if (!runs) return array(axons);
        array(*runs);
    }
    /// Values of compartments: their number and the first ones, which the others repeat.
    void repeating(const std::vector<std::int32_t>& values) {
        number(static_cast<std::uint64_t>(values.size()));
        const std::size_t period = std::min(period_of(values), values.size());
        array(std::vector<std::int32_t>(values.begin(),
                                        values.begin() + static_cast<std::ptrdiff_t>(period)));
    }
    /// Numbers that mostly grow a little from one to the next.
    void growing(const std::vector<std::uint32_t>& values) {
        std::vector<std::int32_t> steps(values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            steps[i] = static_cast<std::int32_t>(values[i] - (i == 0 ? 0U : values[i - 1]));
        }
        narrow(steps);
    }
    template <class T, class Each>
    void list(const std::vector<T>& values, Each each) {
        bytes_.put(static_cast<std::uint32_t>(values.size()));
        for (const T& value : values) each(value);
    }
    [[nodiscard]] std::vector<std::byte> take() { return bytes_.take(); }

private:
    template <class T>
    static std::vector<T> converted(const std::vector<std::int32_t>& values) {
        std::vector<T> out(values.size());
        std::transform(values.begin(), values.end(), out.begin(),
                       [](std::int32_t v) { return static_cast<T>(v); });
        return out;
    }

    StringTable& strings_;
    ByteWriter bytes_;
};

class ReadArchive {
public:
    /// `string_budget` bounds the memory for strings: many references may name one long string.
    ReadArchive(std::span<const std::byte> bytes, std::span<const std::byte> strings,
                std::uint64_t& string_budget)
        : bytes_{bytes}, strings_{strings}, string_budget_{string_budget} {}

    template <class T>
    void number(T& value) {
        value = bytes_.get<T>();
    }
    void flag(bool& value) {
        const auto byte = bytes_.get<std::uint8_t>();
        if (byte > 1) throw std::runtime_error{fmt::format("{} where 0 or 1 must stand", byte)};
        value = byte != 0;
    }
    void real(double& value) { value = std::bit_cast<double>(bytes_.get<std::uint64_t>()); }
    void text(std::string& value) {
        const auto offset = bytes_.get<std::uint32_t>();
        if (offset > strings_.size()) throw std::runtime_error{"string outside the string table"};
        ByteReader reader{strings_.subspan(offset)};
        const auto size = reader.get<std::uint32_t>();
        if (size > string_budget_) throw std::runtime_error{"strings are repeated too often"};
        string_budget_ -= size;
        value = reader.get_text(size);
    }
    template <class T>
    void array(std::vector<T>& values) {
        values = bytes_.get_all<T>(bytes_.get<std::uint64_t>());
    }
    void narrow(std::vector<std::int32_t>& values) {
        const auto width = bytes_.get<std::uint8_t>();
        const auto count = bytes_.get<std::uint64_t>();
        if (width == 4) {
            values = bytes_.get_all<std::int32_t>(count);
        } else if (width == 2) {
            widen(bytes_.get_all<std::int16_t>(count), values);
        } else if (width == 1) {
            widen(bytes_.get_all<std::uint8_t>(count), values);
        } else {
            throw std::runtime_error{fmt::format("numbers of {} bytes", width)};
        }
    }
    void ids(std::vector<NeuronId>& neurons) {
        bool in_runs = false;
        flag(in_runs);
        if (!in_runs) return array(neurons);
        std::vector<IdRun> runs;
        array(runs);
        neurons = ids_of(runs);
    }
    void fan_out(std::vector<std::uint32_t>& first, std::vector<OutputAxon>& outputs) {
        bool in_runs = false;
        flag(in_runs);
        if (!in_runs) {
            array(first);
            return array(outputs);
        }
        OutputRuns runs;
        array(runs.runs);
        array(runs.axons);
        array(runs.steps);
        array(runs.repeated_axon);
        lists_of(runs, first, outputs);
    }
    void axons(std::vector<InputAxon>& axons) {
        bool in_runs = false;
        flag(in_runs);
        if (!in_runs) return array(axons);
        std::vector<AxonRun> runs;
        array(runs);
        axons = axons_of(runs);
    }
    void repeating(std::vector<std::int32_t>& values) {
        const auto size = bytes_.get<std::uint64_t>();
        array(values);
        repeat_to(size, values);
    }
    void growing(std::vector<std::uint32_t>& values) {
        std::vector<std::int32_t> steps;
        narrow(steps);
        values.resize(steps.size());
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            value += static_cast<std::uint32_t>(steps[i]);
            values[i] = value;
        }
    }
    /// Grows element by element: a false count fails before it takes memory.
    template <class T, class Each>
    void list(std::vector<T>& values, Each each) {
        const auto count = bytes_.get<std::uint32_t>();
        for (std::uint32_t i = 0; i < count; ++i) each(values.emplace_back());
    }
    void finish() const {
        if (bytes_.left() != 0) {
            throw std::runtime_error{fmt::format("{} bytes too many", bytes_.left())};
        }
    }

private:
    template <class T>
    static void widen(const std::vector<T>& from, std::vector<std::int32_t>& to) {
        to.assign(from.begin(), from.end());
    }

    ByteReader bytes_;
    std::span<const std::byte> strings_;
    std::uint64_t& string_budget_;
};

}  // namespace seamount::isa
