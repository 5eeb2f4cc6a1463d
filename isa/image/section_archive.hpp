#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "isa/base/bytes.hpp"
#include "isa/image/packed_lists.hpp"

// How the parts of an image are written into a section and read from it: archives that know the
// strings of an image and the packed forms of its lists.

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

class WriteArchive : public WritingArchive {
public:
    explicit WriteArchive(StringTable& strings) : strings_{strings} {}

    void text(const std::string& value) { bytes().put(strings_.offset_of(value)); }
    void narrow(const std::vector<std::int32_t>& values) {
        const std::uint8_t width = width_of(values);
        bytes().put(width);
        bytes().put(static_cast<std::uint64_t>(values.size()));
        if (width == 4) return bytes().put_all(values);
        if (width == 2) return bytes().put_all(converted<std::int16_t>(values));
        bytes().put_all(converted<std::uint8_t>(values));
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

private:
    template <class T>
    static std::vector<T> converted(const std::vector<std::int32_t>& values) {
        std::vector<T> out(values.size());
        std::transform(values.begin(), values.end(), out.begin(),
                       [](std::int32_t v) { return static_cast<T>(v); });
        return out;
    }

    StringTable& strings_;
};

class ReadArchive : public ReadingArchive {
public:
    /// `string_budget` bounds the memory for strings: many references may name one long string.
    ReadArchive(std::span<const std::byte> bytes, std::span<const std::byte> strings,
                std::uint64_t& string_budget)
        : ReadingArchive{bytes}, strings_{strings}, string_budget_{string_budget} {}

    void text(std::string& value) {
        const auto offset = bytes().get<std::uint32_t>();
        if (offset > strings_.size()) throw std::runtime_error{"string outside the string table"};
        ByteReader reader{strings_.subspan(offset)};
        const auto size = reader.get<std::uint32_t>();
        if (size > string_budget_) throw std::runtime_error{"strings are repeated too often"};
        string_budget_ -= size;
        value = reader.get_text(size);
    }
    void narrow(std::vector<std::int32_t>& values) {
        const auto width = bytes().get<std::uint8_t>();
        const auto count = bytes().get<std::uint64_t>();
        if (width == 4) {
            values = bytes().get_all<std::int32_t>(count);
        } else if (width == 2) {
            widen(bytes().get_all<std::int16_t>(count), values);
        } else if (width == 1) {
            widen(bytes().get_all<std::uint8_t>(count), values);
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
        const auto size = bytes().get<std::uint64_t>();
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

private:
    template <class T>
    static void widen(const std::vector<T>& from, std::vector<std::int32_t>& to) {
        to.assign(from.begin(), from.end());
    }

    std::span<const std::byte> strings_;
    std::uint64_t& string_budget_;
};

}  // namespace seamount::isa
