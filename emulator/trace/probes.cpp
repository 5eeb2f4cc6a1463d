#include "emulator/trace/probes.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "isa/base/diagnostic.hpp"

namespace seamount::emu {
namespace {

std::optional<std::uint32_t> index_in(const std::vector<std::string>& names,
                                      std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - names.begin());
}

[[noreturn]] void bad_probe(const isa::Image& image, const std::string& message) {
    Diagnostic fault;
    fault.code = "IMG-PROBE";
    fault.where.file = image.network;
    fault.message = message;
    throw InputError(std::move(fault));
}

}  // namespace

ProbeRecorder::ProbeRecorder(const isa::Image& image) {
    for (const isa::ProbeImage& wanted : image.probes) probes_.push_back(resolve(image, wanted));
}

ProbeRecorder::Probe ProbeRecorder::resolve(const isa::Image& image,
                                            const isa::ProbeImage& wanted) {
    const isa::PopulationImage& population = image.populations.at(wanted.population);
    const isa::ProgramImage* program = isa::program_of(image, wanted.population);
    if (program == nullptr) {
        bad_probe(image, fmt::format("probed population '{}' is on no core", population.name));
    }
    Probe probe;
    probe.every = std::max(wanted.every, 1U);
    probe.first_neuron = population.first_neuron;
    probe.neurons = wanted.neurons;
    probe.window = wanted.window;
    probe.count = wanted.neurons.empty() ? population.count
                                         : static_cast<std::uint32_t>(wanted.neurons.size());
    if (const auto state = index_in(program->states, wanted.variable)) {
        probe.word = *state;
        return probe;
    }
    if (const auto accumulator = index_in(program->accumulators, wanted.variable)) {
        probe.bank = Bank::kAccumulator;
        probe.word = *accumulator;
        return probe;
    }
    for (const isa::ProgramImage::View& view : program->views) {
        if (view.name != wanted.variable) continue;
        probe.view = isa::Expression::parse(view.expression, {program->file, 0, 0});
        probe.sources = sources_of(*probe.view, *program);
        if (probe.sources.size() != probe.view->names().size()) {
            bad_probe(image, fmt::format("view '{}' of program '{}' uses an unknown name",
                                         view.name, program->name));
        }
        return probe;
    }
    if (isa::is_trace_name(wanted.variable)) {
        probe.bank = Bank::kTrace;
        probe.word = static_cast<std::uint32_t>(wanted.variable[1] - '0');
        return probe;
    }
    bad_probe(image, fmt::format("probe of '{}' asks for '{}', which program '{}' does not have",
                                 population.name, wanted.variable, program->name));
}

std::vector<ProbeRecorder::Source> ProbeRecorder::sources_of(const isa::Expression& view,
                                                             const isa::ProgramImage& program) {
    std::vector<Source> sources;
    for (const std::string& name : view.names()) {
        if (const auto state = index_in(program.states, name)) {
            sources.push_back({name, true, *state});
        } else if (const auto param = index_in(program.params, name)) {
            sources.push_back({name, false, *param});
        }
    }
    return sources;
}

std::span<const ProbeValue> ProbeRecorder::record(std::uint64_t step, const StateReader& read) {
    values_.clear();
    for (std::size_t p = 0; p < probes_.size(); ++p) {
        const Probe& probe = probes_[p];
        if ((step + 1) % probe.every != 0 || !probe.window.has(step)) continue;
        if (read.fired && !read.fired(probe.window)) continue;
        for (std::uint32_t i = 0; i < probe.count; ++i) {
            const std::uint32_t neuron = probe.neurons.empty() ? i : probe.neurons[i];
            const auto value = read_one(probe, probe.first_neuron + neuron, read);
            values_.push_back({static_cast<std::uint32_t>(p), neuron, value});
        }
    }
    return values_;
}

std::optional<std::int64_t> ProbeRecorder::read_one(const Probe& probe, NeuronId neuron,
                                                    const StateReader& read) {
    if (!probe.view) {
        switch (probe.bank) {
            case Bank::kState:
                return read.state(neuron, probe.word);
            case Bank::kAccumulator:
                return read.accumulator(neuron, probe.word);
            case Bank::kTrace:
                return read.trace(neuron, probe.word);
        }
    }
    const auto lookup = [&](std::string_view name) -> std::int64_t {
        const auto source = std::find_if(probe.sources.begin(), probe.sources.end(),
                                         [&](const Source& s) { return s.name == name; });
        return source->is_state ? read.state(neuron, source->index)
                                : read.parameter(neuron, source->index);
    };
    try {
        return probe.view->evaluate(lookup);
    } catch (const isa::ExpressionError&) {
        ++failures_;
        return std::nullopt;
    }
}

}  // namespace seamount::emu
