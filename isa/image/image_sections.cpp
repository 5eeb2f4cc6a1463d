#include "isa/image/image_sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "isa/base/bytes.hpp"

namespace seamount::isa {
namespace {

constexpr SectionTag tag(const char (&text)[5]) {
    return {text[0], text[1], text[2], text[3]};
}

constexpr auto kLeadingSections =
    std::to_array<SectionTag>({tag("META"), tag("STRS"), tag("PROG"), tag("POPS"), tag("INPT"),
                               tag("DATA"), tag("ROUT"), tag("PROB"), tag("SMAP"), tag("LRNG")});
constexpr SectionTag kCore = tag("CORE");

/// Bytes of the narrowest of u8, i16 and i32 that holds all values.
std::uint8_t width_of(const std::vector<std::int32_t>& values) {
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

// The two archives have the same member functions, so that one description of each part, below,
// both writes and reads it.

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

template <class A, class T>
void visit_program(A& a, T& p) {
    const auto text = [&](auto& s) { a.text(s); };
    a.text(p.name);
    a.array(p.words);
    a.list(p.params, text);
    a.list(p.states, text);
    a.list(p.accumulators, text);
    a.list(p.views, [&](auto& view) {
        a.text(view.name);
        a.text(view.expression);
    });
}

template <class A, class T>
void visit_population(A& a, T& p) {
    a.text(p.name);
    a.number(p.first_neuron);
    a.number(p.count);
    a.array(p.shape);
}

template <class A, class T>
void visit_input(A& a, T& in) {
    a.text(in.name);
    a.number(in.kind);
    a.number(in.size);
    a.array(in.shape);
    a.array(in.spike_steps);
    a.array(in.spike_sources);
    a.narrow(in.spike_payloads);
    a.array(in.rates);
    a.narrow(in.samples);
    a.number(in.full_scale);
    a.array(in.writes);
    a.array(in.output_first);
    a.array(in.outputs);
}

template <class A, class T>
void visit_dataset(A& a, T& d) {
    a.number(d.samples);
    a.number(d.steps_per_sample);
    a.number(d.blank);
    a.flag(d.reset);
    a.narrow(d.labels);
}

template <class A, class T>
void visit_readout(A& a, T& r) {
    a.number(r.by);
    a.number(r.population);
    a.number(r.state);
    a.real(r.reference_accuracy);
    a.text(r.reference);
}

template <class A, class T>
void visit_probe(A& a, T& p) {
    a.number(p.population);
    a.text(p.variable);
    a.array(p.neurons);
    a.number(p.every);
}

template <class A, class T>
void visit_core(A& a, T& c) {
    a.number(c.core);
    a.list(c.groups, [&](auto& group) {
        a.number(group.program);
        a.number(group.population);
        a.number(group.first);
        a.number(group.count);
        a.number(group.params);
        a.list(group.state, [&](auto& values) { a.array(values); });
    });
    a.array(c.neurons);
    a.array(c.formats);
    a.array(c.input_axons);
    a.array(c.rows);
    a.array(c.synapses);
    a.array(c.output_first);
    a.array(c.outputs);
    a.array(c.plastic.blocks);
    a.array(c.plastic.ids);
    a.array(c.plastic.tags);
    a.array(c.plastic.second_tags);
}

template <class A, class T>
void visit_location(A& a, T& where) {
    a.text(where.file);
    a.number(where.line);
    a.number(where.column);
}

template <class A, class T>
void visit_learning_rule(A& a, T& rule) {
    a.text(rule.name);
    for (auto& text : rule.text) a.text(text);
    a.number(rule.mode);
    a.number(rule.rounding);
    a.number(rule.graded);
    a.number(rule.epoch);
    a.flag(rule.post_from_program);
    a.flag(rule.moves_delay);
    a.number(rule.max_delay);
    a.flag(rule.own_seed);
    a.number(rule.threshold);
    a.number(rule.seed);
    for (auto& trace : rule.traces) {
        a.number(trace.impulse);
        a.number(trace.impulse_fraction);
        a.number(trace.whole);
        a.number(trace.fraction);
    }
    a.array(rule.words);
    visit_location(a, rule.where);
}

template <class A, class T>
void visit_learning(A& a, T& learning) {
    a.flag(learning.enabled);
    a.array(learning.switches);
    a.list(learning.rules, [&](auto& rule) { visit_learning_rule(a, rule); });
    a.array(learning.projections);
    a.array(learning.rewards);
    a.array(learning.probes);
}

/// One entry for each program, population, input and probe; their number is that of the other
/// sections. The projections stand here only.
template <class A, class T>
void visit_source_map(A& a, T& image) {
    for (auto& program : image.programs) {
        a.text(program.file);
        a.array(program.lines);
    }
    for (auto& population : image.populations) visit_location(a, population.where);
    for (auto& input : image.inputs) visit_location(a, input.where);
    for (auto& probe : image.probes) visit_location(a, probe.where);
    a.list(image.projections, [&](auto& projection) {
        a.text(projection.name);
        a.text(projection.from);
        a.number(projection.to);
        a.number(projection.synapses);
        visit_location(a, projection.where);
    });
}

template <class A, class T>
void visit_section(A& a, SectionTag section, T& image) {
    if (section == tag("META")) {
        a.text(image.network);
        a.text(image.chip);
        a.number(image.seed);
    } else if (section == tag("PROG")) {
        a.list(image.programs, [&](auto& p) { visit_program(a, p); });
    } else if (section == tag("POPS")) {
        a.list(image.populations, [&](auto& p) { visit_population(a, p); });
    } else if (section == tag("INPT")) {
        a.list(image.inputs, [&](auto& in) { visit_input(a, in); });
    } else if (section == tag("DATA")) {
        visit_dataset(a, image.dataset);
    } else if (section == tag("ROUT")) {
        visit_readout(a, image.readout);
    } else if (section == tag("PROB")) {
        a.list(image.probes, [&](auto& p) { visit_probe(a, p); });
    } else if (section == tag("SMAP")) {
        visit_source_map(a, image);
    } else if (section == tag("LRNG")) {
        visit_learning(a, image.learning);
    }
}

std::string name_of(SectionTag section) {
    return {section.begin(), section.end()};
}

}  // namespace

std::vector<Section> write_sections(const Image& image) {
    StringTable strings;
    std::vector<Section> sections;
    for (const SectionTag section : kLeadingSections) {
        WriteArchive archive{strings};
        visit_section(archive, section, image);
        sections.push_back({section, archive.take()});
    }
    for (const CoreImage& core : image.cores) {
        WriteArchive archive{strings};
        visit_core(archive, core);
        sections.push_back({kCore, archive.take()});
    }
    sections[1].bytes = strings.bytes();  // complete only now
    return sections;
}

Image read_sections(const std::vector<SectionView>& sections) {
    std::uint64_t budget = std::uint64_t{1} << 20;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        budget += std::uint64_t{64} * sections[i].bytes.size();
        const SectionTag expected = i < kLeadingSections.size() ? kLeadingSections[i] : kCore;
        if (sections[i].tag != expected) {
            throw std::runtime_error{fmt::format("section {} is not {}", i, name_of(expected))};
        }
    }
    if (sections.size() < kLeadingSections.size()) {
        throw std::runtime_error{
            fmt::format("section {} is missing", name_of(kLeadingSections[sections.size()]))};
    }
    const std::span<const std::byte> strings = sections[1].bytes;
    Image image;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        if (i == 1) continue;
        try {
            ReadArchive archive{sections[i].bytes, strings, budget};
            if (i < kLeadingSections.size()) {
                visit_section(archive, sections[i].tag, image);
            } else {
                visit_core(archive, image.cores.emplace_back());
            }
            archive.finish();
        } catch (const std::runtime_error& e) {
            throw std::runtime_error{
                fmt::format("section {} ({}): {}", i, name_of(sections[i].tag), e.what())};
        }
    }
    return image;
}

}  // namespace seamount::isa
