#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "isa/base/diagnostic.hpp"
#include "tools/plot/axes.hpp"
#include "tools/plot/kinds.hpp"

namespace seamount::tools {
namespace {

constexpr double kLeft = 110.0;
constexpr double kRight = 96.0;
constexpr double kBar = 15.0;  ///< from one bar to the next

/// A bar of parts.
struct Bar {
    std::string name;
    std::vector<double> parts{};  ///< joules

    [[nodiscard]] double sum() const {
        double all = 0.0;
        for (const double part : parts) all += part;
        return all;
    }
};

std::vector<Bar> components_of(const Json& energy) {
    std::vector<Bar> bars;
    for (const auto& [name, value] : energy["components"].items()) {
        bars.push_back({name, {value.get<double>()}});
    }
    bars.push_back({"power while steps run", {energy.value("stepping", 0.0)}});
    bars.push_back({"idle power", {energy.value("idle", 0.0)}});
    std::erase_if(bars, [](const Bar& bar) { return !(bar.sum() > 0.0); });
    return bars;
}

constexpr std::array<const char*, 3> kLayerParts{"updates", "synapses and packets", "spikes"};

/// What the events of the cores of each population cost; where a core holds several it is shared
/// out by their neurons.
std::vector<Bar> layers_of(const RunRecords& records) {
    const Json& about = records.about();
    if (!records.has("cores") || !about.contains("prices") || !about.contains("cores")) return {};
    std::map<std::string, double> price;
    for (const Json& one : about["prices"]) {
        price[one["event"].get<std::string>()] = one["energy_pj"].get<double>() * 1e-12;
    }
    std::map<std::int64_t, const Json*> core_of;
    for (const Json& core : about["cores"]) core_of[core["core"].get<std::int64_t>()] = &core;
    std::map<std::string, std::array<double, kLayerParts.size()>> sums;
    const auto rows = records.rows("cores");
    while (rows->next()) {
        const auto number = [&](const char* name, std::size_t row) {
            return rows->find(name)->number(row);
        };
        for (std::size_t row = 0; row < rows->count(); ++row) {
            const auto core = core_of.find(rows->find("core")->integers[row]);
            if (core == core_of.end()) continue;
            const double active = number("active_updates", row);
            const std::array<double, kLayerParts.size()> energy{
                active * price["update_active"] +
                    (number("updates", row) - active) * price["update_inactive"],
                number("synaptic_events", row) * price["synapse"] +
                    number("packets_in", row) * price["axon_in"],
                number("spikes", row) * price["spike_out"]};
            double neurons = 0.0;
            for (const auto& [name, count] : (*core->second)["neurons"].items()) {
                neurons += count.get<double>();
            }
            for (const auto& [name, count] : (*core->second)["neurons"].items()) {
                for (std::size_t i = 0; i < energy.size(); ++i) {
                    sums[name][i] += energy[i] * count.get<double>() / std::max(neurons, 1.0);
                }
            }
        }
    }
    std::vector<Bar> bars;
    for (const Json& population : about["populations"]) {
        const auto found = sums.find(population["name"].get<std::string>());
        if (found == sums.end()) continue;
        bars.push_back({found->first, {found->second.begin(), found->second.end()}});
    }
    return bars;
}

/// Bars from `top` on; gives where what is below may begin.
double draw_bars(Picture& picture, const std::vector<Bar>& bars, double total, double top,
                 const std::string& label) {
    double most = 0.0;
    for (const Bar& bar : bars) most = std::max(most, bar.sum());
    const Box box{kLeft, top, picture.width() - kLeft - kRight,
                  kBar * static_cast<double>(bars.size()) + 4};
    const Scale scale{0.0, most, box.x, box.right()};
    const Unit unit = unit_for(most, "J");
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const double y = top + 4 + kBar * static_cast<double>(i);
        double at = 0.0;
        for (std::size_t part = 0; part < bars[i].parts.size(); ++part) {
            const double from = scale(at);
            at += bars[i].parts[part];
            const Box piece{from, y, scale(at) - from, kBar - 4};
            picture.fill(piece, series_fill(part, std::max<std::size_t>(2, bars[i].parts.size())));
            picture.frame(piece, {kBlack, 0.3, {}});
        }
        picture.text({box.x - 6, y + 9}, bars[i].name, Anchor::kEnd);
        picture.text({box.right() + 6, y + 9},
                     fmt::format("{:.3g} {} ({:.1f} %)", bars[i].sum() * unit.factor, unit.text,
                                 100.0 * bars[i].sum() / total));
    }
    return x_axis(picture, box, scale, label, unit);
}

}  // namespace

std::string draw_energy(Picture& picture, const RunRecords& records,
                        const PlotRequest& /*request*/) {
    const Json& summary = records.summary();
    if (!summary.contains("energy_j")) {
        bad_input("RUN-RECORDS", records.folder().string(),
                  records.is_complete() ? "the run has no energies: its chip has no prices"
                                        : "the run was interrupted, so it has no energies");
    }
    const Json& energy = summary["energy_j"];
    const double total = energy.value("total", 0.0);
    const std::vector<Bar> components = components_of(energy);
    if (components.empty()) {
        bad_input("RUN-RECORDS", records.folder().string(), "all energies of the run are 0");
    }
    double top = draw_bars(picture, components, total, 6.0, "energy by component");
    std::vector<Bar> layers = layers_of(records);
    std::erase_if(layers, [](const Bar& bar) { return !(bar.sum() > 0.0); });
    if (!layers.empty()) {
        std::vector<LegendEntry> entries;
        for (std::size_t i = 0; i < kLayerParts.size(); ++i) {
            entries.push_back(
                {kLayerParts[i], {series_fill(i, kLayerParts.size()), 1.0, {}}, true});
        }
        top = legend(picture, {kLeft, top + 16}, picture.width() - kLeft, entries);
        (void)draw_bars(picture, layers, total, top - 4, "energy of events by population");
    }
    const Unit unit = unit_for(total, "J");
    return fmt::format(
        "{:.4g} {} in {} steps, by component{}", total * unit.factor, unit.text,
        summary.value("steps", std::uint64_t{0}),
        layers.empty() ? "" : "; by population the events of its cores, without idle power");
}

}  // namespace seamount::tools
