#include "tools/conform/vectors/network_parts.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "isa/assembly/assembler.hpp"
#include "isa/base/json.hpp"
#include "isa/image/weights.hpp"
#include "tools/conform/vectors/vector.hpp"
#include "tools/session/open.hpp"
#include "tools/session/settings.hpp"

namespace seamount::conform {

using compiler::Network;

/// Vectors have mantissas as they are written to the chip's synapse memory.
constexpr compiler::WeightRounding kRounding = compiler::WeightRounding::kTruncate;

Network named_network(const Json& vector) {
    Network network;
    network.name = text_of(vector, "name");
    if (network.name.empty()) network.name = "vector";
    network.file = network.name;
    return network;
}

std::uint32_t add_population(Network& network, const Context& context, const std::string& program,
                             std::uint32_t size) {
    compiler::Population population;
    population.name = fmt::format("neurons {}", network.populations.size());
    population.shape = {size};
    population.size = size;
    population.first_neuron = NeuronId{network.neuron_count()};
    population.program = std::make_shared<isa::Program>(
        isa::assemble_file(context.options.neuron_library / (program + ".asm")));
    network.populations.push_back(std::move(population));
    return static_cast<std::uint32_t>(network.populations.size() - 1);
}

void set_arg(compiler::Population& population, const std::string& arg, const std::string& key,
             const Json& value) {
    require(population.program->find_arg(arg) != nullptr,
            fmt::format("unknown neuron parameter '{}'", key));
    compiler::Values<std::int64_t> values{wholes(value, key)};
    require(values.list.size() == 1 || values.list.size() == population.size,
            fmt::format("neuron parameter '{}' has {} values, 1 or {} are expected", key,
                        values.list.size(), population.size));
    population.args[arg] = std::move(values);
}

std::vector<InputSpike> read_input_spikes(const Json& file) {
    std::vector<InputSpike> spikes;
    if (!file.contains("input_spikes")) return spikes;
    require(file["input_spikes"].is_array(), "'input_spikes' must be a list");
    for (const Json& spike : file["input_spikes"]) {
        require(spike.is_array() && spike.size() == 2, "an input spike must be [step, input]");
        spikes.emplace_back(whole(spike[0], "input_spikes", 0, kMaxSteps),
                            whole(spike[1], "input_spikes", 0, kMaxNeurons - 1));
    }
    std::sort(spikes.begin(), spikes.end());
    return spikes;
}

void add_input(Network& network, std::uint32_t size, const std::vector<InputSpike>& spikes) {
    compiler::Input input;
    input.image.name = "input";
    input.image.size = size;
    input.image.shape = {size};
    for (const auto& [step, source] : spikes) {
        require(source < size,
                fmt::format("input spike of input {}, but there are {}", source, size));
        input.image.spike_steps.push_back(step);
        input.image.spike_sources.push_back(source);
    }
    network.inputs.push_back(std::move(input));
}

void add_projection(Network& network, compiler::Projection projection) {
    projection.name = fmt::format("synapses {}", network.projections.size());
    projection.rounding = kRounding;
    network.projections.push_back(std::move(projection));
}

void feed(Network& network, std::uint32_t population, std::uint32_t accumulator,
          const Trace& values) {
    const std::uint32_t size = network.populations.at(population).size;
    compiler::Input input;
    input.image.name = fmt::format("input {}", network.inputs.size());
    input.image.size = size;
    input.image.shape = {size};
    for (std::size_t step = 0; step < values.size(); ++step) {
        for (std::uint32_t i = 0; i < size; ++i) {
            const std::int32_t value = values[step].at(i);
            if (value == 0) continue;
            input.image.spike_steps.push_back(step);
            input.image.spike_sources.push_back(i);
            input.image.spike_payloads.push_back(value);
        }
    }
    auto rows = std::make_shared<ListedRows>(size);
    for (std::uint32_t i = 0; i < size; ++i) rows->add(i, {.target = i, .weight = 1.0});

    compiler::Projection projection;
    projection.name = fmt::format("{} to {}", input.image.name, population);
    projection.from = {true, static_cast<std::uint32_t>(network.inputs.size())};
    projection.to = population;
    projection.rows = std::move(rows);
    projection.sign_mode = isa::kExcitatory;
    projection.accumulator = accumulator;
    projection.graded = true;
    projection.rounding = kRounding;
    network.inputs.push_back(std::move(input));
    network.projections.push_back(std::move(projection));
}

isa::Image build_image(Network network, const Context& context, bool exponent_on_sum) {
    isa::ChipSpec chip = session::load_chip(context.options.chip.string(), {});
    if (exponent_on_sum) chip.exponent_on = isa::ExponentOn::kSum;
    chip.limits.max_delay = 0;  // vectors may have more than the default chip's 62 steps
    session::Listener silent;
    const session::Loaded made = session::compile(std::move(network), std::move(chip), {}, silent);
    return isa::deserialize(isa::serialize(made.image), made.image.network);
}

}  // namespace seamount::conform
