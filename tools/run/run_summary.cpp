#include "tools/run/run_summary.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "isa/base/text.hpp"
#include "tools/inspect/compile_summary.hpp"
#include "tools/run/explain.hpp"
#include "tools/run/uncertainty.hpp"

namespace seamount::tools {
namespace {

std::string row(const char* name, const std::string& value, const std::string& detail = {}) {
    return fmt::format("  {:<16} {:>14}{}{}\n", name, value, detail.empty() ? "" : "   ", detail);
}

/// The unit that averages are given for: samples of a dataset if all were complete, else steps.
struct Share {
    const char* name;
    double count;
};

Share share_of(const RunOutcome& outcome) {
    const session::RunResult& result = outcome.result;
    if (result.sample_count != 0 && result.samples.steps == result.run.steps) {
        return {"sample", static_cast<double>(outcome.result.sample_count)};
    }
    return {"step", static_cast<double>(outcome.result.totals.steps)};
}

/// Four digits; large numbers are whole, with groups of digits.
std::string readable(double value) {
    constexpr double kWhole = 999.5;
    if (value < kWhole || value > 1e18) return fmt::format("{:.4g}", value);
    return grouped(static_cast<std::uint64_t>(std::llround(value)));
}

std::string head(const RunOutcome& outcome) {
    const isa::ChipSpec& chip = outcome.loaded.chip;
    const std::string prices =
        outcome.result.plan.untimed
            ? "without time"
            : fmt::format("prices {}", chip.priced() ? chip.prices_name : isa::kNoPrices);
    return fmt::format("{} on {} ({}): {}, {}, {}\n", outcome.loaded.image.network, chip.name,
                       prices, counted(outcome.stats.neurons, "neuron"),
                       counted(outcome.stats.synapses, "synapse"),
                       counted(outcome.stats.cores, "core"));
}

std::string scale_rows(const RunOutcome& outcome) {
    std::string text;
    if (!outcome.loaded.report) return text;
    for (const compiler::ChosenScale& scale : outcome.loaded.report->scales) {
        text += "  " + scale_text(scale) + '\n';
    }
    return text;
}

std::string activity_rows(const RunOutcome& outcome) {
    const session::Tally& run = outcome.result.run;
    const Share share = share_of(outcome);
    const auto mean = [&](std::uint64_t total) {
        return fmt::format("{} per {}", readable(static_cast<double>(total) / share.count),
                           share.name);
    };
    std::string samples;
    if (outcome.result.sample_count != 0) {
        const bool complete = outcome.result.samples.steps == run.steps;
        const isa::DatasetImage& dataset = outcome.loaded.image.dataset;
        samples = fmt::format(
            "{} of {}{}",
            counted(outcome.result.sample_count, complete ? "sample" : "complete sample"),
            dataset.ends_early() ? "up to " : "", dataset.steps_per_sample);
    }
    std::string hops;
    if (!outcome.result.plan.untimed) {
        hops = row("hops", grouped(run.hops()),
                   fmt::format("{} flits on the busiest link",
                               grouped(outcome.result.totals.max_link_flits)));
    }
    std::string learning;
    if (!outcome.loaded.image.learning.projections.empty()) {
        learning = row(
            "synapse updates", grouped(run.learning.synapse_updates),
            fmt::format("{} changed, {} at the end of their range",
                        grouped(run.learning.synapse_writes), grouped(run.learning.saturations)));
    }
    return row("steps", grouped(run.steps), samples) +
           row("input spikes", grouped(run.input_spikes), mean(run.input_spikes)) +
           row("spikes", grouped(run.spikes), mean(run.spikes)) +
           row("synaptic events", grouped(run.synaptic_events), mean(run.synaptic_events)) +
           row("packets", grouped(run.packets), mean(run.packets)) + hops + learning;
}

/// What the time and the energy above include.
std::string boundary_row(const RunOutcome& outcome, const emu::EnergyReport& energy) {
    const auto times = time_by_boundary(outcome.result.time_parts);
    std::string in_time;
    std::string in_energy;
    const auto add = [](std::string& list, emu::Boundary boundary, double part, double all) {
        if (part <= 0.0) return;
        list += fmt::format("{}{} {:.2g} %", list.empty() ? "" : ", ",
                            name_of(emu::kBoundaryNames, boundary), 100.0 * part / all);
    };
    for (const emu::Boundary boundary : values(emu::kBoundaryNames)) {
        add(in_time, boundary, session::seconds(times[static_cast<std::size_t>(boundary)]),
            session::seconds(outcome.result.totals.time));
        add(in_energy, boundary, session::joules(emu::part_of(energy, boundary)),
            session::joules(energy.total()));
    }
    return row(
        "boundaries",
        fmt::format("host {}", name_of(isa::kHostClassNames, outcome.loaded.chip.host.host_class)),
        fmt::format("time: {}; energy: {}", in_time.empty() ? "none" : in_time,
                    in_energy.empty() ? "none" : in_energy));
}

std::string uncertainty_row(const RunOutcome& outcome, double energy_j) {
    if (!outcome.uncertainty) return {};
    const Share share = share_of(outcome);
    const RunSpread spread = spread_of(outcome);
    const double time = session::seconds(outcome.result.totals.time);
    std::string most;
    for (std::size_t i = 0; i < std::min<std::size_t>(spread.parts.size(), 3); ++i) {
        const SpreadPart& part = spread.parts[i];
        if (part.energy_j <= 0.0) break;
        most += fmt::format("{}{} (to {:.2g} %)", most.empty() ? "; most from " : ", ", part.key,
                            100.0 * part.relative);
    }
    return row("uncertainty", with_spread(energy_j, spread.energy_j, "J"),
               fmt::format("{} and {} per {}{}",
                           with_spread(time / share.count, spread.time_s / share.count, "s"),
                           with_spread(energy_j / share.count, spread.energy_j / share.count, "J"),
                           share.name, most));
}

std::string price_rows(const RunOutcome& outcome) {
    if (outcome.result.plan.untimed) {
        return row("not modelled", "untimed", "no mesh, no times, no energies: --untimed");
    }
    if (!outcome.loaded.chip.priced()) {
        return row("modelled time", "none", "the chip has no prices") +
               row("energy", "none", "the chip has no prices");
    }
    const Share share = share_of(outcome);
    const emu::EnergyReport energy =
        emu::price(outcome.result.totals.counts, outcome.result.totals.time, outcome.loaded.chip,
                   outcome.result.totals.powered);
    const double time = session::seconds(outcome.result.totals.time);
    const auto per_share = [&](Picojoules part) {
        return si(session::joules(part) / share.count, "J");
    };
    return row("modelled time", si(time, "s"),
               fmt::format("{} per {}: {}", si(time / share.count, "s"), share.name,
                           largest_causes(outcome.result.time_parts))) +
           row("energy", si(session::joules(energy.total()), "J"),
               fmt::format("{} per {}: dynamic {}, fixed {}, idle {}", per_share(energy.total()),
                           share.name, per_share(energy.total_dynamic()),
                           per_share(energy.stepping + energy.host), per_share(energy.idle))) +
           boundary_row(outcome, energy) +
           uncertainty_row(outcome, session::joules(energy.total()));
}

std::string wall_row(const RunOutcome& outcome) {
    const double rate = static_cast<double>(outcome.result.totals.steps) / outcome.result.run_s;
    return row("wall time", si(outcome.result.run_s, "s"),
               fmt::format("{} steps/s; load {}, compile {}", readable(rate),
                           si(outcome.load_s, "s"), si(outcome.loaded.compile_s, "s")));
}

std::string accuracy_row(const RunOutcome& outcome) {
    const session::RunResult& result = outcome.result;
    if (!result.has_accuracy) return {};
    const isa::ReadoutImage& readout = outcome.loaded.image.readout;
    std::string text =
        fmt::format("accuracy {:.1f} % ({}/{})", 100.0 * result.correct / result.sample_count,
                    result.correct, result.sample_count);
    if (result.unanswered != 0) {
        text += fmt::format(", {} without an answer (no output spike)", result.unanswered);
    }
    if (readout.reference_accuracy >= 0.0) {
        text += fmt::format(", {} {:.1f} %",
                            readout.reference.empty() ? "reference" : readout.reference,
                            100.0 * readout.reference_accuracy);
    }
    return text + "\n";
}

}  // namespace

bool has_populations(const RunOutcome& outcome) {
    const PopulationEnergies* const energies = outcome.by_population;
    return energies != nullptr && outcome.loaded.chip.priced() &&
           energies->steps() == outcome.result.totals.steps;
}

std::vector<double> joules_by_population(const RunOutcome& outcome) {
    std::vector<double> joules;
    if (!has_populations(outcome)) return joules;
    for (const PopulationEnergy& energy : outcome.by_population->energies()) {
        joules.push_back(sum_of(energy));
    }
    return joules;
}

std::string run_summary(const RunOutcome& outcome, const std::string& rates) {
    return head(outcome) + rates + scale_rows(outcome) + activity_rows(outcome) +
           price_rows(outcome) + wall_row(outcome) + accuracy_row(outcome);
}

}  // namespace seamount::tools
