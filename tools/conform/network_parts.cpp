#include "tools/conform/network_parts.hpp"

#include <fmt/core.h>

#include <memory>

#include "compiler/driver.hpp"
#include "compiler/lower/weights.hpp"
#include "isa/assembler.hpp"

namespace seamount::conform {

using compiler::Network;

compiler::Values<std::int64_t> values_of(const Json& value) {
    if (value.is_array()) return {value.get<std::vector<std::int64_t>>()};
    if (value.is_boolean()) return {{value.get<bool>() ? 1 : 0}};
    return {{value.get<std::int64_t>()}};
}

std::uint32_t add_population(Network& network, const Context& context, const std::string& program,
                             std::uint32_t size) {
    compiler::Population population;
    population.name = fmt::format("neurons {}", network.populations.size());
    population.shape = {size};
    population.size = size;
    population.first_neuron = network.neuron_count();
    population.program = std::make_shared<isa::Program>(
        isa::assemble_file(context.options.neuron_library / (program + ".asm")));
    network.populations.push_back(std::move(population));
    return static_cast<std::uint32_t>(network.populations.size() - 1);
}

void set_arg(compiler::Population& population, const std::string& arg, const std::string& key,
             compiler::Values<std::int64_t> values) {
    if (population.program->find_arg(arg) == nullptr) {
        throw InputError(
            Diagnostic{"CLI-VECTOR", {}, fmt::format("unknown neuron parameter '{}'", key), ""});
    }
    population.args[arg] = std::move(values);
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
    projection.sign_mode = compiler::kExcitatory;
    projection.accumulator = accumulator;
    projection.graded = true;
    network.inputs.push_back(std::move(input));
    network.projections.push_back(std::move(projection));
}

isa::Image build_image(Network network, const Context& context) {
    const auto chip = isa::ChipSpec::load(context.options.chip);
    const auto compiled = compiler::compile(std::move(network), chip, {});
    return isa::deserialize(isa::serialize(compiled.image), compiled.image.network);
}

}  // namespace seamount::conform
