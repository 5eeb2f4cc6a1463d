#include "tools/conform/recorder.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>

#include "isa/assert.hpp"

namespace seamount::conform {
namespace {

std::uint32_t word_of(const std::vector<std::string>& names, const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    SM_ASSERT(found != names.end(), name);
    return static_cast<std::uint32_t>(found - names.begin());
}

std::string compare_sums(const char* what, const Trace& got, const Json& expected) {
    for (std::size_t k = 0; k < expected.size(); ++k) {
        const auto sum = std::accumulate(got.at(k).begin(), got.at(k).end(), std::int64_t{0});
        if (sum != expected[k].get<std::int64_t>()) {
            return fmt::format("step {}: sum of {} is {}, expected {}", k, what, sum,
                               expected[k].get<std::int64_t>());
        }
    }
    return {};
}

}  // namespace

Recorder::Recorder(const isa::Image& image, emu::Machine& machine)
    : image_{image}, machine_{machine} {
    const isa::ProgramImage& program = image.programs.front();
    u_word_ = word_of(program.states, "u");
    v_word_ = word_of(program.states, "v");
    for (const auto& candidate : program.views) {
        if (candidate.name == "v_chip")
            chip_view_ = isa::Expression::parse(candidate.expression, {});
    }
}

std::int32_t Recorder::view(std::uint32_t neuron) const {
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
                    k, machine_.neuron(static_cast<std::uint32_t>(core), spike.compartment));
            }
        }
        auto& u = u_.emplace_back(n);
        auto& v = v_.emplace_back(n);
        auto& v_chip = v_chip_.emplace_back(n);
        for (std::uint32_t i = 0; i < n; ++i) {
            u[i] = machine_.state(i, u_word_);
            v[i] = machine_.state(i, v_word_);
            v_chip[i] = view(i);
        }
    }
    std::sort(spikes_.begin(), spikes_.end());
}

Outcome Recorder::compare(const Json& vector) const {
    const std::uint64_t steps = u_.size();
    if (vector.contains("spikes")) {
        std::vector<std::pair<std::uint64_t, std::uint32_t>> expected = vector["spikes"];
        std::sort(expected.begin(), expected.end());
        std::erase_if(expected, [steps](const auto& spike) { return spike.first >= steps; });
        const auto [got, want] =
            std::mismatch(spikes_.begin(), spikes_.end(), expected.begin(), expected.end());
        if (got != spikes_.end() || want != expected.end()) {
            const bool extra = want == expected.end() || (got != spikes_.end() && *got < *want);
            const auto& [step, neuron] = extra ? *got : *want;
            return Outcome::failed(fmt::format("step {}: neuron {} {} a spike", step, neuron,
                                               extra ? "must not emit" : "should emit"));
        }
    }
    const auto present = [&vector](const char* key) { return vector.contains(key); };
    std::string difference;
    const auto check = [&difference](auto&& comparison) {
        if (difference.empty()) difference = comparison();
    };
    if (present("u")) check([&] { return compare_trace("u", u_, trace_of(vector["u"])); });
    if (present("v")) check([&] { return compare_trace("v", v_, trace_of(vector["v"])); });
    if (present("u_sum")) check([&] { return compare_sums("u", u_, vector["u_sum"]); });
    if (present("v_sum")) check([&] { return compare_sums("v", v_, vector["v_sum"]); });
    if (present("u_final")) {
        check([&] {
            return compare_trace("final u", Trace{u_.back()},
                                 trace_of(Json::array({vector["u_final"]})));
        });
    }
    if (present("v_final")) {
        check([&] {
            return compare_trace("final v", Trace{v_.back()},
                                 trace_of(Json::array({vector["v_final"]})));
        });
    }
    if (present("v_probes")) {
        for (const auto& [neuron, trace] : vector["v_probes"].items()) {
            const auto i = static_cast<std::size_t>(std::stoul(neuron));
            for (std::size_t k = 0; k < trace.size() && difference.empty(); ++k) {
                const std::int32_t want = trace[k];
                if (v_chip_.at(k).at(i) != want) {
                    difference = fmt::format("step {}, neuron {}: v reads {}, expected {}", k, i,
                                             v_chip_[k][i], want);
                }
            }
        }
    }
    return Outcome::of(difference);
}

}  // namespace seamount::conform
