#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <map>

#include "emulator/machine/machine.hpp"
#include "isa/base/json.hpp"
#include "tools/conform/neurons/cases.hpp"
#include "tools/conform/vectors/network_parts.hpp"
#include "tools/conform/vectors/vector.hpp"

namespace seamount::conform {
namespace {

/// How the vectors of a neuron model of lava map onto a program of configs/neurons.
struct Model {
    std::string program;
    std::vector<std::string> inputs;               ///< traces, by accumulator
    std::string sent;                              ///< trace of payloads
    std::map<std::string, std::string> states;     ///< traces, and the state words they record
    std::map<std::string, std::string> arguments;  ///< of other names; "": only for information
    std::string second{};                          ///< trace of payloads on channel 1
};

using Names = std::map<std::string, std::string>;

/// The thresholds of these vectors are scaled already; the others are lava's floating-point
/// arguments.
Names resonator_names() {
    return {{"period", ""}, {"alpha", ""}, {"vth", ""}, {"vth_eff", "vth"}};
}
/// Values that lava scaled, beside those that it was given: the programs scale on their own.
Names scaled_names() {
    return {{"vth_eff", ""}, {"bias_eff", ""}};
}

/// Runs one population on the input traces for as many steps as the longest output has, and
/// compares all outputs; each must have that many.
Outcome run(const Model& model, const Json& vector, const Context& context) {
    std::size_t steps = 0;
    std::size_t width = 0;
    for (const auto& [key, value] : vector.items()) {
        if (!value.is_array()) continue;
        const bool input =
            std::find(model.inputs.begin(), model.inputs.end(), key) != model.inputs.end();
        if (!input && key != model.sent && key != model.second && model.states.count(key) == 0) {
            return Outcome::failed(fmt::format("nothing is known to compare with '{}'", key));
        }
        const Trace trace = whole_trace_at(vector, key);
        width = std::max(width, trace.front().size());
        if (!input) steps = std::max(steps, trace.size());
    }
    if (steps == 0) return Outcome::failed("no expected outputs");
    if (vector.contains("n")) {
        width = static_cast<std::size_t>(whole_at(vector, "n", 1, kMaxNeurons));
    }
    require(steps * width <= kMaxWords, "more than 2^27 values to compare");

    compiler::Network network = named_network(vector);
    add_population(network, context, model.program, static_cast<std::uint32_t>(width));
    compiler::Population& population = network.populations.front();
    const Json params = vector.value("params", Json::object());
    require(params.is_object(), "'params' must be an object");
    for (const auto& [key, value] : params.items()) {
        const auto renamed = model.arguments.find(key);
        const std::string& arg = renamed == model.arguments.end() ? key : renamed->second;
        if (!arg.empty()) set_arg(population, arg, key, value);
    }
    for (std::uint32_t a = 0; a < model.inputs.size(); ++a) {
        feed(network, 0, a, trace_at(vector, model.inputs[a], steps, width));
    }

    const isa::Image image = build_image(std::move(network), context);
    emu::Machine machine(image, {});
    Tape tape(image, machine);
    tape.run(steps);
    std::string difference;
    if (vector.contains(model.sent)) {
        difference =
            compare_trace(model.sent, tape.payloads(0), trace_at(vector, model.sent, steps, width));
    }
    if (difference.empty() && !model.second.empty() && vector.contains(model.second)) {
        difference = compare_trace(model.second, tape.payloads(0, 1),
                                   trace_at(vector, model.second, steps, width));
    }
    for (const auto& [key, state] : model.states) {
        if (!difference.empty()) break;
        if (!vector.contains(key)) continue;
        difference = compare_trace(key, tape.states(0, state), trace_at(vector, key, steps, width));
    }
    return Outcome::of(difference);
}

/// A program with lif.asm's arguments, inputs and states.
Model lif_like(const char* program) {
    return {program, {"a_in"}, "s_out", {{"u", "u"}, {"v", "v"}}, {{"bias_mant", "bias"}}};
}

CaseRunner plain(Model model) {
    return [model = std::move(model)](const Json& vector, const Context& context) {
        return run(model, vector, context);
    };
}

/// lava's refractory model is floating point; these vectors have whole numbers and full or no
/// decay. Values count 2^6 in the program, and its counter runs down to what the vectors give as a
/// step.
Outcome run_refractory(const Json& vector, const Context& context) {
    Json scaled = vector;
    Json& params = scaled["params"];
    if (params.is_null()) params = Json::object();
    const auto rescale = [&params](const char* key, std::int64_t low, std::int64_t high,
                                   const std::function<std::int64_t(std::int64_t)>& f) {
        std::vector<std::int64_t> values = wholes(params.value(key, Json(0)), key, low, high);
        std::transform(values.begin(), values.end(), values.begin(), f);
        params[key] = values;
    };
    rescale("du", 0, 1, [](std::int64_t du) { return du == 0 ? -1 : 4095; });
    rescale("dv", 0, 1, [](std::int64_t dv) { return dv * 4096; });
    rescale("bias_exp", -14, 7, [](std::int64_t exponent) { return exponent + 6; });
    for (const char* key : {"u", "v"}) {
        if (params.contains(key)) {
            rescale(key, -(1 << 17), 1 << 17, [](std::int64_t start) { return start * 64; });
        }
        if (!scaled.contains(key)) continue;
        Trace trace = trace_of(scaled[key], key);
        for (auto& row : trace) {
            for (std::int32_t& value : row) {
                require(value >= -(1 << 25) && value < 1 << 25,
                        fmt::format("{} is {}, beyond the program", key, value));
                value *= 64;
            }
        }
        scaled[key] = trace;
    }
    if (scaled.contains("refractory_period_end")) {
        Trace trace = trace_of(scaled["refractory_period_end"], "refractory_period_end");
        std::int32_t time = 0;
        for (auto& row : trace) {
            ++time;
            for (std::int32_t& end : row) end = std::max(end, time) - time;
        }
        scaled["refractory_period_end"] = trace;
    }
    Model model = lif_like("lif_refractory");
    model.states["refractory_period_end"] = "ref";
    return run(model, scaled, context);
}

Outcome run_resonator(Model model, const Json& vector, const Context& context) {
    Json plain_vector = vector;
    constexpr std::int32_t kLimit = 8388607;  // of the programs' saturating additions
    Json& params = plain_vector["params"];
    if (params.contains("ri_limit")) {
        for (const std::int64_t limit : wholes(params["ri_limit"], "ri_limit")) {
            require(limit == kLimit, "the programs' limit of real and imag is 8388607");
        }
        params.erase("ri_limit");
    }
    model.inputs = {"a_real_in", "a_imag_in"};
    model.sent = "s_out";
    model.states = {{"real", "real"}, {"imag", "imag"}};
    model.arguments = resonator_names();
    return run(model, plain_vector, context);
}

Outcome run_sigma_delta(const Model& model, const Json& vector, const Context& context) {
    Json numeric = vector;
    Json& params = numeric.at("params");
    constexpr auto kReluOfMode =
        std::to_array<std::pair<std::string_view, int>>({{"UNIT", 0}, {"RELU", 1}});
    const std::optional<int> relu = named(kReluOfMode, text_of(params, "act_mode"));
    require(relu.has_value(), "'act_mode' must be RELU or UNIT");
    params["relu"] = *relu;
    params.erase("act_mode");
    return run(model, numeric, context);
}

Outcome run_graded_threshold(const Json& vector, const Context& context) {
    const bool relu = whole_at(member(vector, "params"), "relu", 0, 1) != 0;
    return run({relu ? "graded_relu_vec" : "graded_vec", {"a_in"}, "s_out", {}, {{"relu", ""}}},
               vector, context);
}

/// The file holds a trace of NormVecDelay and a table of roots: one neuron for each.
Outcome run_normalisation(const Json& vector, const Context& context) {
    if (!vector.contains("x")) {
        require(vector.contains("s_out") && vector.contains("s2_out"),
                "'s_out' and 's2_out' are expected");
        return run({"norm_vec_delay", {"a_in1", "a_in2"}, "s_out", {}, {}, "s2_out"}, vector,
                   context);
    }
    if (vector.at("params") != Json{{"fp_base", 12}, {"n_iters", 5}}) {
        return Outcome::failed("the program has fp_base 12 and n_iters 5");
    }
    const Json table{{"name", text_of(vector, "name")},
                     {"x", Json::array({filled_list(vector, "x")})},
                     {"y", Json::array({filled_list(vector, "y")})}};
    return run({"inv_sqrt", {"x"}, "y", {}, {}}, table, context);
}

}  // namespace

CaseRunner neuron_model_runner(const std::string& model) {
    const auto resonator = [](const char* program) -> CaseRunner {
        return [program](const Json& vector, const Context& context) {
            return run_resonator({program, {}, {}, {}, {}}, vector, context);
        };
    };
    const auto sigma_delta = [](Model found) -> CaseRunner {
        return [found = std::move(found)](const Json& vector, const Context& context) {
            return run_sigma_delta(found, vector, context);
        };
    };
    static const std::map<std::string, CaseRunner> runners{
        {"PyLifModelBitAcc", plain(lif_like("lif"))},
        {"PyLifResetModelBitAcc", plain(lif_like("lif_reset"))},
        {"PyTernLifModelFixed", plain(lif_like("ternary_lif"))},
        {"PyLifRefractoryModelFloat", run_refractory},
        {"PyATRLIFModelFixed", plain({"atrlif",
                                      {"a_in"},
                                      "s_out",
                                      {{"i", "i"}, {"v", "v"}, {"theta", "theta"}, {"r", "r"}},
                                      {{"bias_mant", "bias"},
                                       {"delta_i_q12", "delta_i"},
                                       {"delta_v_q12", "delta_v"},
                                       {"delta_theta_q12", "delta_theta"},
                                       {"delta_r_q12", "delta_r"}}})},
        {"PyRFModelFixed", resonator("rf")},
        {"PyRF_IZModelFixed", resonator("rf_iz")},
        {"PyRFZeroModelFixed",
         plain({"resfire_zero", {"u_in", "v_in"}, "s_out", {{"u", "u"}, {"v", "v"}}, {}})},
        {"PySigmaModelFixed", plain({"sigma", {"a_in"}, "s_out", {{"sigma", "sigma"}}, {}})},
        {"PyDeltaModelFixed", plain({"delta",
                                     {"a_in"},
                                     "s_out",
                                     {{"act", "act"}, {"residue", "residue"}, {"error", "error"}},
                                     scaled_names()})},
        {"PySigmaDeltaModelFixed",
         sigma_delta(
             {"sigma_delta",
              {"a_in"},
              "s_out",
              {{"sigma", "sigma"}, {"act", "act"}, {"residue", "residue"}, {"error", "error"}},
              scaled_names()})},
        {"PySigmaDeltaModelFixedCorrected",
         sigma_delta({"sigma_delta_corrected",
                      {"a_in"},
                      "s_out",
                      {{"sigma", "sigma"}, {"act", "act"}},
                      {{"vth_eff", ""}, {"bias_eff", ""}, {"cum_error", ""}}})},
        {"PyGradedVecModelFixed / PyGradedReluVecModelFixed", run_graded_threshold},
        {"PyProdNeuronModelFixed", plain({"prod_neuron", {"a_in1", "a_in2"}, "s_out", {}, {}})},
        {"NormVecDelayModel, inv_sqrt()", run_normalisation},
        {"SpikerModel",
         plain({"spiker", {}, "s_out", {{"counter", "counter"}}, {{"counter0", "counter"}}})},
    };
    const auto found = runners.find(model);
    return found == runners.end() ? CaseRunner{} : found->second;
}

}  // namespace seamount::conform
