#include "tools/conform/vectors/trace.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "isa/base/assert.hpp"
#include "isa/base/json.hpp"
#include "tools/conform/vectors/vector.hpp"

namespace seamount::conform {
namespace {

constexpr int kMaxIndices = 4;  ///< of a row

void flatten(const Json& value, std::string_view what, int depth, std::vector<std::int32_t>& out) {
    if (!value.is_array()) {
        out.push_back(static_cast<std::int32_t>(whole(value, what, kMinWord, kMaxWord)));
        return;
    }
    require(depth < kMaxIndices, fmt::format("'{}' has too many indices", what));
    for (const Json& part : value) flatten(part, what, depth + 1, out);
}

}  // namespace

Trace trace_of(const Json& list, std::string_view what) {
    require(list.is_array(), fmt::format("'{}' must be a list of steps", what));
    Trace trace;
    for (const Json& step : list) flatten(step, what, 0, trace.emplace_back());
    return trace;
}

Trace trace_at(const Json& object, const std::string& key, std::size_t steps, std::size_t width) {
    Trace trace = trace_of(member(object, key), key);
    require(trace.size() >= steps,
            fmt::format("'{}' has {} steps, {} are expected", key, trace.size(), steps));
    trace.resize(steps);
    for (const auto& row : trace) {
        require(row.size() == width, fmt::format("'{}' has a row of {} values, {} are expected",
                                                 key, row.size(), width));
    }
    return trace;
}

Trace whole_trace_at(const Json& object, const std::string& key) {
    const Json& list = filled_list(object, key);
    const std::size_t width = trace_of(Json::array({list.front()}), key).front().size();
    require(width > 0, fmt::format("'{}' has empty rows", key));
    return trace_at(object, key, list.size(), width);
}

std::string compare_trace(std::string_view what, const Trace& got, const Trace& expected) {
    if (expected.size() > got.size()) {
        return fmt::format("{}: {} steps expected", what, expected.size());
    }
    for (std::size_t k = 0; k < expected.size(); ++k) {
        if (expected[k].size() < got[k].size()) {
            return fmt::format("step {}: {} has {} values, expected are {}", k, what, got[k].size(),
                               expected[k].size());
        }
        for (std::size_t i = 0; i < expected[k].size(); ++i) {
            if (i < got[k].size() && got[k][i] == expected[k][i]) continue;
            return fmt::format("step {}, neuron {}: {} is {}, expected {}", k, i, what,
                               i < got[k].size() ? std::to_string(got[k][i]) : "absent",
                               expected[k][i]);
        }
    }
    return {};
}

void Tape::run(std::uint64_t steps) {
    for (std::uint64_t k = 0; k < steps; ++k) {
        const emu::StepActivity& activity = machine_.step();
        for (std::size_t c = 0; c < activity.cores.size(); ++c) {
            for (const emu::EmittedSpike& spike : activity.cores[c].spikes) {
                sent_.push_back(
                    {words_.size(),
                     machine_.neuron(CoreSlot{static_cast<std::uint32_t>(c)}, spike.compartment),
                     spike.payload, spike.channel});
            }
        }
        Trace& words = words_.emplace_back(image_.neuron_count());
        for (std::uint32_t neuron = 0; neuron < words.size(); ++neuron) {
            for (std::uint32_t word = 0; word < isa::kStateWords; ++word) {
                words[neuron].push_back(machine_.state(NeuronId{neuron}, word));
            }
        }
    }
}

Trace Tape::payloads(std::size_t population, std::uint8_t channel) const {
    const isa::PopulationImage& neurons = image_.populations.at(population);
    Trace trace(words_.size(), std::vector<std::int32_t>(neurons.count, 0));
    for (const Sent& sent : sent_) {
        const std::uint32_t place = sent.neuron - neurons.first_neuron;
        if (sent.channel != channel || sent.neuron < neurons.first_neuron ||
            place >= neurons.count) {
            continue;
        }
        trace[sent.step][place] += sent.payload;
    }
    return trace;
}

Trace Tape::states(std::size_t population, const std::string& name) const {
    const isa::PopulationImage& neurons = image_.populations.at(population);
    const isa::ProgramImage* const program =
        isa::program_of(image_, static_cast<std::uint32_t>(population));
    SM_ASSERT(program != nullptr, neurons.name);
    const auto found = std::find(program->states.begin(), program->states.end(), name);
    SM_ASSERT(found != program->states.end(), name);
    const auto word = static_cast<std::size_t>(found - program->states.begin());
    Trace trace;
    for (const Trace& step : words_) {
        auto& row = trace.emplace_back();
        for (std::uint32_t i = 0; i < neurons.count; ++i) {
            row.push_back(step[(neurons.first_neuron + i).index()][word]);
        }
    }
    return trace;
}

}  // namespace seamount::conform
