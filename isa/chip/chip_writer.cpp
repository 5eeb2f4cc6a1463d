#include "isa/chip/chip_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "isa/base/text.hpp"
#include "isa/chip/chip_keys.hpp"

namespace seamount::isa {
namespace {

/// Bytes that are not UTF-8, which the command line may bring in, are taken as Latin-1.
std::string in_quotes(std::string_view text) {
    const bool latin1 = first_not_utf8(text) != text.size();
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7F || (latin1 && byte >= 0x80)) {
            out += fmt::format("\\x{:02x}", unsigned{byte});
        } else {
            out += c;
        }
    }
    return out + '"';
}

/// A name as a key or value: without quotes where YAML reads it the same.
std::string name(const std::string& text) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    const bool simple = !text.empty() && letter(text.front()) && text != "null" &&
                        std::all_of(text.begin(), text.end(),
                                    [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
    return simple ? text : in_quotes(text);
}

std::string ns(Picoseconds time) {
    return fmt::format("{}", static_cast<double>(time.count()) / 1000.0);
}

class Writer {
public:
    Writer(const ChipSpec& spec, const std::map<std::string, std::string>& citations)
        : spec_{spec}, citations_{citations} {}

    std::string write() {
        out_ = fmt::format("chip: {}\n", in_quotes(spec_.name));
        sources();
        chip_keys::for_each_section(spec_, *this);
        if (spec_.priced()) {
            prices();
        } else {
            out_ += fmt::format("prices: {}\n", kNoPrices);
        }
        return std::move(out_);
    }

    // What chip_keys asks for.
    void section(std::string_view name) {
        section_ = name;
        out_ += fmt::format("{}:\n", name);
    }
    template <class T>
    void whole(std::string_view key, T value, Range, std::string_view) {
        number(key, fmt::format("{}", value));
    }
    template <class T>
    void rare(std::string_view key, T value, T usual, Range range, std::string_view unit) {
        if (value != usual) whole(key, value, range, unit);
    }
    void limit(std::string_view key, std::uint64_t value, std::uint64_t, std::string_view) {
        number(key, fmt::format("{}", value));
    }
    void time(std::string_view key, Picoseconds value, double, std::string_view) {
        number(key, ns(value));
    }
    void power(std::string_view key, Milliwatts value, std::string_view) {
        number(key, fmt::format("{}", value.count()));
    }
    template <class Enum, std::size_t N, Enum First>
    void choice(std::string_view key, Enum value, const NameTable<Enum, N, First>& names,
                std::string_view) {
        number(key, std::string{name_of(names, value)});
    }
    template <class T>
    void pair(std::string_view key, std::string_view, chip_keys::Side<T> across,
              chip_keys::Side<T> down, std::string_view) {
        number(key, fmt::format("[{}, {}]", across.value, down.value));
    }
    void stages(std::string_view key, const std::array<bool, kStages>& overlaps, std::string_view) {
        number(key, stages_text(overlaps));
    }
    void faults(const ChipFaults& f) {
        if (f.none()) return;
        section("faults");
        if (!f.dead_cores.empty()) number("dead_cores", list_text(f.dead_cores));
        if (!f.dead_links.empty()) number("dead_links", list_text(f.dead_links));
        if (!f.dead_synapse_words.empty()) {
            number("dead_synapse_words", list_text(f.dead_synapse_words));
        }
    }
    void price(const EventInfo& info, const EventPrice& price, const EventPrice& leader) {
        const std::string key{info.name};
        if (info.has_time && !(price.time == leader.time && follows(info, "_ns"))) {
            number(key + "_ns", ns(price.time), 4);
        }
        if (price.energy == leader.energy && follows(info, "_pj")) return;
        number(key + "_pj", fmt::format("{}", price.energy.count()), 4);
    }

private:
    void sources() {
        std::map<std::string, std::string> cited;
        for (const auto& [path, provenance] : spec_.provenance) {
            const auto citation = citations_.find(path);
            if (citation != citations_.end()) cited[citation->second] = provenance.source;
        }
        if (cited.empty()) return;
        out_ += "sources:\n";
        for (const auto& [key, text] : cited) {
            out_ += fmt::format("  {}: {}\n", name(key), in_quotes(text));
        }
    }

    void prices() {
        section_ = "prices";
        out_ += fmt::format("prices: {0}\nprofiles:\n  {0}:\n", name(spec_.prices_name));
        chip_keys::prices(spec_, *this);
        out_ += fmt::format("    barrier: {{{}{}}}\n", barrier(), citation("prices.barrier"));
    }

    /// An equal price that cites what its leader does is left out, so that it goes on following.
    bool follows(const EventInfo& info, std::string_view unit) const {
        return info.follows &&
               citation(fmt::format("prices.{}{}", info.name, unit)) ==
                   citation(fmt::format("prices.{}{}", name_of(*info.follows), unit));
    }

    std::string barrier() const {
        const BarrierModel& b = spec_.barrier;
        std::string text = fmt::format("model: {}", name_of(kBarrierNames, b.kind));
        switch (b.kind) {
            case BarrierModel::Kind::kFixed:
                return text + fmt::format(", base_ns: {}", ns(b.base));
            case BarrierModel::Kind::kWavefront:
                return text +
                       fmt::format(", base_ns: {}, per_hop_ns: {}", ns(b.base), ns(b.per_hop));
            case BarrierModel::Kind::kTable:
                break;
        }
        std::string rows;
        for (const auto& [tiles, time] : b.table) {
            rows += fmt::format("{}{}: {}", rows.empty() ? "" : ", ", tiles, ns(time));
        }
        return text + fmt::format(", table_ns: {{{}}}", rows);
    }

    void number(std::string_view key, const std::string& value, int indent = 2) {
        const std::string cited = citation(fmt::format("{}.{}", section_, key));
        out_ += cited.empty()
                    ? fmt::format("{:{}}{}: {}\n", "", indent, key, value)
                    : fmt::format("{:{}}{}: {{value: {}{}}}\n", "", indent, key, value, cited);
    }

    std::string citation(const std::string& path) const {
        const auto provenance = spec_.provenance.find(path);
        if (provenance == spec_.provenance.end()) return {};
        const auto source = citations_.find(path);
        return fmt::format(
            "{}, grade: {}{}",
            source == citations_.end() ? "" : fmt::format(", source: {}", name(source->second)),
            name_of(provenance->second.grade),
            provenance->second.residual
                ? fmt::format(", residual: {}", *provenance->second.residual)
                : std::string{});
    }

    const ChipSpec& spec_;
    const std::map<std::string, std::string>& citations_;
    std::string section_;
    std::string out_;
};

}  // namespace

std::string stages_text(const std::array<bool, kStages>& overlaps) {
    std::vector<std::string_view> overlapping;
    for (const Stage stage : values(kStageNames)) {
        if (overlaps[static_cast<std::size_t>(stage)]) overlapping.push_back(name_of(stage));
    }
    return fmt::format("[{}]", fmt::join(overlapping, ", "));
}

std::string write_chip(const ChipSpec& spec, const std::map<std::string, std::string>& citations) {
    return Writer{spec, citations}.write();
}

}  // namespace seamount::isa
