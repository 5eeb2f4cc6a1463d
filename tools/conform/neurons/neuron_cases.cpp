#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "emulator/machine/machine.hpp"
#include "isa/base/json.hpp"
#include "tools/conform/neurons/cases.hpp"
#include "tools/conform/neurons/loihi1_neuron.hpp"
#include "tools/conform/synapses/loihi1_synapses.hpp"
#include "tools/conform/vectors/network_parts.hpp"
#include "tools/conform/vectors/recorder.hpp"
#include "tools/conform/vectors/vector.hpp"

namespace seamount::conform {
namespace {

using compiler::Network;

Network make_network(const Context& context, const Json& file, const Json& neuron,
                     std::uint32_t neurons) {
    Network network = named_network(file);
    add_population(network, context, "loihi1_cuba", neurons);
    compiler::Population& population = network.populations.front();
    population.args = loihi1_arguments(*population.program, neuron, neurons);
    return network;
}

std::vector<SynapseGroup> read_groups(const Json& file, std::uint32_t neurons) {
    std::vector<SynapseGroup> groups;
    if (!file.contains("synapses")) return groups;
    require(file["synapses"].is_array(), "'synapses' must be a list");
    for (const Json& group : file["synapses"]) groups.push_back(read_synapses(group, neurons));
    return groups;
}

/// `n_inputs`, or as many as synapses and spikes refer to.
std::uint32_t input_count(const Json& file, const std::vector<SynapseGroup>& groups,
                          const std::vector<InputSpike>& spikes) {
    if (file.contains("n_inputs")) {
        return static_cast<std::uint32_t>(whole_at(file, "n_inputs", 0, kMaxNeurons));
    }
    std::uint32_t count = 0;
    for (const SynapseGroup& group : groups) {
        if (group.from_input) count = std::max(count, group.sources());
    }
    for (const auto& [step, source] : spikes) {
        count = std::max(count, static_cast<std::uint32_t>(source) + 1);
    }
    return count;
}

/// The draws that a vector lists, in place of the chip's random numbers.
class ListedDraws final : public isa::RandomSource {
public:
    explicit ListedDraws(Trace draws) : draws_(std::move(draws)) {}
    void draw(std::span<const NeuronId> neurons, std::uint64_t step, std::uint32_t, int, isa::Draw,
              std::int32_t* out) const override {
        for (std::size_t i = 0; i < neurons.size(); ++i)
            out[i] = draws_.at(step).at(neurons[i].index());
    }

private:
    Trace draws_;
};

Outcome run_single_neuron_silicon(const Json& file, const Context& context) {
    const Json& rows = filled_list(file, "neuron");
    const auto n = static_cast<std::uint32_t>(rows.size());
    const Json& traces = filled_list(file, "v");
    require(traces.size() == n, "'v' must have a trace for each entry of 'neuron'");
    Network network = make_network(context, file, rows, n);
    const auto start = static_cast<std::uint64_t>(whole_at(file, "input_index", 0, kMaxSteps));
    add_input(network, 1, {{start, 0}});
    Json synapses{{"src", "input"}, {"sign_mode", "mixed"}, {"w", member(file, "w_mant")}};
    Json probes;
    std::size_t steps = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        synapses["pre"].push_back(0);
        synapses["post"].push_back(i);
        probes[std::to_string(i)] = traces[i];
        steps = std::max(steps, filled_list(probes, std::to_string(i)).size());
    }
    add_projection(network, read_synapses(synapses, n).projection(1));

    const isa::Image image = build_image(std::move(network), context);
    emu::Machine machine(image, {});
    const Json expected{{"v_probes", probes}};
    Recorder recorder(image, machine, expected);
    recorder.run(steps);
    return recorder.compare(1);
}

}  // namespace

Outcome run_static_case(const Json& file, const Context& context) {
    if (file.contains("input_index") && member(file, "neuron").is_array()) {
        return run_single_neuron_silicon(file, context);
    }
    const auto neurons = static_cast<std::uint32_t>(whole_at(file, "n", 1, kMaxNeurons));
    const std::uint64_t steps = steps_to_run(file);
    require(steps * neurons <= kMaxWords, "more than 2^27 voltages to compare");
    Network network = make_network(context, file, with_outer_parameters(file), neurons);
    const std::vector<SynapseGroup> groups = read_groups(file, neurons);
    const std::vector<InputSpike> spikes = read_input_spikes(file);
    const std::uint32_t inputs = input_count(file, groups, spikes);
    if (inputs > 0) add_input(network, inputs, spikes);
    require(inputs > 0 || spikes.empty(), "'input_spikes' without inputs");
    for (const SynapseGroup& group : groups) {
        if (group.pre.empty()) continue;
        add_projection(network, group.projection(group.from_input ? inputs : neurons));
    }
    std::optional<ListedDraws> draws;
    if (file.contains("random_draws")) {
        draws.emplace(trace_at(file, "random_draws", steps, neurons));
    }

    const isa::Image image = build_image(std::move(network), context);
    emu::Machine::Params params;
    if (draws) params.random = &*draws;
    emu::Machine machine(image, params);
    Recorder recorder(image, machine, file);
    recorder.run(steps);
    return recorder.compare(steps);
}

}  // namespace seamount::conform
