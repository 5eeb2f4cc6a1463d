#include "tools/inspect/chip_sheet.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "isa/base/text.hpp"
#include "tools/base/console.hpp"
#include "tools/base/table.hpp"

namespace seamount::tools {
namespace {

using isa::BarrierModel;

std::string ns(Picoseconds time) {
    return fmt::format("{}", static_cast<double>(time.count()) / 1000.0);
}

std::string barrier_text(const BarrierModel& barrier) {
    switch (barrier.kind) {
        case BarrierModel::Kind::kWavefront:
            return fmt::format("{} + {} per hop of the diameter", ns(barrier.base),
                               ns(barrier.per_hop));
        case BarrierModel::Kind::kTable: {
            std::string text;
            for (const auto& [tiles, time] : barrier.table) {
                text +=
                    fmt::format("{}up to {} tiles {}", text.empty() ? "" : ", ", tiles, ns(time));
            }
            return text;
        }
        case BarrierModel::Kind::kFixed:
            return ns(barrier.base);
    }
    return {};
}

/// The rows of the sheet; each cites the number's key in the chip file.
class Sheet {
public:
    explicit Sheet(const isa::ChipSpec& chip) : chip_{chip} {}

    std::string text() {
        topology();
        limits();
        mesh_and_power();
        prices();
        std::string text = fmt::format("{}: {} x {} tiles of {} cores, {} cores, prices {}\n",
                                       chip_.name, chip_.width, chip_.height, chip_.cores_per_tile,
                                       grouped(chip_.cores()), chip_.prices_name);
        text += table_.text();
        if (sources_.empty()) return text;
        text += "sources\n";
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            text += fmt::format("  [{}] {}\n", i + 1, sources_[i]);
        }
        return text;
    }

private:
    void row(const std::string& key, const std::string& value, const std::string& unit) {
        const auto found = chip_.provenance.find(key);
        if (found == chip_.provenance.end()) {
            table_.add({key, value, unit, "default", ""});
            return;
        }
        table_.add({key, value, unit, std::string{isa::name_of(found->second.grade)},
                    source_number(found->second.source)});
    }

    /// Sources are long: the table carries their numbers.
    std::string source_number(const std::string& source) {
        if (source.empty()) return {};
        auto found = std::find(sources_.begin(), sources_.end(), source);
        if (found == sources_.end()) found = sources_.insert(sources_.end(), source);
        return fmt::format("[{}]", found - sources_.begin() + 1);
    }

    void topology() {
        row("topology.width", std::to_string(chip_.width / chip_.mesh.chips_x), "tiles per chip");
        row("topology.height", std::to_string(chip_.height / chip_.mesh.chips_y), "tiles per chip");
        row("topology.cores_per_tile", std::to_string(chip_.cores_per_tile), "cores");
        row("topology.chips", fmt::format("{}, {}", chip_.mesh.chips_x, chip_.mesh.chips_y),
            "chips, x and y");
        row("topology.host_tile", fmt::format("{}, {}", chip_.host_tile_x, chip_.host_tile_y),
            "x, y");
    }

    void limit(const std::string& key, std::uint64_t value, const std::string& unit) {
        row("limits." + key, value == 0 ? "no limit" : std::to_string(value), unit);
    }

    void limits() {
        const isa::CoreLimits& l = chip_.limits;
        limit("compartments", l.compartments, "per core");
        limit("input_axons", l.input_axons, "per core");
        limit("output_axons", l.output_axons, "per core");
        limit("synapse_bits", l.synapse_bits, "bits per core");
        limit("synapses", l.synapses, "per core");
        limit("synapse_formats", l.synapse_formats, "per core");
        limit("neuron_groups", l.neuron_groups, "per core");
        limit("microcode_words", l.microcode_words, "words per core");
        row("limits.max_delay", std::to_string(l.max_delay), "steps");
        row("synapses.exponent_on", chip_.exponent_on_sum ? "sum" : "synapse", "rounding");
    }

    void mesh_and_power() {
        row("mesh.link_occupancy_ns", ns(chip_.link_occupancy), "ns per flit");
        isa::write_mesh(chip_.mesh, [this](const std::string& key, const std::string& value) {
            row("mesh." + key, value,
                key.ends_with("_ns")     ? "ns"
                : key.ends_with("_bits") ? "bits"
                                         : "");
        });
        isa::write_core_timing(
            chip_.core_timing, [this](const std::string& key, const std::string& value) {
                row("core." + key, value, key == "overlap" ? "stages" : "words per access");
            });
        power("idle_mw", chip_.idle_power, "mW per chip");
        power("stepping_mw", chip_.step_power, "mW per chip");
        power("idle_per_tile_mw", chip_.idle_tile_power, "mW per tile in use");
        power("stepping_per_tile_mw", chip_.step_tile_power, "mW per tile in use");
    }

    void power(const std::string& key, Milliwatts value, const std::string& unit) {
        row("power." + key, fmt::format("{}", value.count()), unit);
    }

    void prices() {
        for (std::size_t i = 0; i < isa::kEvents; ++i) {
            const auto event = static_cast<isa::Event>(i);
            const std::string key = "prices." + std::string{isa::name_of(event)};
            if (event == isa::Event::kBarrier) {
                row(key, barrier_text(chip_.barrier), "ns");
            } else {
                row(key + "_ns", ns(chip_.prices[i].time), "ns");
            }
            row(key + "_pj", fmt::format("{}", chip_.prices[i].energy.count()), "pJ");
        }
    }

    const isa::ChipSpec& chip_;
    Table table_{{"number", "value", "unit", "grade", "source"}};
    std::vector<std::string> sources_;
};

}  // namespace

std::string chip_sheet(const isa::ChipSpec& chip) {
    return Sheet{chip}.text();
}

}  // namespace seamount::tools
