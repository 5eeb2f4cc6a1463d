#include "tools/import/sonata/sonata_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/import/sonata/sonata_builder.hpp"
#include "tools/import/sonata/sonata_inputs.hpp"

namespace seamount::importer {
namespace {

using namespace sonata;

constexpr double kUsualStep = 0.1;    ///< ms, of SONATA's examples
constexpr double kLongestDelay = 62;  ///< steps; the least of Loihi's two generations
constexpr double kDecayUnits = 1 << 20;
constexpr double kFraction = 64;  ///< units of v per unit of a weight

/// Writes populations, inputs and projections of a circuit.
class Writer {
public:
    Writer(std::vector<NodePopulation>& populations, double dt_ms, Imported& result)
        : populations_{populations}, dt_ms_{dt_ms}, result_{result} {
        Names names;
        for (NodePopulation& one : populations_) one.label = names.unique(one.name);
    }

    void write_neurons(const NodePopulation& population, const Scale& scale) {
        const auto each = [&](const char* name, auto value) {
            std::vector<double> values;
            for (const PointNeuron& one : population.neurons) values.push_back(value(one));
            return Setting{name, result_.network.values(population.label + "_" + name, values)};
        };
        const double unit = scale.factor;
        result_.network.population(
            population.label, fmt::format("{} units are 1 of the file", unit),
            {{"neuron", "point_lif"}, {"size", std::to_string(population.ids.size())}},
            {each("dv",
                  [&](const PointNeuron& one) {
                      return std::round(-kDecayUnits * std::expm1(-dt_ms_ / one.tau_ms));
                  }),
             each("vth",
                  [&](const PointNeuron& one) {
                      const double v = one.threshold * unit * kFraction;
                      return one.fires_at ? std::ceil(v - 0.5) - 1 : std::round(v);
                  }),
             each("reset",
                  [&](const PointNeuron& one) { return std::round(one.reset * unit * kFraction); }),
             each("bias",
                  [&](const PointNeuron& one) { return std::round(one.drive * unit * kFraction); }),
             each("refractory_period",
                  [](const PointNeuron& one) { return static_cast<double>(one.refractory); })});
        result_.neurons += population.ids.size();
    }

    /// True if some step has several spikes of a node, which then go as one with a payload.
    bool write_input(const NodePopulation& population, const std::vector<InputSpike>& spikes) {
        const bool graded = std::any_of(spikes.begin(), spikes.end(),
                                        [](const InputSpike& one) { return one.count > 1; });
        const std::uint64_t columns = graded ? 3 : 2;
        NamedArray table{population.label + "_spikes", {spikes.size(), columns}, {}};
        for (const InputSpike& one : spikes) {
            table.values.push_back(static_cast<double>(one.step));
            table.values.push_back(one.source);
            if (graded) table.values.push_back(one.count);
        }
        const std::string text = spikes.empty() ? "[]" : result_.network.keep(std::move(table));
        result_.network.input(population.label, "virtual nodes",
                              {{"size", std::to_string(population.ids.size())}, {"spikes", text}});
        return graded;
    }

    void write_edges(const EdgePopulation& edges, const Scale& scale, bool graded) {
        const std::vector<Part> parts = parts_of(edges.connections, scale);
        const std::string label = names_.unique(edges.name);
        for (std::size_t k = 0; k < parts.size(); ++k) {
            const std::string name = parts.size() == 1 ? label : fmt::format("{}_{}", label, k + 1);
            NamedArray table{name + "_edges", {parts[k].connections.size(), 4}, {}};
            for (const Connection& one : parts[k].connections) {
                for (const double value :
                     {static_cast<double>(one.source), static_cast<double>(one.target), one.weight,
                      static_cast<double>(one.delay)}) {
                    table.values.push_back(value);
                }
            }
            std::vector<Setting> settings{{"from", populations_[edges.source].label},
                                          {"to", populations_[edges.target].label},
                                          {"name", name},
                                          {"rule", "list"},
                                          {"edges", result_.network.keep(std::move(table))},
                                          {"exponent", std::to_string(parts[k].exponent)}};
            if (graded) settings.push_back({"graded", "true"});
            result_.network.projection(edges.name, std::move(settings));
            result_.weights += parts[k].connections.size();
        }
        if (parts.empty()) {
            result_.notes.push_back(
                fmt::format("edges '{}' have no weight and are left out", edges.name));
        }
    }

private:
    std::vector<NodePopulation>& populations_;
    double dt_ms_;
    Imported& result_;
    Names names_;
};

/// The scale of each population by the weights that come in.
std::vector<Scale> scales_of(const std::vector<NodePopulation>& populations,
                             std::vector<EdgePopulation>& edges, std::vector<std::string>& notes) {
    std::vector<Scale> scales(populations.size());
    for (EdgePopulation& one : edges) merge_equal(one.connections);
    for (std::size_t p = 0; p < populations.size(); ++p) {
        if (populations[p].is_virtual) continue;
        std::vector<double> weights;
        for (const EdgePopulation& one : edges) {
            if (one.target != p) continue;
            for (const Connection& each : one.connections) weights.push_back(each.weight);
        }
        std::vector<double> thresholds;
        for (const PointNeuron& each : populations[p].neurons) thresholds.push_back(each.threshold);
        scales[p] = choose_scale(weights, thresholds);
        if (scales[p].exact) continue;
        notes.push_back(
            fmt::format("weights into '{}' have no common unit: they are rounded, by "
                        "at most {:.2g} %",
                        populations[p].name, 100 * scales[p].error));
    }
    return scales;
}

/// The wanted step, or its shortest multiple at which the delays fit.
double step_for(double wanted, double longest_ms, std::vector<std::string>& notes) {
    if (longest_ms <= wanted * kLongestDelay) return wanted;
    const double times = std::ceil(longest_ms / (wanted * kLongestDelay));
    notes.push_back(
        fmt::format("delays of up to {} ms are more than {} steps of {} ms: a step is "
                    "{} ms",
                    longest_ms, kLongestDelay, wanted, wanted * times));
    return wanted * times;
}

}  // namespace

std::vector<std::string> given(const SonataOptions& options) {
    return options.dt_ms ? std::vector<std::string>{"--dt"} : std::vector<std::string>{};
}

Imported import_sonata(const std::filesystem::path& config_file, const std::string& data,
                       const SonataOptions& options) {
    Diagnostics found;
    Config config = read_config(config_file, found);
    found.throw_if_errors();
    double dt_ms = options.dt_ms.value_or(config.dt_ms.value_or(kUsualStep));
    if (!options.dt_ms && !config.dt_ms) {
        config.notes.push_back(fmt::format("no file says how long a step is: {} ms", kUsualStep));
    }
    std::vector<NodePopulation> populations = read_nodes(config, dt_ms, found);
    found.throw_if_errors();
    double longest_ms = 0;
    std::vector<EdgePopulation> edges = read_edges(config, populations, dt_ms, longest_ms, found);
    found.throw_if_errors();
    const double step = options.dt_ms ? dt_ms : step_for(dt_ms, longest_ms, config.notes);
    if (step != dt_ms) {
        dt_ms = step;
        populations = read_nodes(config, dt_ms, found);
        edges = read_edges(config, populations, dt_ms, longest_ms, found);
    }
    const auto spikes =
        read_inputs(config, populations, dt_ms, config.notes, config.files_read, found);
    found.throw_if_errors();
    const std::vector<Scale> scales = scales_of(populations, edges, config.notes);

    Names names;
    const std::string name = std::filesystem::absolute(config_file).parent_path().filename();
    Imported result{
        NetworkText{names.unique(name),
                    data,
                    {fmt::format("Imported from {} (SONATA) by seamount import.",
                                 config_file.filename().string()),
                     fmt::format("A step is {} ms: a spike of step s is one of time s * {} ms.",
                                 dt_ms, dt_ms)}}};
    result.notes = config.notes;
    result.dt_ms = dt_ms;
    result.files_read = config.files_read;
    result.layers = populations.size();
    if (config.stop_ms) {
        result.notes.push_back(fmt::format("the circuit runs for {} ms: --steps {:.0f}",
                                           *config.stop_ms, std::ceil(*config.stop_ms / dt_ms)));
    }
    Writer writer{populations, dt_ms, result};
    std::vector<bool> graded(populations.size());
    for (std::size_t p = 0; p < populations.size(); ++p) {
        if (populations[p].is_virtual) {
            graded[p] = writer.write_input(populations[p], spikes[p]);
        } else {
            writer.write_neurons(populations[p], scales[p]);
        }
    }
    for (const EdgePopulation& one : edges) {
        writer.write_edges(one, scales[one.target], graded[one.source]);
    }
    return result;
}

}  // namespace seamount::importer
