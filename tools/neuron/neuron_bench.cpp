#include "tools/neuron/neuron_bench.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string_view>

#include "emulator/core/lockstep.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/microcode/interpreter.hpp"

namespace seamount::tools {
namespace {

using Args = std::map<std::string, std::int64_t>;

/// "did you mean", or all there are.
std::string hint_for(std::string_view name, const std::vector<std::string>& names,
                     const char* what) {
    return did_you_mean(name, names,
                        names.empty() ? fmt::format("it has no {}", what)
                                      : fmt::format("{} are {}", what, fmt::join(names, " ")));
}

std::int32_t initial(const isa::WordDecl& word, const Args& args, Diagnostics& problems) {
    try {
        const std::int64_t value = word.initial.evaluate(
            [&](std::string_view name) { return args.find(std::string{name})->second; });
        if (value >= std::numeric_limits<std::int32_t>::min() &&
            value <= std::numeric_limits<std::int32_t>::max()) {
            return static_cast<std::int32_t>(value);
        }
        problems.error("CLI-PARAM", word.where,
                       fmt::format("'{}' becomes {}, which does not fit 32 bits", word.name, value),
                       fmt::format("it is {}", word.initial.text()));
    } catch (const isa::ExpressionError& error) {
        problems.error("CLI-PARAM", word.where,
                       fmt::format("'{}' has no value: {}", word.name, error.what()),
                       fmt::format("it is {}", word.initial.text()));
    }
    return 0;
}

/// A group of one compartment, with its memory.
class OneNeuron {
public:
    OneNeuron(const isa::Program& program, const Args& args) : program_{program.words} {
        Diagnostics problems;
        for (const isa::WordDecl& p : program.params) {
            params_[static_cast<std::size_t>(p.index)] = initial(p, args, problems);
        }
        for (const isa::WordDecl& s : program.states) {
            state_[static_cast<std::size_t>(s.index) * emu::kLaneStride] =
                initial(s, args, problems);
        }
        problems.throw_if_errors();
        view_.program = &program_;
        view_.params = params_.data();
        view_.neurons = &id_;
        view_.count = view_.compartments = 1;
        view_.state = state_.data();
        view_.traces = traces_.data();
        view_.stride = emu::kLaneStride;
        for (std::size_t k = 0; k < isa::kAccumulators; ++k) {
            view_.now[k] = &now_[k];
            view_.next[k] = &next_[k];
        }
    }

    /// One step with these inputs, and what PSH left for it in the step before.
    void step(const std::array<std::int32_t, isa::kAccumulators>& inputs, std::uint64_t step,
              const isa::RandomSource& random, emu::CoreActivity& activity) {
        for (std::size_t k = 0; k < inputs.size(); ++k) {
            now_[k] = static_cast<std::int32_t>(static_cast<std::uint32_t>(inputs[k]) +
                                                static_cast<std::uint32_t>(next_[k]));
            next_[k] = 0;
        }
        activity.spikes.clear();
        engine_.update(view_, step, random, activity);
    }

    [[nodiscard]] std::int64_t state(int index) const {
        return state_[static_cast<std::size_t>(index) * emu::kLaneStride];
    }
    [[nodiscard]] std::int64_t param(int index) const {
        return params_[static_cast<std::size_t>(index)];
    }
    [[nodiscard]] bool writes(int state) const {
        return ((program_.written_states() >> static_cast<unsigned>(state)) & 1U) != 0;
    }

private:
    emu::LockstepProgram program_;
    emu::Lockstep engine_;
    std::array<std::int32_t, isa::kParameters> params_{};
    emu::LineVector<std::int32_t> state_ =
        emu::LineVector<std::int32_t>(isa::kStateWords * emu::kLaneStride);
    emu::LineVector<std::int32_t> traces_ =
        emu::LineVector<std::int32_t>(isa::kTraceRegisters * emu::kLaneStride);
    std::array<std::int32_t, isa::kAccumulators> now_{};
    std::array<std::int32_t, isa::kAccumulators> next_{};
    NeuronId id_;
    emu::GroupView view_;
};

const isa::ViewDecl* find_view(const isa::Program& program, std::string_view name) {
    const auto found = std::find_if(program.views.begin(), program.views.end(),
                                    [&](const isa::ViewDecl& v) { return v.name == name; });
    return found == program.views.end() ? nullptr : &*found;
}

std::vector<Curve> curves_of(const std::vector<std::string>& records, const isa::Program& program,
                             const OneNeuron& neuron) {
    std::vector<Curve> curves;
    std::vector<std::string> names;
    for (const isa::WordDecl& s : program.states) {
        names.push_back(s.name);
        if (records.empty() && neuron.writes(s.index)) curves.push_back({s.name, {}});
    }
    for (const isa::ViewDecl& v : program.views) names.push_back(v.name);
    Diagnostics problems;
    for (const std::string& name : records) {
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            problems.error("CLI-RECORD", {program.file, 0, 0},
                           fmt::format("no state word or view '{}'", name),
                           hint_for(name, names, "state words and views"));
        }
        curves.push_back({name, {}});
    }
    problems.throw_if_errors();
    return curves;
}

}  // namespace

Args read_params(const std::vector<std::string>& assignments, const isa::Program& program) {
    Diagnostics problems;
    const auto problem = [&](std::string message, std::string hint) {
        problems.error("CLI-PARAM", {program.file, 0, 0}, std::move(message), std::move(hint));
    };
    std::vector<std::string> names;
    for (const isa::ArgDecl& arg : program.args) names.push_back(arg.name);
    Args args;
    for (const std::string& text : assignments) {
        const std::size_t equals = std::min(text.find('='), text.size());
        const std::string name = text.substr(0, equals);
        const std::string value = text.substr(std::min(equals + 1, text.size()));
        const isa::ArgDecl* arg = program.find_arg(name);
        std::int64_t number = 0;
        const auto [end, error] =
            std::from_chars(value.data(), value.data() + value.size(), number);
        if (arg == nullptr) {
            problem(fmt::format("no argument '{}'", name), hint_for(name, names, "arguments"));
        } else if (value.empty() || error != std::errc{} || end != value.data() + value.size()) {
            problem(value.empty()
                        ? fmt::format("'{}' gets no value", name)
                        : fmt::format("'{}' is '{}', must be a whole number", name, value),
                    "write --param NAME=NUMBER");
        } else if (number < arg->min || number > arg->max) {
            problem(
                fmt::format("'{}' is {}, must be in [{}, {}]", name, number, arg->min, arg->max),
                arg->doc);
        } else if (!args.emplace(name, number).second) {
            problem(fmt::format("'{}' is given twice", name), "");
        }
    }
    for (const isa::ArgDecl& arg : program.args) {
        if (args.contains(arg.name)) continue;
        if (arg.initial) {
            args[arg.name] = *arg.initial;
        } else if (!problems.has_errors()) {
            problem(fmt::format("'{}' is required, in [{}, {}]", arg.name, arg.min, arg.max),
                    fmt::format("--param {}=NUMBER: {}", arg.name, arg.doc));
        }
    }
    problems.throw_if_errors();
    return args;
}

NeuronTrace run_neuron(const isa::Program& program, const Args& args, const Stimulus& stimulus,
                       std::uint32_t steps, std::uint64_t seed,
                       const std::vector<std::string>& records) {
    OneNeuron neuron{program, args};
    NeuronTrace trace;
    trace.records = curves_of(records, program, neuron);
    const std::vector<std::size_t> used = stimulus.used();
    for (const std::size_t k : used) {
        trace.inputs.push_back(
            {k < program.accumulators.size() ? program.accumulators[k] : fmt::format("a{}", k),
             {}});
    }
    const auto word = [&](std::string_view name) -> std::int64_t {
        if (const isa::WordDecl* s = program.find_state(name)) return neuron.state(s->index);
        for (const isa::WordDecl& p : program.params) {
            if (p.name == name) return neuron.param(p.index);
        }
        return 0;
    };
    const isa::PhiloxSource random{seed};
    emu::CoreActivity activity;
    for (std::uint32_t t = 0; t < steps; ++t) {
        std::array<std::int32_t, isa::kAccumulators> inputs{};
        for (std::size_t i = 0; i < used.size(); ++i) {
            inputs[used[i]] = stimulus.at(used[i], t);
            trace.inputs[i].values.push_back(inputs[used[i]]);
        }
        neuron.step(inputs, t, random, activity);
        for (Curve& curve : trace.records) {
            std::int64_t value = 0;
            const isa::ViewDecl* view = find_view(program, curve.name);
            try {
                value = view != nullptr ? view->value.evaluate(word) : word(curve.name);
            } catch (const isa::ExpressionError&) {
                ++trace.failed_views;
            }
            curve.values.push_back(value);
        }
        auto& spikes = trace.spikes.emplace_back();
        for (const emu::EmittedSpike& spike : activity.spikes) spikes.push_back(spike.payload);
    }
    trace.overflows = activity.overflows;
    trace.cycles = activity.cycles;
    return trace;
}

}  // namespace seamount::tools
