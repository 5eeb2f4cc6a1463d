#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "isa/base/json.hpp"
#include "isa/learning/trace_table.hpp"
#include "tools/conform/learning/cases.hpp"
#include "tools/conform/learning/learning_experiment.hpp"
#include "tools/conform/vectors/vector.hpp"

namespace seamount::conform {
namespace {

constexpr std::array<const char*, isa::kLearnTraces> kTraceNames{"x1", "x2", "y1", "y2", "y3"};

double number_at(const Json& object, const std::string& key, double missing, double min,
                 double max) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return missing;
    require(found->is_number(), fmt::format("'{}' must be a number", key));
    const double value = found->get<double>();
    require(value >= min && value <= max,
            fmt::format("'{}' is {}, must be in [{}, {}]", key, value, min, max));
    return value;
}

std::string rule_text(const Json& rule, const char* key) {
    return rule.contains(key) && rule[key].is_string() ? rule[key].get<std::string>() : "";
}

void set_constant_rounding(const Json& file, isa::LearningRuleImage& rule) {
    rule.rounding = isa::LearnRounding::kConstant;
    const double r = number_at(file, "rand_const", 0.5, 0.0, 1.0);
    rule.threshold = static_cast<std::uint32_t>(std::min(r * 0x1p32, 4294967295.0));
}

/// [[step, index], ...] with steps from `first`, moved by `shift` steps, as a trace of 0 and 1.
Trace raster(const Json& object, const std::string& key, std::int64_t first, std::size_t steps,
             std::size_t width, std::size_t shift = 0) {
    Trace trace(steps, std::vector<std::int32_t>(width, 0));
    const Json& list = member(object, key);
    require(list.is_array(), fmt::format("'{}' must be a list", key));
    for (const Json& spike : list) {
        require(spike.is_array() && spike.size() == 2,
                fmt::format("an entry of '{}' must be [step, index]", key));
        const auto step = static_cast<std::size_t>(whole(spike[0], key, first, kMaxSteps) - first);
        const auto index =
            static_cast<std::size_t>(whole(spike[1], key, 0, static_cast<std::int64_t>(width) - 1));
        if (step + shift < steps) ++trace[step + shift][index];
    }
    return trace;
}

/// All pairs, from a matrix [post][pre] (or [pre][post] if `by_pre`), in its order.
void add_matrix(const Trace& matrix, bool by_pre, LearningExperiment& e) {
    for (std::uint32_t row = 0; row < matrix.size(); ++row) {
        for (std::uint32_t column = 0; column < matrix[row].size(); ++column) {
            LearningExperiment::Synapse synapse{by_pre ? row : column, by_pre ? column : row,
                                                matrix[row][column]};
            e.synapses.push_back(synapse);
        }
    }
    e.sources = static_cast<std::uint32_t>(by_pre ? matrix.size() : matrix.front().size());
    e.targets = static_cast<std::uint32_t>(by_pre ? matrix.front().size() : matrix.size());
}

void expect(const Json& object, const char* key, const char* name, std::size_t steps,
            std::size_t width, LearningExperiment& e) {
    if (object.contains(key)) e.expected[name] = trace_at(object, key, steps, width);
}

void set_traces(const Json& object, const char* impulse, const char* tau, LearningExperiment& e) {
    for (std::size_t i = 0; i < kTraceNames.size(); ++i) {
        const auto key = [&](const char* pattern) {
            return fmt::format(fmt::runtime(pattern), kTraceNames[i]);
        };
        isa::set_impulse(number_at(object, key(impulse), 0.0, 0.0, 127.0), e.rule.traces[i]);
        isa::fill_decay(number_at(object, key(tau), 0.0, 0.0, isa::kMaxTau), e.rule.mode,
                        e.rule.epoch, e.rule.traces[i]);
    }
}

/// The integers that lava made of impulses and taus.
void set_effective_traces(const Json& effective, LearningExperiment& e) {
    const auto list = [&](const char* key, std::size_t size, double max) {
        const Json& values = member(effective, key);
        require(values.is_array() && values.size() == size,
                fmt::format("'{}' must have {} values", key, size));
        std::vector<double> numbers;
        for (const Json& value : values) {
            require(value.is_number() && value >= 0 && value <= max,
                    fmt::format("a value of '{}' is out of range", key));
            numbers.push_back(value.get<double>());
        }
        return numbers;
    };
    for (std::size_t i = 0; i < kTraceNames.size(); ++i) {
        const bool pre = i < isa::kPreTraces;
        const auto size = static_cast<std::size_t>(pre ? isa::kPreTraces : isa::kPostTraces);
        const std::size_t at = pre ? i : i - isa::kPreTraces;
        isa::TraceImage& trace = e.rule.traces[i];
        const std::string side = pre ? "x" : "y";
        trace.impulse = static_cast<std::uint32_t>(
            list((side + "_impulse_int").c_str(), size, isa::kMaxTrace)[at]);
        trace.impulse_fraction =
            static_cast<std::uint32_t>(list((side + "_impulse_frac256").c_str(), size, 255)[at]);
        isa::fill_decay(list((side + "_taus").c_str(), size, isa::kMaxTau)[at], e.rule.mode,
                        e.rule.epoch, trace);
    }
}

void set_initial(const Json& vector, const char* key,
                 std::int32_t LearningExperiment::Synapse::*field, LearningExperiment& e) {
    if (!vector.contains(key)) return;
    const Trace matrix = trace_at(vector, key, e.targets, e.sources);
    for (LearningExperiment::Synapse& synapse : e.synapses) {
        synapse.*field = matrix[synapse.post][synapse.pre];
    }
}

constexpr auto kRoundings = std::to_array<std::pair<std::string_view, isa::LearnRounding>>({
    {"floor", isa::LearnRounding::kFloor},
    {"half", isa::LearnRounding::kHalf},
    {"lava_rng", isa::LearnRounding::kStochastic},
});

}  // namespace

Outcome run_lava_learning(const Json& vector, const Context& context) {
    const Json& params = member(vector, "params");
    const std::string rounding_name = text_of(params, "rounding");
    const auto rounding = named(kRoundings, rounding_name);
    require(rounding.has_value(), fmt::format("unknown rounding '{}'", rounding_name));
    if (rounding == isa::LearnRounding::kStochastic) {
        return Outcome::skipped(
            "rounds by numpy's PCG64, one number per step shared by all synapses; ours are keyed "
            "by "
            "synapse and step, see the same rule with rounding floor and half");
    }
    LearningExperiment e;
    e.rule.name = "vector";
    e.rule.mode = isa::LearnMode::kLavaCompat;
    e.rule.rounding = *rounding;
    const Json& rule = member(params, "rule");
    e.rule.epoch = static_cast<std::uint8_t>(whole_at(rule, "t_epoch", 1, isa::kMaxEpoch));
    if (params.contains("graded_spike_cfg")) {
        e.rule.graded = static_cast<isa::GradedTrace>(whole_at(
            params, "graded_spike_cfg", 0, std::int64_t{isa::kGradedTraceNames.size()} - 1));
    }
    e.rule.post_from_program =
        params.contains("three_factor") && whole_at(params, "three_factor", 0, 1) != 0;
    set_effective_traces(member(params, "effective"), e);
    set_products(e, rule_text(rule, "dw"), rule_text(rule, "dd"), rule_text(rule, "dt"));
    e.sign_mode = sign_mode_of(member(params, "sign_mode"));
    if (params.contains("num_weight_bits"))
        e.weight_bits = weight_bits_at(params, "num_weight_bits");

    add_matrix(whole_trace_at(vector, "weights0"), false, e);
    set_initial(vector, "tag_1_0", &LearningExperiment::Synapse::tag, e);
    set_initial(vector, "tag_2_0", &LearningExperiment::Synapse::second_tag, e);
    e.pre = whole_trace_at(vector, "s_in");
    const std::size_t steps = e.pre.size();
    require(e.pre.front().size() == e.sources, "'s_in' has another number of sources");
    e.post = trace_at(vector, "s_in_bap", steps, e.targets);
    for (auto& row : e.post) {
        for (std::int32_t& spike : row) spike = spike != 0 ? 1 : 0;
    }
    for (const auto& row : e.pre) {
        e.graded = e.graded || std::any_of(row.begin(), row.end(), [](auto s) { return s > 1; });
    }
    if (e.rule.post_from_program) {
        for (std::size_t k = 0; k < e.y.size(); ++k) {
            e.y[k] = trace_at(vector, fmt::format("s_in_y{}", k + 1), steps, e.targets);
        }
    }
    const std::size_t pairs = e.synapses.size();
    expect(vector, "weights", "w", steps, pairs, e);
    expect(vector, "tag_1", "t", steps, pairs, e);
    expect(vector, "tag_2", "d", steps, pairs, e);
    expect(vector, "a_out", "a_out", steps, e.targets, e);
    for (const char* name : {"x1", "x2"}) expect(vector, name, name, steps, e.sources, e);
    for (const char* name : {"y1", "y2", "y3"}) expect(vector, name, name, steps, e.targets, e);
    require(e.expected.contains("w"), "'weights' is missing");
    return run_experiment(e, vector, context);
}

Outcome run_lava_learning_constant(const Json& file, const Context& context) {
    LearningExperiment e;
    e.rule.name = "vector";
    e.rule.mode = isa::LearnMode::kLavaCompat;
    set_constant_rounding(file, e.rule);
    e.rule.epoch = static_cast<std::uint8_t>(whole_at(file, "t_epoch", 1, isa::kMaxEpoch));
    set_traces(member(file, "traces"), "{}_impulse", "{}_tau", e);
    set_products(e, rule_text(file, "dw"), rule_text(file, "dd"), rule_text(file, "dt"));
    e.sign_mode = sign_mode_of(member(file, "sign_mode"));
    if (file.contains("num_weight_bits")) e.weight_bits = weight_bits_at(file, "num_weight_bits");
    add_matrix(whole_trace_at(file, "w0"), false, e);
    const auto steps = static_cast<std::size_t>(whole_at(file, "steps", 1, kMaxSteps));
    e.pre = raster(file, "pre_spikes", 1, steps, e.sources);
    e.post = raster(file, "post_spikes", 1, steps, e.targets);
    const Json& after = member(file, "state_after_step");
    const std::size_t pairs = e.synapses.size();
    expect(after, "w", "w", steps, pairs, e);
    expect(after, "tag", "t", steps, pairs, e);
    expect(after, "delay", "d", steps, pairs, e);
    for (const char* name : {"x1", "x2"}) expect(after, name, name, steps, e.sources, e);
    for (const char* name : {"y1", "y2", "y3"}) expect(after, name, name, steps, e.targets, e);
    require(e.expected.contains("w"), "'state_after_step' has no 'w'");
    return run_experiment(e, file, context);
}

Outcome run_brian_learning(const Json& file, const Context& context) {
    const Json& plastic = member(file, "plastic");
    LearningExperiment e;
    e.rule.name = "vector";
    e.rule.mode = isa::LearnMode::kBrian2Loihi;
    set_constant_rounding(file, e.rule);
    set_traces(plastic, "imp_{}", "tau_{}", e);
    set_products(e, rule_text(plastic, "dw"), "", "");
    e.sign_mode = sign_mode_of(member(plastic, "sign_mode"));
    e.weight_bits = weight_bits_at(plastic, "nbits");
    e.sources = static_cast<std::uint32_t>(whole_at(file, "n_pre", 1, kMaxNeurons));
    e.targets = static_cast<std::uint32_t>(whole_at(file, "n", 1, kMaxNeurons));
    const auto pre = wholes(member(plastic, "pre"), "pre", 0, e.sources - 1);
    const auto post = wholes_of_size(member(plastic, "post"), "post", pre.size(), 0, e.targets - 1);
    const auto w0 = wholes_of_size(member(plastic, "w0"), "w0", pre.size(), -256, 255);
    for (std::size_t i = 0; i < pre.size(); ++i) {
        e.synapses.push_back({static_cast<std::uint32_t>(pre[i]),
                              static_cast<std::uint32_t>(post.size() == 1 ? post[0] : post[i]),
                              static_cast<std::int32_t>(w0.size() == 1 ? w0[0] : w0[i])});
    }
    const auto steps = static_cast<std::size_t>(whole_at(file, "steps", 1, kMaxSteps));
    // Pre spikes count when they arrive, after the delay of all synapses.
    const auto delay = static_cast<std::size_t>(
        plastic.contains("delay") ? whole_at(plastic, "delay", 0, isa::kMaxDelay) : 0);
    e.pre = raster(file, "pre_spikes", 0, steps, e.sources, delay);
    e.post = raster(file, "spikes", 0, steps, e.targets);
    const Json& after = member(file, "state_after_step");
    expect(after, "w", "w", steps, e.synapses.size(), e);
    require(e.expected.contains("w"), "'state_after_step' has no 'w'");
    // Traces stand beside every synapse there: those of its source or target.
    for (const char* name : kTraceNames) {
        if (!after.contains(name)) continue;
        const bool of_pre = name[0] == 'x';
        const Trace each = trace_at(after, name, steps, e.synapses.size());
        Trace& trace = e.expected[name];
        for (const auto& row : each) {
            auto& out = trace.emplace_back(of_pre ? e.sources : e.targets, 0);
            for (std::size_t i = 0; i < row.size(); ++i) {
                out[of_pre ? e.synapses[i].pre : e.synapses[i].post] = row[i];
            }
        }
    }
    return run_experiment(e, file, context);
}

Outcome run_nengo_pes(const Json& file, const Context& context) {
    LearningExperiment e;
    e.rule.name = "vector";
    e.rule.mode = isa::LearnMode::kNengo;
    set_constant_rounding(file, e.rule);
    const std::int64_t trace_epoch = whole_at(file, "trace_epoch", 1, isa::kMaxEpoch);
    const std::int64_t learn_epoch = whole_at(file, "learn_epoch", trace_epoch, 1 << 20);
    std::uint32_t k = 0;
    while (trace_epoch << k < learn_epoch) ++k;
    require(trace_epoch << k == learn_epoch, "'learn_epoch' is no power of two of 'trace_epoch'");
    e.rule.epoch = static_cast<std::uint8_t>(trace_epoch);
    e.rule.post_from_program = true;
    const double tau = number_at(file, "tau", 0.0, 0.0, isa::kMaxTau);
    isa::set_impulse(number_at(file, "mag", 0.0, 0.0, 127.0), e.rule.traces[0]);
    isa::fill_decay(tau, e.rule.mode, e.rule.epoch, e.rule.traces[0]);
    set_products(e,
                 fmt::format("{}*2^{}*x1*y1*u{}", whole_at(file, "lr_int", -128, 127),
                             whole_at(file, "lr_exp", -7, 8), k),
                 "", "");
    add_matrix(whole_trace_at(file, "w0_mant"), true, e);
    const auto steps = static_cast<std::size_t>(whole_at(file, "steps", 1, kMaxSteps));
    e.pre = raster(file, "input_spikes", 0, steps, e.sources);
    e.post = Trace(steps, std::vector<std::int32_t>(e.targets, 0));
    // Each error drives a pair of neurons, one of them with the opposite sign.
    require(e.targets % 2 == 0, "errors come in pairs of neurons");
    const std::size_t pairs = e.targets / 2;
    const Trace errors = trace_at(file, "errors", steps, pairs);
    e.y[0] = Trace(steps, std::vector<std::int32_t>(e.targets, 0));
    for (std::size_t step = 0; step < steps; ++step) {
        for (std::size_t i = 0; i < pairs; ++i) {
            e.y[0][step][i] = -errors[step][i];
            e.y[0][step][i + pairs] = errors[step][i];
        }
    }
    expect(file, "w_mant_after_step", "w", steps, e.synapses.size(), e);
    expect(file, "trace_after_step", "x1", steps, e.sources, e);
    require(e.expected.contains("w"), "'w_mant_after_step' is missing");
    return run_experiment(e, file, context);
}

}  // namespace seamount::conform
