#include "tools/export/nir/neuron_node.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "isa/microcode/program.hpp"

namespace seamount::exporter {
namespace {

/// What is to be known of a program that has a counterpart.
struct Known {
    const char* program;
    const char* u_decay;  ///< argument; null: the current does not last
    const char* v_decay;  ///< null: nothing leaks
    double u_offset;      ///< what is added to it
    double decay_unit;    ///< what decays are fractions of
    double input_unit;    ///< units of v in one of inputs and thresholds
    bool spikes;
    bool subtracts;  ///< always; others may have an argument soft_reset
};
constexpr std::array kKnown{
    Known{"loihi1_cuba", "decay_u", "decay_v", 0, 4096, 64, true, false},
    Known{"lif", "du", "dv", 1, 4096, 64, true, false},
    Known{"soft_reset_lif", "du", "dv", 1, 4096, 64, true, true},
    Known{"lif_fine", "du", "dv", 0, 1 << 20U, 64, true, false},
    Known{"if", nullptr, nullptr, 0, 1, 64, true, false},
    Known{"if_fine", nullptr, nullptr, 0, 1, 1, true, false},
    Known{"li", nullptr, "dv", 0, 4096, 64, false, false},
    Known{"cuba_li", "du", "dv", 0, 1 << 20U, 64, false, false},
};

/// Arguments with which a program is more than a node of NIR, and what they have to be.
struct Plain {
    const char* name;
    std::int64_t value;
    const char* what;
};
constexpr std::array kPlain{
    Plain{"refract", 1, "a refractory time"},        Plain{"noise_enable", 0, "noise"},
    Plain{"vmin_exp", 23, "a bound of the voltage"}, Plain{"vmax_exp", 7, "a bound of the voltage"},
    Plain{"u", 0, "a state to start with"},          Plain{"v", 0, "a state to start with"},
};

class Reader {
public:
    Reader(const compiler::Population& population, const Known& known)
        : population_{population}, known_{known} {}

    [[nodiscard]] std::optional<std::vector<double>> values(const char* name) const {
        const isa::ArgDecl* const declared = population_.program->find_arg(name);
        if (declared == nullptr) return std::nullopt;
        std::vector<double> result;
        const auto given = population_.args.find(name);
        for (std::uint32_t i = 0; i < population_.size; ++i) {
            const std::int64_t value = given != population_.args.end()
                                           ? given->second.at(i)
                                           : declared->initial.value_or(0);
            result.push_back(static_cast<double>(value));
        }
        return result;
    }
    /// The share that decays per step.
    [[nodiscard]] std::vector<double> decays(const char* name, double offset) const {
        std::vector<double> result =
            name == nullptr ? std::vector<double>(population_.size, 1.0) : *values(name);
        if (name == nullptr) return result;
        for (double& value : result) value = (value + offset) / known_.decay_unit;
        return result;
    }
    /// In units of v.
    [[nodiscard]] std::vector<double> bias() const {
        std::vector<double> result = *values("bias");
        const auto exponents = values("bias_exp");
        for (std::size_t i = 0; exponents && i < result.size(); ++i) {
            const double scaled = std::ldexp(result[i], static_cast<int>((*exponents)[i]));
            result[i] = std::floor(scaled);
        }
        return result;
    }

    [[nodiscard]] bool starts_elsewhere() const { return !population_.initial.empty(); }

private:
    const compiler::Population& population_;
    const Known& known_;
};

bool all_are(const std::vector<double>& values, double wanted) {
    return std::all_of(values.begin(), values.end(), [&](double v) { return v == wanted; });
}

std::string not_plain(const Reader& reader) {
    if (reader.starts_elsewhere()) return "has 'initial' states, which NIR has not";
    for (const Plain& plain : kPlain) {
        const auto values = reader.values(plain.name);
        if (!values || all_are(*values, static_cast<double>(plain.value))) continue;
        return fmt::format("has {} ('{}' is not {}), which NIR has not", plain.what, plain.name,
                           plain.value);
    }
    return {};
}

std::vector<double> inverse(const std::vector<double>& values, double factor = 1) {
    std::vector<double> result;
    for (const double value : values) result.push_back(factor / value);
    return result;
}

/// Sets the class and its fields by what lasts from step to step; a problem otherwise.
std::string classify(const Reader& reader, const Known& known, double dt, NeuronNode& node) {
    const std::vector<double> u = reader.decays(known.u_decay, known.u_offset);
    const std::vector<double> bias = reader.bias();
    std::vector<double> v = reader.decays(known.v_decay, 0);
    if (known.v_decay == nullptr || all_are(v, 0)) {
        if (!all_are(u, 1)) {
            return "has a current that lasts and a voltage that does not leak: tau_mem would be "
                   "infinite";
        }
        node.type = node.spikes ? "IF" : "I";
        node.fields["r"] = std::vector<double>(u.size(), 1.0);
        if (!all_are(bias, 0)) {
            for (const double b : bias) node.own_bias.push_back(b / kUnit);
        }
        return {};
    }
    const auto has_zero = [](const std::vector<double>& decays) {
        return std::any_of(decays.begin(), decays.end(), [](double d) { return d <= 0; });
    };
    if (has_zero(u) || has_zero(v)) return "has neurons of which nothing decays, and others";
    const bool has_current = !all_are(u, 1);
    node.type = std::string{has_current ? "Cuba" : ""} + (node.spikes ? "LIF" : "LI");
    node.fields[has_current ? "tau_mem" : "tau"] = inverse(v, dt);
    node.fields["r"] = inverse(v);
    std::vector<double>& leak = node.fields["v_leak"];
    for (std::size_t i = 0; i < v.size(); ++i) leak.push_back(bias[i] / v[i] / kUnit);
    if (!has_current) return {};
    node.fields["tau_syn"] = inverse(u, dt);
    node.fields["w_in"] = inverse(u);
    return {};
}

}  // namespace

NeuronNode node_of(const compiler::Population& population, double dt, std::string& problem) {
    NeuronNode node;
    const std::string& name = population.program->name;
    const auto known = std::find_if(kKnown.begin(), kKnown.end(),
                                    [&](const Known& one) { return name == one.program; });
    if (known == kKnown.end()) {
        std::vector<std::string> names;
        for (const Known& one : kKnown) names.emplace_back(one.program);
        problem = fmt::format("is of '{}', which is no class of NIR; those that are: {}", name,
                              fmt::join(names, ", "));
        return {};
    }
    const Reader reader{population, *known};
    node.spikes = known->spikes;
    node.input_unit = known->input_unit;
    problem = not_plain(reader);
    if (problem.empty()) problem = classify(reader, *known, dt, node);
    if (!problem.empty()) return {};
    if (!node.spikes) return node;
    node.subtracts = known->subtracts;
    if (const auto soft = reader.values("soft_reset")) {
        if (!all_are(*soft, soft->front())) {
            problem = "has neurons of both resets, and a NIR file says neither";
            return {};
        }
        node.subtracts = soft->front() != 0;
    }
    std::vector<double>& threshold = node.fields["v_threshold"];
    const std::vector<double> thresholds = reader.values("vth").value();
    for (const double vth : thresholds) {
        threshold.push_back(vth * known->input_unit / kUnit);
    }
    node.fields["v_reset"] = std::vector<double>(threshold.size(), 0.0);
    return node;
}

}  // namespace seamount::exporter
