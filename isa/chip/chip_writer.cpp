#include "isa/chip/chip_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace seamount::isa {
namespace {

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
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
        out_ += "topology:\n";
        number("topology", "width", fmt::format("{}", spec_.width / spec_.mesh.chips_x));
        number("topology", "height", fmt::format("{}", spec_.height / spec_.mesh.chips_y));
        number("topology", "cores_per_tile", fmt::format("{}", spec_.cores_per_tile));
        number("topology", "chips",
               fmt::format("[{}, {}]", spec_.mesh.chips_x, spec_.mesh.chips_y));
        number("topology", "host_tile",
               fmt::format("[{}, {}]", spec_.host_tile_x, spec_.host_tile_y));
        limits();
        faults();
        out_ += "synapses:\n";
        number("synapses", "exponent_on", spec_.exponent_on_sum ? "sum" : "synapse");
        out_ += "mesh:\n";
        number("mesh", "link_occupancy_ns", ns(spec_.link_occupancy));
        write_mesh(spec_.mesh, [this](const std::string& key, const std::string& value) {
            number("mesh", key, value);
        });
        out_ += "core:\n";
        write_core_timing(spec_.core_timing,
                          [this](const std::string& key, const std::string& value) {
                              number("core", key, value);
                          });
        out_ += "power:\n";
        number("power", "idle_mw", fmt::format("{}", spec_.idle_power.count()));
        number("power", "stepping_mw", fmt::format("{}", spec_.step_power.count()));
        number("power", "idle_per_tile_mw", fmt::format("{}", spec_.idle_tile_power.count()));
        number("power", "stepping_per_tile_mw", fmt::format("{}", spec_.step_tile_power.count()));
        if (!spec_.prices_name.empty()) prices();
        return std::move(out_);
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

    void limits() {
        const CoreLimits& l = spec_.limits;
        out_ += "limits:\n";
        number("limits", "compartments", fmt::format("{}", l.compartments));
        number("limits", "input_axons", fmt::format("{}", l.input_axons));
        number("limits", "output_axons", fmt::format("{}", l.output_axons));
        number("limits", "synapse_bits", fmt::format("{}", l.synapse_bits));
        number("limits", "synapses", fmt::format("{}", l.synapses));
        number("limits", "synapse_formats", fmt::format("{}", l.synapse_formats));
        number("limits", "neuron_groups", fmt::format("{}", l.neuron_groups));
        number("limits", "microcode_words", fmt::format("{}", l.microcode_words));
        number("limits", "max_delay", fmt::format("{}", l.max_delay));
    }

    void faults() {
        const ChipFaults& f = spec_.faults;
        if (f.none()) return;
        out_ += "faults:\n";
        if (!f.dead_cores.empty()) number("faults", "dead_cores", list_text(f.dead_cores));
        if (!f.dead_links.empty()) number("faults", "dead_links", list_text(f.dead_links));
        if (!f.dead_synapse_words.empty()) {
            number("faults", "dead_synapse_words", list_text(f.dead_synapse_words));
        }
    }

    void prices() {
        out_ += fmt::format("prices: {0}\nprofiles:\n  {0}:\n", name(spec_.prices_name));
        for (std::size_t i = 0; i < kEvents; ++i) {
            const auto event = static_cast<Event>(i);
            const EventPrice& price = spec_.prices[i];
            const std::string key{name_of(event)};
            const bool has_time = event != Event::kBarrier && !as_sparse(event, "_ns");
            if (has_time) number("prices", key + "_ns", ns(price.time), 4);
            if (as_sparse(event, "_pj")) continue;
            number("prices", key + "_pj", fmt::format("{}", price.energy.count()), 4);
        }
        out_ += fmt::format("    barrier: {{{}{}}}\n", barrier(), citation("prices.barrier"));
    }

    /// Left out, so that the price of a dense format goes on following that of a sparse one.
    bool as_sparse(Event event, const std::string& unit) const {
        if (event != Event::kSynapseDense) return false;
        const EventPrice& sparse = spec_.price(Event::kSynapse);
        const EventPrice& dense = spec_.price(Event::kSynapseDense);
        return citation("prices.synapse_dense" + unit) == citation("prices.synapse" + unit) &&
               (unit == "_ns" ? dense.time == sparse.time : dense.energy == sparse.energy);
    }

    std::string barrier() const {
        const BarrierModel& b = spec_.barrier;
        if (b.kind == BarrierModel::Kind::kFixed) {
            return fmt::format("model: fixed, base_ns: {}", ns(b.base));
        }
        if (b.kind == BarrierModel::Kind::kWavefront) {
            return fmt::format("model: wavefront, base_ns: {}, per_hop_ns: {}", ns(b.base),
                               ns(b.per_hop));
        }
        std::string rows;
        for (const auto& [tiles, time] : b.table) {
            rows += fmt::format("{}{}: {}", rows.empty() ? "" : ", ", tiles, ns(time));
        }
        return fmt::format("model: table, table_ns: {{{}}}", rows);
    }

    void number(const std::string& section, const std::string& key, const std::string& value,
                int indent = 2) {
        const std::string cited = citation(section + '.' + key);
        out_ += cited.empty()
                    ? fmt::format("{:{}}{}: {}\n", "", indent, key, value)
                    : fmt::format("{:{}}{}: {{value: {}{}}}\n", "", indent, key, value, cited);
    }

    std::string citation(const std::string& path) const {
        const auto provenance = spec_.provenance.find(path);
        if (provenance == spec_.provenance.end()) return {};
        const auto source = citations_.find(path);
        return fmt::format(
            "{}, grade: {}",
            source == citations_.end() ? "" : fmt::format(", source: {}", name(source->second)),
            name_of(provenance->second.grade));
    }

    const ChipSpec& spec_;
    const std::map<std::string, std::string>& citations_;
    std::string out_;
};

}  // namespace

std::string write_chip(const ChipSpec& spec, const std::map<std::string, std::string>& citations) {
    return Writer{spec, citations}.write();
}

}  // namespace seamount::isa
