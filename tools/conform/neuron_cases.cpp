#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <memory>

#include "compiler/lower/bias.hpp"
#include "compiler/lower/weights.hpp"
#include "emulator/machine/machine.hpp"
#include "tools/conform/network_parts.hpp"
#include "tools/conform/recorder.hpp"

namespace seamount::conform {
namespace {

using compiler::Network;
using compiler::Values;

/// Rows of the vectors' synapse lists.
std::shared_ptr<ListedRows> rows_of(const Json& group, std::uint32_t sources) {
    const std::vector<std::uint32_t> pre = group.at("pre");
    const std::vector<std::uint32_t> post = group.at("post");
    const std::vector<std::int32_t> weight = group.at("w");
    const std::vector<std::uint32_t> delay = group.at("delay");
    auto rows = std::make_shared<ListedRows>(sources);
    for (std::size_t s = 0; s < pre.size(); ++s) {
        rows->add(pre[s], {post.at(s), static_cast<double>(weight.at(s)), delay.at(s)});
    }
    return rows;
}

/// Exponents of the chip's voltage limits: vmin = -(2^e) + 1, vmax = 2^(9 + 2e) - 1.
std::int64_t vmin_exponent(std::int64_t vmin) {
    return std::countr_zero(static_cast<std::uint64_t>(1 - vmin));
}
std::int64_t vmax_exponent(std::int64_t vmax) {
    return (std::countr_zero(static_cast<std::uint64_t>(vmax + 1)) - 9) / 2;
}

/// Names of the vectors' neuron parameters in configs/neurons/loihi1_cuba.asm.
void set_args(compiler::Population& population, const Json& neuron) {
    for (const auto& [key, value] : neuron.items()) {
        Values<std::int64_t> values = values_of(value);
        std::string arg = key;
        if (key == "decay_u_eff") arg = "decay_u";
        if (key == "decay_v_eff") arg = "decay_v";
        if (key == "vth_mant") arg = "vth";
        if (key == "bias_mant") arg = "bias";
        if (key == "vmin") {
            arg = "vmin_exp";
            std::transform(values.list.begin(), values.list.end(), values.list.begin(),
                           vmin_exponent);
        }
        if (key == "vmax") {
            arg = "vmax_exp";
            std::transform(values.list.begin(), values.list.end(), values.list.begin(),
                           vmax_exponent);
        }
        set_arg(population, arg, key, std::move(values));
    }
}

Network make_network(const Context& context, const std::string& name, std::uint32_t neurons) {
    Network network;
    network.name = name;
    network.file = name;
    add_population(network, context, "loihi1_cuba", neurons);
    return network;
}

void add_input(Network& network, std::uint32_t size,
               std::vector<std::array<std::uint64_t, 2>> spikes) {
    std::sort(spikes.begin(), spikes.end());
    compiler::Input input;
    input.image.name = "input";
    input.image.size = size;
    input.image.shape = {size};
    for (const auto& [step, source] : spikes) {
        input.image.spike_steps.push_back(step);
        input.image.spike_sources.push_back(static_cast<std::uint32_t>(source));
    }
    network.inputs.push_back(std::move(input));
}

void add_projection(Network& network, const Json& group, std::uint32_t index) {
    compiler::Projection projection;
    projection.name = fmt::format("synapses {}", index);
    projection.from.is_input = group.at("src") == "input";
    projection.rows = rows_of(group, network.source_size(projection.from));
    projection.exponent = group.at("wexp");
    projection.bits = group.at("nbits");
    const std::string mode = group.at("sign_mode");
    projection.sign_mode = mode == "exc"   ? compiler::kExcitatory
                           : mode == "inh" ? compiler::kInhibitory
                                           : compiler::kMixed;
    network.projections.push_back(std::move(projection));
}

/// The vectors state the effective weights; the compiler's own must be the same.
std::string check_effective_weights(const Json& group) {
    if (!group.contains("w_eff")) return {};
    const std::string mode_name = group.at("sign_mode");
    const auto mode = mode_name == "exc"   ? compiler::kExcitatory
                      : mode_name == "inh" ? compiler::kInhibitory
                                           : compiler::kMixed;
    const std::vector<std::int32_t> weight = group.at("w");
    const std::vector<std::int32_t> expected = group.at("w_eff");
    for (std::size_t s = 0; s < weight.size(); ++s) {
        const std::int32_t mantissa =
            compiler::truncate_mantissa(weight[s], mode, group.at("nbits"));
        const std::int32_t got = compiler::effective_weight(mantissa, group.at("wexp"));
        if (got != expected.at(s)) {
            return fmt::format("effective weight of {} is {}, expected {}", weight[s], got,
                               expected[s]);
        }
    }
    return {};
}

/// The draws that a vector lists, in place of the chip's random numbers.
class ListedDraws final : public isa::RandomSource {
public:
    explicit ListedDraws(const Json& draws)
        : draws_(draws.get<std::vector<std::vector<std::int32_t>>>()) {}
    void draw(std::span<const std::uint32_t> neurons, std::uint64_t step, std::uint32_t, int,
              isa::Draw, std::int32_t* out) const override {
        for (std::size_t i = 0; i < neurons.size(); ++i) out[i] = draws_.at(step).at(neurons[i]);
    }

private:
    std::vector<std::vector<std::int32_t>> draws_;
};

}  // namespace

Outcome run_static_case(const Json& file, const Context& context) {
    if (file.value("kind", "static") == "silicon" && file.at("neuron").is_array()) {
        return run_single_neuron_silicon(file, context);
    }
    const std::uint32_t neurons = file.at("n");
    Network network = make_network(context, file.at("name"), neurons);
    set_args(network.populations.front(), file.at("neuron"));
    const std::uint32_t inputs = file.value("n_inputs", 0U);
    if (inputs > 0) add_input(network, inputs, file.at("input_spikes"));
    std::uint32_t index = 0;
    for (const Json& group : file.at("synapses")) {
        if (const std::string fault = check_effective_weights(group); !fault.empty()) {
            return Outcome::failed(fault);
        }
        add_projection(network, group, index++);
    }

    const isa::Image image = build_image(std::move(network), context);
    emu::Machine machine(image, {});
    Recorder recorder(image, machine);
    recorder.run(file.value("valid_steps", file.at("steps").get<std::uint64_t>()));
    return recorder.compare(file);
}

Outcome run_single_neuron_silicon(const Json& file, const Context& context) {
    const Json& rows = file.at("neuron");
    const auto n = static_cast<std::uint32_t>(rows.size());
    Network network = make_network(context, file.at("name"), n);
    compiler::Population& population = network.populations.front();
    for (const auto& [key, first] : rows.front().items()) {
        std::vector<std::int64_t> column;
        for (const Json& row : rows) column.push_back(row.at(key));
        set_args(population, Json{{key, column}});
    }
    add_input(network, 1, {{file.at("input_index").get<std::uint64_t>(), 0}});
    Json synapses{{"src", "input"}, {"wexp", 0}, {"nbits", 8}, {"sign_mode", "mixed"}};
    for (std::uint32_t i = 0; i < n; ++i) {
        synapses["pre"].push_back(0);
        synapses["post"].push_back(i);
        synapses["w"].push_back(file.at("w_mant"));
        synapses["delay"].push_back(0);
    }
    add_projection(network, synapses, 0);

    const isa::Image image = build_image(std::move(network), context);
    emu::Machine machine(image, {});
    Recorder recorder(image, machine);
    std::size_t steps = 0;
    for (const Json& trace : file.at("v")) steps = std::max(steps, trace.size());
    recorder.run(steps);
    Json probes;
    for (std::uint32_t i = 0; i < n; ++i) probes[std::to_string(i)] = file.at("v").at(i);
    return recorder.compare(Json{{"v_probes", probes}});
}

Outcome run_noise_case(const Json& file, const Context& context) {
    Network network = make_network(context, file.at("name"), file.at("n"));
    compiler::Population& population = network.populations.front();
    set_args(population, file.at("neuron"));
    set_args(population, Json{{"noise_exp", file.at("noise_exp")},
                              {"noise_offset", file.at("noise_mant_offset")},
                              {"noise_at_membrane", file.at("noise_at_membrane")},
                              {"noise_enable", file.at("enable_noise")}});
    Values<std::int64_t> mantissas;
    Values<std::int64_t> exponents;
    for (const std::int64_t bias : values_of(file.at("bias")).list) {
        const compiler::BiasParts parts = compiler::split_bias(bias);
        mantissas.list.push_back(parts.mantissa);
        exponents.list.push_back(parts.exponent);
    }
    population.args["bias"] = mantissas;
    population.args["bias_exp"] = exponents;

    const isa::Image image = build_image(std::move(network), context);
    const ListedDraws draws(file.at("random_draws"));
    emu::Machine machine(image, {.random = &draws});
    Recorder recorder(image, machine);
    recorder.run(file.at("steps"));
    return recorder.compare(file);
}

}  // namespace seamount::conform
