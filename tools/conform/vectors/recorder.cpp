#include "tools/conform/vectors/recorder.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <string>

#include "isa/base/assert.hpp"
#include "isa/base/json.hpp"
#include "tools/conform/vectors/vector.hpp"

namespace seamount::conform {
namespace {

std::uint32_t word_of(const std::vector<std::string>& names, const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    SM_ASSERT(found != names.end(), name);
    return static_cast<std::uint32_t>(found - names.begin());
}

/// The voltage as silicon shows it, a view of the program.
constexpr std::string_view kChipView = "v_chip";

std::uint32_t neuron_of(const std::string& key, std::uint32_t neurons) {
    std::uint32_t neuron = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), neuron);
    require(error == std::errc{} && end == key.data() + key.size() && neuron < neurons,
            fmt::format("'v_probes' has '{}', must be a neuron in [0, {}]", key, neurons - 1));
    return neuron;
}

}  // namespace

std::uint64_t steps_to_run(const Json& file) {
    std::int64_t steps = 0;
    if (file.contains("steps")) steps = whole_at(file, "steps", 1, kMaxSteps);
    if (file.contains("valid_steps")) {
        return static_cast<std::uint64_t>(
            whole_at(file, "valid_steps", 1, steps > 0 ? steps : kMaxSteps));
    }
    if (steps > 0) return static_cast<std::uint64_t>(steps);
    for (const char* key : {"u", "v", "u_sum", "v_sum"}) {
        if (file.contains(key)) return filled_list(file, key).size();
    }
    bad_vector("'steps' is missing");
}

Recorder::Recorder(const isa::Image& image, emu::Machine& machine, const Json& vector)
    : image_{image}, machine_{machine}, vector_{vector} {
    const isa::ProgramImage& program = image.programs.front();
    u_word_ = word_of(program.states, "u");
    v_word_ = word_of(program.states, "v");
    for (const auto& candidate : program.views) {
        if (candidate.name == kChipView)
            chip_view_ = isa::Expression::parse(candidate.expression, {});
    }
    if (vector.contains("v_probes")) {
        require(vector["v_probes"].is_object(), "'v_probes' must be an object");
        for (const auto& [key, trace] : vector["v_probes"].items()) {
            probed_.push_back(neuron_of(key, image.neuron_count()));
        }
    }
}

std::int32_t Recorder::view(NeuronId neuron) const {
    const isa::ProgramImage& program = image_.programs.front();
    return static_cast<std::int32_t>(
        chip_view_.evaluate([&](std::string_view name) -> std::int64_t {
            const std::string key(name);
            if (std::find(program.states.begin(), program.states.end(), key) !=
                program.states.end()) {
                return machine_.state(neuron, word_of(program.states, key));
            }
            return machine_.parameter(neuron, word_of(program.params, key));
        }));
}

void Recorder::run(std::uint64_t steps) {
    const std::uint32_t n = image_.neuron_count();
    for (std::uint64_t k = 0; k < steps; ++k) {
        const emu::StepActivity& activity = machine_.step();
        for (std::size_t core = 0; core < activity.cores.size(); ++core) {
            for (const emu::EmittedSpike& spike : activity.cores[core].spikes) {
                spikes_.emplace_back(
                    k,
                    machine_.neuron(CoreSlot{static_cast<std::uint32_t>(core)}, spike.compartment)
                        .value());
            }
        }
        auto& u = u_.emplace_back(n);
        auto& v = v_.emplace_back(n);
        for (std::uint32_t i = 0; i < n; ++i) {
            u[i] = machine_.state(NeuronId{i}, u_word_);
            v[i] = machine_.state(NeuronId{i}, v_word_);
        }
        auto& v_chip = v_chip_.emplace_back();
        for (const std::uint32_t neuron : probed_) v_chip.push_back(view(NeuronId{neuron}));
    }
    std::sort(spikes_.begin(), spikes_.end());
}

std::string Recorder::compare_spikes() const {
    const std::uint64_t steps = u_.size();
    const Json& listed = vector_["spikes"];
    require(listed.is_array(), "'spikes' must be a list");
    const std::int64_t last =
        vector_.contains("steps") ? whole_at(vector_, "steps", 1, kMaxSteps) - 1 : kMaxSteps;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> expected;
    for (const Json& spike : listed) {
        require(spike.is_array() && spike.size() == 2, "a spike must be [step, neuron]");
        const std::int64_t step = whole(spike[0], "spikes", 0, last);
        const std::int64_t neuron = whole(spike[1], "spikes", 0, image_.neuron_count() - 1);
        if (static_cast<std::uint64_t>(step) < steps) expected.emplace_back(step, neuron);
    }
    std::sort(expected.begin(), expected.end());
    const auto [got, want] =
        std::mismatch(spikes_.begin(), spikes_.end(), expected.begin(), expected.end());
    if (got == spikes_.end() && want == expected.end()) return {};
    const bool extra = want == expected.end() || (got != spikes_.end() && *got < *want);
    const auto& [step, neuron] = extra ? *got : *want;
    return fmt::format("step {}: neuron {} {} a spike", step, neuron,
                       extra ? "must not emit" : "should emit");
}

std::string Recorder::compare_sums(const std::string& key, const Trace& got) const {
    constexpr std::int64_t kLimit = std::int64_t{1} << 52;
    const std::vector<std::int64_t> expected = wholes(vector_[key], key, -kLimit, kLimit);
    require(expected.size() >= got.size(),
            fmt::format("'{}' has {} steps, {} are expected", key, expected.size(), got.size()));
    for (std::size_t k = 0; k < got.size(); ++k) {
        const auto sum = std::accumulate(got[k].begin(), got[k].end(), std::int64_t{0});
        if (sum != expected[k]) {
            return fmt::format("step {}: sum of {} is {}, expected {}", k, key.substr(0, 1), sum,
                               expected[k]);
        }
    }
    return {};
}

std::string Recorder::compare_probes(std::uint64_t least) const {
    std::size_t place = 0;
    for (const auto& [neuron, json] : vector_["v_probes"].items()) {
        const std::vector<std::int64_t> trace = wholes(json, "v_probes");
        require(trace.size() >= least,
                fmt::format("'v_probes' of neuron {} has {} steps, {} are expected", neuron,
                            trace.size(), least));
        for (std::size_t k = 0; k < std::min(trace.size(), v_chip_.size()); ++k) {
            if (v_chip_[k][place] == trace[k]) continue;
            return fmt::format("step {}, neuron {}: v reads {}, expected {}", k, neuron,
                               v_chip_[k][place], trace[k]);
        }
        ++place;
    }
    return {};
}

Outcome Recorder::compare(std::uint64_t least_probe) const {
    const std::size_t n = image_.neuron_count();
    const auto last = [&](const char* what, const char* key, const Trace& got) {
        return compare_trace(what, Trace{got.back()},
                             trace_at(Json{{key, Json::array({vector_[key]})}}, key, 1, n));
    };
    struct Comparison {
        const char* key;
        bool proves;  ///< whether an output that agrees says anything
        std::function<std::string()> difference;
    };
    const Comparison comparisons[] = {
        {"spikes", true, [&] { return compare_spikes(); }},
        {"u", true, [&] { return compare_trace("u", u_, trace_at(vector_, "u", u_.size(), n)); }},
        {"v", true, [&] { return compare_trace("v", v_, trace_at(vector_, "v", v_.size(), n)); }},
        {"u_final", true, [&] { return last("final u", "u_final", u_); }},
        {"v_final", true, [&] { return last("final v", "v_final", v_); }},
        {"u_sum", true, [&] { return compare_sums("u_sum", u_); }},
        {"v_sum", true, [&] { return compare_sums("v_sum", v_); }},
        {"v_probes", !probed_.empty(), [&] { return compare_probes(least_probe); }},
    };
    bool any = false;
    for (const auto& [key, proves, difference] : comparisons) {
        if (!vector_.contains(key)) continue;
        any = any || proves;
        const std::string found = difference();
        if (!found.empty()) return Outcome::failed(found);
    }
    return any ? Outcome::passed() : Outcome::failed("no expected outputs");
}

}  // namespace seamount::conform
