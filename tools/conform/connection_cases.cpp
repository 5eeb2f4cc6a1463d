#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <memory>

#include "compiler/lower/weights.hpp"
#include "emulator/machine/machine.hpp"
#include "tools/conform/network_parts.hpp"

namespace seamount::conform {
namespace {

using compiler::Network;
using compiler::Projection;
using compiler::SignMode;
using Matrix = std::vector<std::vector<std::int32_t>>;  ///< [post][pre]

SignMode mode_of(const std::string& name) {
    if (name == "EXCITATORY") return compiler::kExcitatory;
    if (name == "INHIBITORY") return compiler::kInhibitory;
    return compiler::kMixed;
}

/// What lava takes if the vector names no mode: the one that the weights need.
SignMode needed_mode(const Matrix& weights) {
    bool positive = false;
    bool negative = false;
    for (const auto& row : weights) {
        for (const std::int32_t w : row) {
            positive = positive || w > 0;
            negative = negative || w < 0;
        }
    }
    if (!negative) return compiler::kExcitatory;
    return positive ? compiler::kMixed : compiler::kInhibitory;
}

std::int32_t clipped(std::int32_t weight, SignMode mode) {
    const compiler::MantissaRange range = compiler::mantissa_range(mode);
    return std::clamp(weight, range.min, range.max);
}

Projection connect(std::uint32_t from, std::uint32_t to, std::shared_ptr<ListedRows> rows,
                   SignMode mode) {
    Projection projection;
    projection.name = fmt::format("{} to {}", from, to);
    projection.from.index = from;
    projection.to = to;
    projection.rows = std::move(rows);
    projection.sign_mode = mode;
    return projection;
}

std::shared_ptr<ListedRows> rows_of(const Matrix& weights, SignMode mode, const Matrix& delays) {
    auto rows = std::make_shared<ListedRows>(static_cast<std::uint32_t>(weights.front().size()));
    for (std::uint32_t post = 0; post < weights.size(); ++post) {
        for (std::uint32_t pre = 0; pre < weights[post].size(); ++pre) {
            rows->add(pre, {.target = post,
                            .weight = static_cast<double>(clipped(weights[post][pre], mode)),
                            .delay = delays.empty()
                                         ? 0U
                                         : static_cast<std::uint32_t>(delays.at(post).at(pre))});
        }
    }
    return rows;
}

/// The vectors state the weights as stored; the compiler's own must be the same.
std::string check_stored(const Matrix& weights, const Matrix& stored, SignMode mode, int bits) {
    for (std::size_t post = 0; post < weights.size(); ++post) {
        for (std::size_t pre = 0; pre < weights[post].size(); ++pre) {
            const std::int32_t got =
                compiler::truncate_mantissa(clipped(weights[post][pre], mode), mode, bits);
            if (got != stored.at(post).at(pre)) {
                return fmt::format("weight {} is stored as {}, expected {}", weights[post][pre],
                                   got, stored[post][pre]);
            }
        }
    }
    return {};
}

/// Two populations that pass on what they get: the first sends s_in, what reaches the second is
/// a_out one step later. Shifts of the sum to the right are the second one's.
Network relay_network(const Json& vector, const Context& context, const Trace& s_in,
                      std::uint32_t outputs, int shift) {
    Network network;
    network.name = vector.at("name");
    network.file = network.name;
    const auto inputs = static_cast<std::uint32_t>(s_in.front().size());
    const std::uint32_t pre = add_population(network, context, "graded_vec", inputs);
    const std::uint32_t post = add_population(network, context, "graded_vec", outputs);
    set_arg(network.populations[post], "exp", "weight_exp", {{shift}});
    feed(network, pre, 0, s_in);
    return network;
}

Outcome run_relay(Network network, const Context& context, const Trace& a_out) {
    const isa::Image image = build_image(std::move(network), context);
    emu::Machine machine(image, {});
    Tape tape(image, machine);
    tape.run(a_out.size());
    return Outcome::of(compare_trace("a_out", tape.payloads(1), a_out));
}

}  // namespace

Outcome run_dense(const Json& vector, const Context& context) {
    const Json& params = vector.at("params");
    const Matrix weights = vector.at("weights_in");
    const Matrix delays = vector.value("delays", Matrix{});
    const SignMode mode =
        params.contains("sign_mode") ? mode_of(params.at("sign_mode")) : needed_mode(weights);
    const int bits = params.at("num_weight_bits");
    const int exponent = params.at("weight_exp");
    if (exponent < 0 && !delays.empty()) {
        return Outcome::skipped("a negative exponent acts on the sum of each delay");
    }
    const std::string fault = check_stored(weights, vector.at("weights_eff"), mode, bits);
    if (!fault.empty()) return Outcome::failed(fault);

    const auto outputs = static_cast<std::uint32_t>(weights.size());
    // A synapse's own exponent rounds before the sum; lava rounds the sum.
    Network network = relay_network(vector, context, trace_of(vector.at("s_in")), outputs,
                                    std::max(-exponent, 0));
    Projection projection = connect(0, 1, rows_of(weights, mode, delays), mode);
    projection.bits = static_cast<std::uint32_t>(bits);
    projection.exponent = std::max(exponent, 0);
    projection.graded = params.at("num_message_bits") != 0;
    network.projections.push_back(std::move(projection));
    return run_relay(std::move(network), context, trace_of(vector.at("a_out")));
}

namespace {

/// Geometry of a convolution: lava's shapes are x, y, channel.
struct Geometry {
    explicit Geometry(const Json& vector)
        : input(vector.at("params").at("input_shape_XYC")),
          kernel(vector.at("params").at("weight_shape_out_x_y_in")),
          stride(vector.at("params").at("stride")),
          padding(vector.at("params").at("padding")),
          dilation(vector.at("params").at("dilation")),
          groups(vector.at("params").at("groups")) {
        for (const std::size_t axis : {0U, 1U}) {
            const std::int64_t span = dilation * (kernel[axis + 1] - 1) + 1;
            output[axis] = (input[axis] + 2 * padding - span) / stride + 1;
        }
    }

    std::array<std::int64_t, 3> input;   ///< x, y, channels
    std::array<std::int64_t, 4> kernel;  ///< output channels, x, y, input channels of a group
    std::int64_t stride;
    std::int64_t padding;
    std::int64_t dilation;
    std::int64_t groups;
    std::array<std::int64_t, 2> output{};  ///< x, y
};

/// Calls each(source, target, weight) for every synapse of a true convolution: the kernel is
/// flipped.
template <class Each>
void expand(const Geometry& g, const Json& weights, Each each) {
    const auto [channels, kernel_x, kernel_y, group_inputs] = g.kernel;
    for (std::int64_t x = 0; x < g.output[0]; ++x) {
        for (std::int64_t y = 0; y < g.output[1]; ++y) {
            for (std::int64_t o = 0; o < channels; ++o) {
                const std::int64_t target = (x * g.output[1] + y) * channels + o;
                const std::int64_t first = o / (channels / g.groups) * group_inputs;
                for (std::int64_t kx = 0; kx < kernel_x; ++kx) {
                    for (std::int64_t ky = 0; ky < kernel_y; ++ky) {
                        const std::int64_t sx = x * g.stride + kx * g.dilation - g.padding;
                        const std::int64_t sy = y * g.stride + ky * g.dilation - g.padding;
                        if (sx < 0 || sx >= g.input[0] || sy < 0 || sy >= g.input[1]) continue;
                        const Json& taps = weights.at(static_cast<std::size_t>(o))
                                               .at(static_cast<std::size_t>(kernel_x - 1 - kx))
                                               .at(static_cast<std::size_t>(kernel_y - 1 - ky));
                        for (std::int64_t c = 0; c < group_inputs; ++c) {
                            each(static_cast<std::uint32_t>((sx * g.input[1] + sy) * g.input[2] +
                                                            first + c),
                                 static_cast<std::uint32_t>(target),
                                 taps.at(static_cast<std::size_t>(c)).get<std::int32_t>());
                        }
                    }
                }
            }
        }
    }
}

}  // namespace

Outcome run_convolution(const Json& vector, const Context& context) {
    const Geometry geometry(vector);
    const Trace s_in = trace_of(vector.at("s_in"));
    const auto outputs =
        static_cast<std::uint32_t>(geometry.output[0] * geometry.output[1] * geometry.kernel[0]);
    const auto inputs = static_cast<std::uint32_t>(s_in.front().size());
    // Weights are used as they are: by sign, so that none loses its last bit.
    auto positive = std::make_shared<ListedRows>(inputs);
    auto negative = std::make_shared<ListedRows>(inputs);
    expand(geometry, vector.at("weights"),
           [&](std::uint32_t source, std::uint32_t target, std::int32_t weight) {
               (weight < 0 ? *negative : *positive)
                   .add(source, {.target = target, .weight = static_cast<double>(weight)});
           });
    Network network = relay_network(vector, context, s_in, outputs, 0);
    const bool graded = vector.at("params").at("num_message_bits") != 0;
    for (Projection projection : {connect(0, 1, positive, compiler::kExcitatory),
                                  connect(0, 1, negative, compiler::kInhibitory)}) {
        projection.graded = graded;
        network.projections.push_back(std::move(projection));
    }
    return run_relay(std::move(network), context, trace_of(vector.at("a_out")));
}

Outcome run_two_layers(const Json& vector, const Context& context) {
    Network network;
    network.name = vector.at("name");
    network.file = network.name;
    const Json& params = vector.at("params");
    const Matrix weights = vector.at("W");
    const Matrix recurrent = vector.at("W_rec");
    const SignMode mode = needed_mode(weights);
    const SignMode recurrent_mode = needed_mode(recurrent);
    if (const std::string fault = check_stored(weights, vector.at("W_eff"), mode, 8);
        !fault.empty()) {
        return Outcome::failed(fault);
    }
    add_population(network, context, "lif", static_cast<std::uint32_t>(weights.front().size()));
    add_population(network, context, "lif", static_cast<std::uint32_t>(weights.size()));
    for (const std::size_t layer : {0U, 1U}) {
        for (const auto& [key, value] : params.at(fmt::format("l{}", layer)).items()) {
            set_arg(network.populations[layer], key, key, values_of(value));
        }
    }
    feed(network, 0, 0, trace_of(vector.at("a_in0")));
    network.projections.push_back(connect(0, 1, rows_of(weights, mode, {}), mode));
    network.projections.back().exponent = params.at("dense_weight_exp");
    network.projections.push_back(
        connect(1, 1, rows_of(recurrent, recurrent_mode, {}), recurrent_mode));
    network.projections.back().exponent = params.at("rec_weight_exp");

    const isa::Image image = build_image(std::move(network), context);
    emu::Machine machine(image, {});
    Tape tape(image, machine);
    tape.run(vector.at("a_in0").size());
    for (const std::size_t layer : {0U, 1U}) {
        for (const std::string word : {"s", "u", "v"}) {
            const std::string key = fmt::format("{}{}", word, layer);
            const std::string difference =
                compare_trace(key, word == "s" ? tape.payloads(layer) : tape.states(layer, word),
                              trace_of(vector.at(key)));
            if (!difference.empty()) return Outcome::failed(difference);
        }
    }
    return Outcome::passed();
}

Outcome run_weight_quantisation(const Json& vector, const Context&) {
    const Json& params = vector.at("params");
    if (!params.contains("num_weight_bits")) {
        return Outcome::skipped("the compiler does not choose bits and exponent of a projection");
    }
    const SignMode mode = mode_of(params.at("sign_mode"));
    return Outcome::of(check_stored({vector.at("in").get<std::vector<std::int32_t>>()},
                                    {vector.at("out").get<std::vector<std::int32_t>>()}, mode,
                                    params.at("num_weight_bits")));
}

}  // namespace seamount::conform
