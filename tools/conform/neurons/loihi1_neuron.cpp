#include "tools/conform/neurons/loihi1_neuron.hpp"

#include <fmt/core.h>

#include <optional>
#include <string_view>

#include "isa/base/json.hpp"
#include "isa/image/bias.hpp"
#include "tools/conform/vectors/vector.hpp"

namespace seamount::conform {
namespace {

using Values = compiler::Values<std::int64_t>;

/// The chip's lower limits are -(2^e) + 1. -2^23, the smallest 24-bit number, is e = 23 as well: no
/// voltage is ever that low.
std::int64_t vmin_exponent(std::int64_t vmin) {
    if (vmin == -(1 << 23)) return 23;
    for (std::int64_t e = 0; e <= 23; ++e) {
        if (vmin == 1 - (std::int64_t{1} << e)) return e;
    }
    bad_vector(fmt::format("vmin is {}, must be 1 - 2^e with e in [0, 23]", vmin));
}

std::int64_t vmax_exponent(std::int64_t vmax) {
    for (std::int64_t e = 0; e <= 7; ++e) {
        if (vmax == (std::int64_t{1} << (9 + 2 * e)) - 1) return e;
    }
    bad_vector(fmt::format("vmax is {}, must be 2^(9 + 2e) - 1 with e in [0, 7]", vmax));
}

/// A bias in units of the voltage, as the chip's mantissa and exponent.
void set_bias(Arguments& arguments, const Values& values) {
    Values mantissas;
    Values exponents;
    for (const std::int64_t bias : values.list) {
        const isa::BiasParts parts = isa::split_bias(bias);
        require(std::int64_t{parts.mantissa} << parts.exponent == bias,
                fmt::format("bias is {}, which no mantissa and exponent of the chip give", bias));
        mantissas.list.push_back(parts.mantissa);
        exponents.list.push_back(parts.exponent);
    }
    arguments["bias"] = mantissas;
    arguments["bias_exp"] = exponents;
}

/// [{a: 1}, {a: 2}] as {a: [1, 2]}.
Json columns(const Json& rows) {
    Json object = Json::object();
    for (const Json& row : rows) {
        require(row.is_object() && row.size() == rows.front().size(),
                "the entries of 'neuron' have different parameters");
        for (const auto& [key, value] : rows.front().items()) {
            object[key].push_back(member(row, key));
        }
    }
    return object;
}

void check_range(const isa::Program& program, const std::string& arg, const std::string& key,
                 const Values& values) {
    const isa::ArgDecl* declared = program.find_arg(arg);
    require(declared != nullptr, fmt::format("unknown neuron parameter '{}'", key));
    for (const std::int64_t value : values.list) {
        require(
            value >= declared->min && value <= declared->max,
            fmt::format("{} is {}, must be in [{}, {}]", key, value, declared->min, declared->max));
    }
}

/// A neuron parameter of a vector: which argument of the program it is, and how its value becomes
/// the argument's if not as it stands.
struct Parameter {
    std::string_view argument;
    std::int64_t (*converted)(std::int64_t) = nullptr;
};
constexpr auto kParameters = std::to_array<std::pair<std::string_view, Parameter>>({
    {"decay_u_eff", {"decay_u"}},
    {"decay_v_eff", {"decay_v"}},
    {"vth_mant", {"vth"}},
    {"bias_mant", {"bias"}},
    {"bias_exp", {"bias_exp"}},
    {"refract", {"refract"}},
    {"vmin", {"vmin_exp", vmin_exponent}},
    {"vmax", {"vmax_exp", vmax_exponent}},
    {"noise_exp", {"noise_exp"}},
    {"noise_mant_offset", {"noise_offset"}},
    {"noise_at_membrane", {"noise_at_membrane"}},
    {"enable_noise", {"noise_enable"}},
});
constexpr std::string_view kWholeBias = "bias";  ///< stands for both bias_mant and bias_exp

}  // namespace

Arguments loihi1_arguments(const isa::Program& program, const Json& neuron, std::uint32_t neurons) {
    if (neuron.is_array()) {
        require(neuron.size() == neurons,
                fmt::format("'neuron' has {} entries, {} are expected", neuron.size(), neurons));
        return loihi1_arguments(program, columns(neuron), neurons);
    }
    require(neuron.is_object(), "'neuron' must be an object");
    Arguments arguments;
    for (const auto& [key, value] : neuron.items()) {
        Values values{wholes(value, key)};
        require(values.list.size() == 1 || values.list.size() == neurons,
                fmt::format("neuron parameter '{}' has {} values, 1 or {} are expected", key,
                            values.list.size(), neurons));
        if (key == kWholeBias) {
            require(!neuron.contains("bias_mant") && !neuron.contains("bias_exp"),
                    "both 'bias' and its mantissa or exponent are given");
            set_bias(arguments, values);
            continue;
        }
        const std::optional<Parameter> parameter = named(kParameters, key);
        require(parameter.has_value(), fmt::format("unknown neuron parameter '{}'", key));
        for (std::int64_t& number : values.list) {
            if (parameter->converted != nullptr) number = parameter->converted(number);
        }
        const std::string argument{parameter->argument};
        check_range(program, argument, key, values);
        arguments[argument] = std::move(values);
    }
    require(arguments.contains("vth"), "neuron parameter 'vth_mant' is missing");
    return arguments;
}

Json with_outer_parameters(const Json& file) {
    Json neuron = member(file, "neuron");
    if (!neuron.is_object()) return neuron;
    for (const char* key :
         {"bias", "noise_exp", "noise_mant_offset", "noise_at_membrane", "enable_noise"}) {
        const auto outer = file.find(key);
        if (outer == file.end()) continue;
        require(!neuron.contains(key), fmt::format("'{}' is given twice", key));
        neuron[key] = *outer;
    }
    if (file.contains("random_draws") && !neuron.contains("enable_noise")) {
        neuron["enable_noise"] = 1;
    }
    return neuron;
}

}  // namespace seamount::conform
