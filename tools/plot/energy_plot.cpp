#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "isa/base/diagnostic.hpp"
#include "tools/plot/axes.hpp"
#include "tools/plot/kinds.hpp"

namespace seamount::tools {
namespace {

constexpr double kLeft = 110.0;
constexpr double kRight = 96.0;
constexpr double kBar = 15.0;  ///< from one bar to the next
constexpr const char* kOfLayers =
    "By population: what cores do for its neurons, without mesh, host, barriers and power; "
    "of a core that holds several, updates, synapses and learning are shared out by their neurons";

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

/// What the events of the cores of each population cost.
struct Layers {
    std::vector<std::string> parts;
    std::vector<Bar> bars;
};

Layers layers_of(const RunRecords& records, const Json& energy) {
    Layers layers;
    const auto found = energy.find("populations");
    if (found == energy.end()) return layers;
    for (const Json& population : records.about()["populations"]) {
        const auto parts = found->find(population["name"].get<std::string>());
        if (parts == found->end()) continue;
        Bar bar{parts.key()};
        layers.parts.clear();
        for (const auto& [part, joules] : parts->items()) {
            layers.parts.push_back(part);
            bar.parts.push_back(joules.get<double>());
        }
        if (bar.sum() > 0.0) layers.bars.push_back(std::move(bar));
    }
    return layers;
}

std::string value_of(const Bar& bar, double total, const Unit& unit) {
    return fmt::format("{:.3g} {} ({:.1f} %)", bar.sum() * unit.factor, unit.text,
                       100.0 * bar.sum() / total);
}

/// The bars in words, a line for each.
std::string lines_of(const std::vector<Bar>& bars, double total) {
    std::string text;
    for (const Bar& bar : bars) {
        text +=
            fmt::format("\n  {:<24} {}", bar.name, value_of(bar, total, unit_for(bar.sum(), "J")));
    }
    return text;
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
        picture.text({box.right() + 6, y + 9}, value_of(bars[i], total, unit));
    }
    return x_axis(picture, box, scale, label, unit);
}

/// The bars of the populations, with what they are.
void draw_layers(Picture& picture, const Layers& layers, double total, double top) {
    std::vector<LegendEntry> entries;
    for (std::size_t i = 0; i < layers.parts.size(); ++i) {
        entries.push_back({layers.parts[i], {series_fill(i, layers.parts.size()), 1.0, {}}, true});
    }
    top = legend(picture, {kLeft, top + 16}, picture.width() - kLeft, entries);
    top = draw_bars(picture, layers.bars, total, top - 4, "energy of events by population");
    caption(picture, {kLeft, top + 12}, picture.width() - kLeft, kOfLayers);
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
    const double top = draw_bars(picture, components, total, 6.0, "energy by component");
    const Layers layers = layers_of(records, energy);
    if (!layers.bars.empty()) draw_layers(picture, layers, total, top);
    const Unit unit = unit_for(total, "J");
    std::string note =
        fmt::format("{:.4g} {} in {} steps, by component:{}", total * unit.factor, unit.text,
                    summary.value("steps", std::uint64_t{0}), lines_of(components, total));
    if (layers.bars.empty()) return note;
    return note + fmt::format("\n{}{}", kOfLayers, lines_of(layers.bars, total));
}

}  // namespace seamount::tools
