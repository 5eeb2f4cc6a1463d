#include "tools/fit/fit_sheet.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/report/between_chips.hpp"
#include "isa/base/text.hpp"
#include "tools/base/table.hpp"

namespace seamount::tools {
namespace {

using compiler::FitChange;
using compiler::FitReport;
using compiler::FitVerdict;
using compiler::LayerFit;

constexpr std::size_t kMostLayers = 40;  // of a page

std::string verdict_line(const FitAnswer& answer) {
    const FitReport& report = answer.report;
    const auto says = [&]() -> std::string {
        switch (report.verdict) {
            case FitVerdict::kFits:
                return report.exact ? "fits" : "fits, by a quick mapping";
            case FitVerdict::kDoesNotFit:
                return "does not fit";
            case FitVerdict::kUnclear:
                break;
        }
        return "unclear: the quick mapping does not fit, a search may find one (--exact)";
    };
    return fmt::format("{} on {}: {}\n", answer.network, answer.chip.name, says());
}

std::string row(const char* name, const std::string& text) {
    return fmt::format("  {:<16} {}\n", name, text);
}

std::string of_chips(const FitAnswer& answer) {
    const compiler::ChipCount& chips = answer.report.chips;
    const std::string have = fmt::format("{} of {}", counted(chips.available, "chip"),
                                         counted(chips.cores_each, "core"));
    if (answer.report.need.misfits != 0) {
        return fmt::format("no number of them is enough ({})", have);
    }
    if (chips.needed == 0) return fmt::format("at least {} ({})", grouped(chips.least), have);
    return chips.least == chips.needed
               ? fmt::format("{} needed ({})", grouped(chips.needed), have)
               : fmt::format("{} needed by this mapping, {} at least ({})", grouped(chips.needed),
                             grouped(chips.least), have);
}

std::string head(const FitAnswer& answer) {
    const FitReport& report = answer.report;
    std::string text = row("neurons", grouped(report.neurons));
    if (report.too_large) return text + row("chips", of_chips(answer));
    const compiler::CoreNeed& need = report.need;
    text += row("synapses", grouped(report.synapses));
    if (need.misfits != 0) {
        text += row("fit on no core", counted(need.misfits, "neuron"));
    } else {
        text += row("cores", fmt::format("{} of {}; no mapping takes fewer than {} (by {})",
                                         grouped(need.cores), grouped(need.usable_cores),
                                         grouped(need.least.cores), isa::name_of(need.least.by)));
    }
    text += row("chips", of_chips(answer));
    text += row("binds", fmt::format("{}, on most cores", isa::info(need.binds).words));
    if (need.ignores_places) {
        text += row("mapping", "pinned neurons were taken for free ones; --exact keeps them");
    }
    return text;
}

/// "12.3 KiB" of bits.
std::string memory(std::uint64_t bits) {
    constexpr double kKibi = 8.0 * 1024.0;
    return fmt::format("{:.1f} KiB", static_cast<double>(bits) / kKibi);
}

std::string layer_table(const FitReport& report) {
    if (report.layers.empty()) return {};
    Table table{{"layer", "neurons", "cores", "fullest core", "memory", "axons in", "axons out",
                 "largest contributor"}};
    for (std::size_t i = 0; i < std::min(kMostLayers, report.layers.size()); ++i) {
        const LayerFit& layer = report.layers[i];
        const double share = layer.allowed == 0 ? 0.0
                                                : 100.0 * static_cast<double>(layer.used) /
                                                      static_cast<double>(layer.allowed);
        table.add({layer.population, grouped(layer.neurons),
                   layer.shared_cores == 0
                       ? grouped(layer.cores)
                       : fmt::format("{} ({} shared)", layer.cores, layer.shared_cores),
                   fmt::format("{:.0f} % {}", share, isa::name_of(layer.limit)),
                   memory(layer.synapse_bits), grouped(layer.input_axons),
                   grouped(layer.output_axons), layer.contributor});
    }
    std::string text = table.text();
    if (report.layers.size() > kMostLayers) {
        text += fmt::format("  and {} more, in --json\n", report.layers.size() - kMostLayers);
    }
    return text;
}

std::string cost_head(const FitAnswer& answer) {
    switch (answer.rates_from) {
        case RatesFrom::kOptions:
            return "estimate at the given rates";
        case RatesFrom::kRun:
            return fmt::format("measured over {}", counted(answer.run->steps, "step"));
        case RatesFrom::kNowhere:
            break;
    }
    return "estimate if every neuron and input spikes in every step: at most (--rates, --steps)";
}

std::string largest_spender(const FitAnswer& answer) {
    const std::vector<double>& energies = answer.cost->layer_j;
    if (energies.empty() || answer.cost->dynamic_j <= 0.0) return {};
    const auto most = std::max_element(energies.begin(), energies.end());
    return row(
        "largest part",
        fmt::format(
            "'{}': {}, {:.0f} % of the dynamic energy",
            answer.report.layers[static_cast<std::size_t>(most - energies.begin())].population,
            si(*most, "J"), 100.0 * *most / answer.cost->dynamic_j));
}

std::string cost_lines(const FitAnswer& answer) {
    if (!answer.chip.priced()) return "cost of a step: the chip has no prices\n";
    if (!answer.cost) return {};
    const compiler::RateEstimate& cost = *answer.cost;
    const double time = answer.run ? answer.run->step_time_s : cost.step_time_s;
    const double energy = answer.run ? answer.run->energy_j : cost.energy_j();
    std::string text = fmt::format("cost of a step, {}\n", cost_head(answer));
    if (answer.asked_for_run && !answer.run) {
        text += row("run", "none: only what fits can run");
    }
    text += row("time", answer.run
                            ? fmt::format("{} (estimated from the rates: {})", si(time, "s"),
                                          si(cost.step_time_s, "s"))
                            : fmt::format("{}: slowest core {}, busiest link {}, barrier {}",
                                          si(time, "s"), si(cost.core_time_s, "s"),
                                          si(cost.link_time_s, "s"), si(cost.barrier_time_s, "s")));
    text +=
        row("energy", answer.run ? fmt::format("{} (estimated from the rates: {})", si(energy, "J"),
                                               si(cost.energy_j(), "J"))
                                 : fmt::format("{}: dynamic {}, static {}", si(energy, "J"),
                                               si(cost.dynamic_j, "J"), si(cost.static_j, "J")));
    text += largest_spender(answer);
    const std::uint32_t steps = answer.report.steps_per_sample;
    if (answer.report.samples != 0) {
        text += row(
            "a sample",
            fmt::format("{}{}: {}, {}", answer.report.samples_end_early ? "at most " : "",
                        counted(steps, "step"), si(time * steps, "s"), si(energy * steps, "J")));
    }
    return text;
}

std::string change_lines(const FitReport& report) {
    if (report.changes.empty()) return {};
    std::string text = "what would help (>: the first that is enough)\n";
    bool is_first = true;
    for (const FitChange& change : report.changes) {
        const bool is_taken = is_first && change.enough;
        is_first = is_first && !change.enough;
        text += fmt::format("  {} {}\n      {}{}\n", is_taken ? ">" : " ", change.what,
                            change.gives, change.tried || !change.enough ? "" : ", by proportion");
    }
    return text;
}

std::string refusal_lines(const FitReport& report) {
    std::string text;
    constexpr std::size_t kShown = 3;
    const auto& refusals = report.need.refusals;
    for (std::size_t i = 0; i < std::min(kShown, refusals.size()); ++i) {
        text += fmt::format("  {}\n", refusals[i].message);
    }
    return text;
}

std::string between_chips(const FitReport& report) {
    const bool is_one =
        report.chips.available <= 1 && report.chips.needed <= 1 && report.chips.least <= 1;
    if (is_one) return {};
    std::string text = "between chips\n";
    for (const std::string_view line : compiler::kNotModelledBetweenChips) {
        text += fmt::format("  {}\n", line);
    }
    return text;
}

}  // namespace

std::string fit_sheet(const FitAnswer& answer) {
    const FitReport& report = answer.report;
    return verdict_line(answer) + head(answer) + layer_table(report) + refusal_lines(report) +
           cost_lines(answer) + change_lines(report) + between_chips(report);
}

}  // namespace seamount::tools
