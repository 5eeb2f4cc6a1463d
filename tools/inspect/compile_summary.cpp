#include "tools/inspect/compile_summary.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

#include "isa/base/json.hpp"
#include "isa/base/text.hpp"
#include "tools/base/version.hpp"
#include "tools/session/image_stats.hpp"

namespace seamount::tools {
namespace {

using compiler::CoreFill;
using compiler::QuantisationLoss;

std::string fullest_cores(const std::vector<compiler::PlacedFill>& fills,
                          const isa::CoreLimits& limits) {
    std::string text;
    for (const isa::CoreLimit limit : isa::kCoreLimitsInReports) {
        const isa::CoreLimitInfo& info = isa::info(limit);
        const auto fullest = std::max_element(
            fills.begin(), fills.end(),
            [&](const CoreFill& a, const CoreFill& b) { return a.*info.amount < b.*info.amount; });
        if (fullest == fills.end() || !info.in_summary) continue;
        const std::uint64_t used = (*fullest).*info.amount;
        const std::uint64_t allowed = limits.*info.amount;
        if (used == 0 && allowed == 0) continue;  // the chip does not know it
        const std::string fill =
            allowed == 0
                ? "no limit"
                : fmt::format("of {:>9} ({:.0f} %)", grouped(allowed),
                              100.0 * static_cast<double>(used) / static_cast<double>(allowed));
        text += fmt::format("  {:<16} {:>11} {} on core {}\n", info.words, grouped(used), fill,
                            fullest->core);
    }
    return text;
}

/// The mean core of each layer, as the vendor's compiler prints it.
std::string pool_table(const std::vector<compiler::LayerFill>& layers,
                       const isa::CoreLimits& limits) {
    if (layers.empty()) return {};
    std::string text = fmt::format("mean core of each layer, in words of 64 bits\n  {:<16}", "");
    for (const char* const column : {"AxonIn", "NeuronGr", "Neurons", "Synapses", "AxonMap",
                                     "AxonMem", "Total", "% of core", "Cores"}) {
        text += fmt::format(" {:>9}", column);
    }
    text += '\n';
    for (const compiler::LayerFill& layer : layers) {
        text += fmt::format("  {:<16}", layer.population);
        for (const std::uint64_t sum :
             {layer.input_axons, layer.neuron_groups, layer.neurons, layer.synapse_words,
              layer.axon_map, layer.axon_memory, layer.pool_words}) {
            text += fmt::format(" {:>9}", grouped(sum / layer.cores));
        }
        const double mean =
            static_cast<double>(layer.pool_words) / static_cast<double>(layer.cores);
        text +=
            limits.pool_words == 0
                ? fmt::format(" {:>9}", "")
                : fmt::format(" {:>9.2f}", 100.0 * mean / static_cast<double>(limits.pool_words));
        text += fmt::format(" {:>9}\n", grouped(layer.cores));
    }
    return text;
}

/// What was measured to find the mapping.
std::string optimisation_text(const compiler::Optimisation& optimisation) {
    std::string text = fmt::format(
        "mapping kept for the least {}, of {} measured over {} steps{}\n  {:<34} {:>6} {:>12} "
        "{:>12} {:>12}\n",
        name_of(compiler::kObjectiveNames, optimisation.objective), optimisation.measured.size(),
        optimisation.steps - optimisation.from_step,
        optimisation.budget_over ? "; the budget ended the search" : "", "", "cores", "step time",
        "step energy", "packets");
    for (std::size_t i = 0; i < optimisation.measured.size(); ++i) {
        const compiler::MeasuredMapping& one = optimisation.measured[i];
        text += fmt::format("{} {:<34}", i == optimisation.kept ? '*' : ' ', one.how);
        text += one.fits ? fmt::format(" {:>6} {:>12} {:>12} {:>12.1f}\n", one.cores,
                                       si(one.step_time_s, "s"), si(one.step_energy_j, "J"),
                                       one.packets_per_step)
                         : std::string{" does not fit\n"};
    }
    return text;
}

bool is_lossy(const QuantisationLoss& loss) {
    return loss.clipped != 0 || loss.truncated != 0;
}

}  // namespace

std::string scale_text(const compiler::ChosenScale& scale) {
    std::string text =
        fmt::format("scale of '{}': {:.6g} mantissas are 1", scale.population, scale.scale);
    for (const auto& argument : scale.arguments) {
        const std::string became =
            argument.least_value == argument.most_value
                ? fmt::format("{}", argument.most_value)
                : fmt::format("{}..{}", argument.least_value, argument.most_value);
        text += fmt::format(", {} {}", argument.name, became);
        if (argument.largest_exponent != 0) {
            text += fmt::format(" ({} up to {})", argument.exponent, argument.largest_exponent);
        }
    }
    for (const auto& projection : scale.projections) {
        text += fmt::format("; '{}' up to {:.4g}, exponent {}", projection.name, projection.largest,
                            projection.exponent);
    }
    return text;
}

std::string units_text(const compiler::CompileReport& report) {
    std::string text;
    std::set<std::string> told;
    for (const compiler::UnitValue& value : report.with_units) {
        const std::string one =
            fmt::format("{}: {} is {}\n", value.name, value.written, value.became);
        if (told.insert(one).second) text += one;
    }
    return text;
}

std::string loss_text(const QuantisationLoss& loss) {
    std::string text = fmt::format("weights of '{}': {} of {} {} to the grid of {}",
                                   loss.projection, grouped(loss.truncated), grouped(loss.synapses),
                                   loss.nearest ? "rounded" : "truncated", loss.grid);
    if (loss.clipped != 0) text += fmt::format(", {} clipped", grouped(loss.clipped));
    text += fmt::format("; error mean {:+.4g}, at most {:.4g}", loss.mean_shift, loss.max_error);
    if (loss.zeroed != 0) text += fmt::format("; {} became 0", grouped(loss.zeroed));
    return text;
}

namespace {

std::string traffic_causes(const compiler::MappingReport& mapping) {
    std::uint64_t nets = 0;
    std::uint64_t weighted = 0;
    for (std::size_t cores = 1; cores < mapping.nets_on_cores.size(); ++cores) {
        nets += mapping.nets_on_cores[cores];
        weighted += cores * mapping.nets_on_cores[cores];
    }
    if (nets == 0) return {};
    std::string text =
        fmt::format("  a neuron and its targets lie on {:.2f} cores on average, on {} at most\n",
                    static_cast<double>(weighted) / static_cast<double>(nets),
                    mapping.nets_on_cores.size() - 1);
    text += fmt::format("costliest projections\n  {:<28} {:>13} {:>13} {:>13}\n", "", "synapses",
                        "packets", "hops");
    for (const auto& cost : mapping.costliest) {
        text += fmt::format("  {:<28} {:>13} {:>13} {:>13}\n", cost.projection,
                            grouped(cost.synapses), grouped(cost.packets), grouped(cost.hops));
    }
    return text;
}

std::string cache_use(const compiler::CompileReport& report) {
    if (report.cache_hits + report.cache_misses == 0) return {};
    return fmt::format("{} from the cache, {} generated{}\n",
                       counted(report.cache_hits, "projection"), grouped(report.cache_misses),
                       report.mapping_cached ? "; the mapping is from the cache too" : "");
}

}  // namespace

std::string compile_summary(const session::Loaded& compiled) {
    const compiler::CompileReport& report = *compiled.report;
    std::string text = fmt::format("{} on {}\n", compiled.image.network, compiled.chip.name);
    text += fmt::format("  {:<16} {:>11}\n", "neurons", grouped(report.neurons));
    text += fmt::format("  {:<16} {:>11}\n", "synapses", grouped(report.synapses));
    text += fmt::format("  {:<16} {:>11} of {:>9}\n", "cores", report.cores,
                        grouped(compiled.chip.cores()));
    if (report.chips > 1) {
        text +=
            fmt::format("  {:<16} {:>11} of {:>9}; what is not modelled between them: --report\n",
                        "chips", report.chips_used, report.chips);
    }
    text += fmt::format("  {:<16} {:>11}\n", "mapping by", report.partitioner);
    if (report.is_random) {
        text +=
            "  the connections look random: no grouping of neurons saves many packets, so the "
            "search\n  was stopped early\n";
    }
    text += "when every neuron spikes in every step\n";
    text += fmt::format("  {:<16} {:>11} per step between cores, {} within\n", "packets",
                        grouped(report.packets_per_step), grouped(report.local_packets_per_step));
    text += fmt::format("  {:<16} {:>11} per step, at most {} on one link\n", "hops",
                        grouped(report.hops_per_step), grouped(report.max_link_load));
    const auto seconds = [](Picoseconds time) {
        return si(static_cast<double>(time.count()) * 1e-12, "s");
    };
    text += compiled.chip.priced()
                ? fmt::format(
                      "  {:<16} {:>11} expected at least, on the chip: slowest core {}, busiest "
                      "link {}, barrier {}\n",
                      "step time", seconds(report.step_time), seconds(report.core_time),
                      seconds(report.link_time), seconds(report.barrier_time))
                : fmt::format("  {:<16} {:>11} the chip has no prices\n", "step time", "none");
    const Picoseconds host = compiled.chip.price(isa::Event::kHostStep).time;
    if (host.count() != 0) {
        text += fmt::format("  {:<16} {:>11} per step on top, and what it sends and writes\n",
                            "host", seconds(host));
    }
    if (report.mapping) text += traffic_causes(*report.mapping);
    text += pool_table(report.layers, compiled.chip.limits);
    text += "fullest core\n" + fullest_cores(report.fills, compiled.chip.limits);
    text += units_text(report);
    for (const compiler::ChosenScale& scale : report.scales) text += scale_text(scale) + '\n';
    const bool lossy = std::any_of(report.losses.begin(), report.losses.end(), is_lossy);
    if (lossy) text += "lost precision\n";
    for (const QuantisationLoss& loss : report.losses) {
        if (is_lossy(loss)) text += "  " + loss_text(loss) + '\n';
    }
    if (report.optimisation) text += optimisation_text(*report.optimisation);
    text += cache_use(report);
    text += fmt::format("compiled in {}\n", si(compiled.compile_s, "s"));
    return text;
}

std::string compile_report_json(const session::Loaded& compiled, std::uint64_t mapping_seed) {
    Json json{{"version", version()},
              {"network", compiled.image.network},
              {"chip", compiled.chip.name},
              {"seed", mapping_seed}};
    json.update(parse_json_or_throw(compiler::report_json(*compiled.report)));
    Json& formats = json["synapse_formats"] = Json::array();
    for (const auto& [format, stored] : session::stored_by_format(compiled.image.cores)) {
        formats.push_back({{"dense", (format.flags & isa::SynapseFormat::kDense) != 0},
                           {"weight_bits", format.weight_bits},
                           {"delay_bits", format.delay_bits},
                           {"index_bits", format.index_bits},
                           {"exponent", format.weight_exponent},
                           {"blocks", stored.blocks},
                           {"stored_synapses", stored.synapses}});
    }
    return json_text(json, 2) + "\n";
}

}  // namespace seamount::tools
