#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "compiler/frontend/rows/topology/convolution_rows.hpp"
#include "emulator/machine/machine.hpp"
#include "isa/assembly/assembler.hpp"
#include "isa/base/json.hpp"
#include "tools/conform/synapses/cases.hpp"
#include "tools/conform/synapses/stored_weights.hpp"
#include "tools/conform/vectors/network_parts.hpp"
#include "tools/conform/vectors/vector.hpp"

namespace seamount::conform {
namespace {

using compiler::MapShape;
using compiler::Network;
using compiler::Projection;

constexpr std::int32_t kLeastExponent = -8;  ///< of a synapse format

/// A member as [post][pre].
Matrix matrix_at(const Json& object, const char* key) {
    return whole_trace_at(object, key);
}

/// As `sign_mode` says; without one lava takes what the weights need.
isa::SignMode mode_for(const Json& params, const Matrix& weights) {
    if (params.contains("sign_mode")) return sign_mode_of(params["sign_mode"]);
    std::int32_t least = 0;
    std::int32_t most = 0;
    for (const auto& row : weights) {
        least = std::min(least, *std::min_element(row.begin(), row.end()));
        most = std::max(most, *std::max_element(row.begin(), row.end()));
    }
    return needed_mode(least, most);
}

Projection connect(std::uint32_t from, std::uint32_t to, std::shared_ptr<ListedRows> rows,
                   isa::SignMode mode) {
    Projection projection;
    projection.name = fmt::format("{} to {}", from, to);
    projection.from.index = from;
    projection.to = to;
    projection.rows = std::move(rows);
    projection.sign_mode = mode;
    return projection;
}

std::shared_ptr<ListedRows> rows_of(const Matrix& weights, isa::SignMode mode,
                                    const Matrix& delays) {
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

/// Two populations that pass on what they get: the first sends s_in, what reaches the second,
/// shifted to the right there, is a_out one step later.
Network relay_network(const Json& vector, const Context& context, const Trace& s_in,
                      std::uint32_t outputs, int shift) {
    Network network = named_network(vector);
    const auto inputs = static_cast<std::uint32_t>(s_in.front().size());
    const std::uint32_t pre = add_population(network, context, "graded_vec", inputs);
    const std::uint32_t post = add_population(network, context, "graded_vec", outputs);
    set_arg(network.populations[post], "exp", "weight_exp", shift);
    feed(network, pre, 0, s_in);
    return network;
}

/// Expects a_out from the second population. lava applies a weight exponent to sums.
Outcome run_relay(Network network, const Context& context, const Trace& a_out) {
    const isa::Image image = build_image(std::move(network), context, true);
    emu::Machine machine(image, {});
    Tape tape(image, machine);
    tape.run(a_out.size());
    return Outcome::of(compare_trace("a_out", tape.payloads(1), a_out));
}

}  // namespace

namespace {

/// The delays of a vector, or none.
Matrix delays_of(const Json& vector, const Matrix& weights) {
    if (!vector.contains("delays")) return {};
    const Matrix delays = trace_at(vector, "delays", weights.size(), weights.front().size());
    for (const auto& row : delays) {
        for (const std::int32_t delay : row) {
            require(delay >= 0 && delay <= static_cast<std::int32_t>(isa::kMaxDelay),
                    fmt::format("a delay is {}, must be in [0, {}]", delay, isa::kMaxDelay));
        }
    }
    return delays;
}

}  // namespace

Outcome run_dense(const Json& vector, const Context& context) {
    const Json& params = member(vector, "params");
    const Matrix weights = matrix_at(vector, "weights_in");
    const Matrix delays = delays_of(vector, weights);
    const isa::SignMode mode = mode_for(params, weights);
    const int bits =
        params.contains("num_weight_bits") ? weight_bits_at(params, "num_weight_bits") : 8;
    const auto exponent = static_cast<std::int32_t>(whole_or(0, params, "weight_exp", -24, 7));
    const bool graded = whole_or(0, params, "num_message_bits", 0, 32) != 0;
    if (vector.contains("weights_eff")) {
        const std::string fault =
            check_stored(weights, matrix_at(vector, "weights_eff"), mode, bits);
        if (!fault.empty()) return Outcome::failed(fault);
    }
    const auto outputs = static_cast<std::uint32_t>(weights.size());
    const auto inputs = static_cast<std::uint32_t>(weights.front().size());
    const Trace a_out = trace_at(vector, "a_out", filled_list(vector, "a_out").size(), outputs);
    const Trace s_in = trace_at(vector, "s_in", a_out.size(), inputs);

    // What the exponent field cannot hold is shifted by the receiver: rounding down twice is
    // rounding down once, if there is one sum.
    const int shift = std::max(kLeastExponent - exponent, 0);
    require(shift == 0 || delays.empty(),
            fmt::format("'weight_exp' is {}, with delays it must be at least {}", exponent,
                        kLeastExponent));
    Network network = relay_network(vector, context, s_in, outputs, shift);
    Projection projection = connect(0, 1, rows_of(weights, mode, delays), mode);
    projection.bits = static_cast<std::uint32_t>(bits);
    projection.exponent = exponent + shift;
    projection.graded = graded;
    network.projections.push_back(std::move(projection));
    return run_relay(std::move(network), context, a_out);
}

namespace {

constexpr std::int64_t kMaxSize = 4096;  ///< of an axis

template <std::size_t N>
std::array<std::uint32_t, N> sizes(const Json& params, const char* key) {
    std::array<std::uint32_t, N> result{};
    const auto list = wholes_of_size(member(params, key), key, N, 1, kMaxSize);
    std::transform(list.begin(), list.end(), result.begin(),
                   [](std::int64_t size) { return static_cast<std::uint32_t>(size); });
    return result;
}

/// A number for both axes, or one for each.
compiler::Convolution::Pair pair(const Json& params, const char* key, std::int64_t least,
                                 std::uint32_t absent) {
    if (!params.contains(key)) return {absent, absent};
    const auto list = wholes_of_size(params[key], key, 2, least, kMaxSize);
    return {static_cast<std::uint32_t>(list[0]), static_cast<std::uint32_t>(list[1])};
}

/// lava's shapes are x, y, channel: x takes the place of y.
compiler::Convolution geometry_of(const Json& params) {
    const auto input = sizes<3>(params, "input_shape_XYC");
    const auto kernel = sizes<4>(params, "weight_shape_out_x_y_in");
    compiler::Convolution g;
    g.in = {input[2], input[0], input[1], true};
    g.kernel = {kernel[1], kernel[2]};
    g.stride = pair(params, "stride", 1, 1);
    g.padding = pair(params, "padding", 0, 0);
    g.dilation = pair(params, "dilation", 1, 1);
    if (params.contains("groups")) {
        g.groups = static_cast<std::uint32_t>(whole_at(params, "groups", 1, kMaxSize));
    }
    g.out = {kernel[0], g.extent(0), g.extent(1), true};
    require(g.out.height != 0 && g.out.width != 0, "the kernel is larger than the padded input");
    require(kernel[0] % g.groups == 0 && kernel[3] * std::uint64_t{g.groups} == input[2],
            "groups and channels do not fit");
    const auto neurons = [](const MapShape& map) {
        return std::uint64_t{map.channels} * map.height * map.width;
    };
    require(neurons(g.in) <= kMaxNeurons && neurons(g.out) <= kMaxNeurons, "too many neurons");
    return g;
}

/// Whether the kernel's lists have the shape that is stated.
bool has_shape(const Json& weights, const std::array<std::uint32_t, 4>& shape, std::size_t axis) {
    if (axis == shape.size()) return weights.is_number();
    if (!weights.is_array() || weights.size() != shape[axis]) return false;
    return std::all_of(weights.begin(), weights.end(),
                       [&](const Json& part) { return has_shape(part, shape, axis + 1); });
}

/// lava's convolution wraps its sums to 24 bits.
constexpr const char* kWrapping =
    ".acc input\n"
    " rdc r0, input\n"
    " add.w24 r0, r0, #0\n"
    " cmp.ne r0, #0\n"
    " spk?f r0\n"
    " end\n";

/// What of the weights one projection carries: the sign, and of magnitudes beyond 255 the upper
/// bits, with an exponent, or the lower ones.
struct Part {
    bool negative = false;
    std::int32_t exponent = 0;

    [[nodiscard]] std::int64_t of(std::int64_t weight) const {
        if ((weight < 0) != negative) return 0;
        const std::int64_t magnitude = std::abs(weight);
        std::int64_t part = 0;
        if (exponent != 0) {
            part = magnitude > 255 ? magnitude >> exponent : 0;
        } else {
            part = magnitude > 255 ? magnitude & ((1 << kUpperExponent) - 1) : magnitude;
        }
        return negative ? -part : part;
    }
    static constexpr std::int32_t kUpperExponent = 7;
    static constexpr std::int64_t kMaxWeight = (255 << kUpperExponent) + 127;
};

/// A part of the weights by Convolution::weight_number. A true convolution: the kernel is flipped.
std::vector<double> kernel_of(const compiler::Convolution& g, const Json& weights, Part part) {
    std::vector<double> kernel(g.weights());
    for (std::uint32_t o = 0; o < g.out.channels; ++o) {
        for (std::uint32_t j = 0; j < g.kernel[0]; ++j) {
            for (std::uint32_t i = 0; i < g.kernel[1]; ++i) {
                const Json& taps = weights.at(o).at(g.kernel[0] - 1 - j).at(g.kernel[1] - 1 - i);
                for (std::uint32_t c = 0; c < g.inputs_per_group(); ++c) {
                    const std::int64_t weight =
                        whole(taps.at(c), "weights", -Part::kMaxWeight, Part::kMaxWeight);
                    kernel[g.weight_number(o, c, j, i)] = static_cast<double>(part.of(weight));
                }
            }
        }
    }
    return kernel;
}

}  // namespace

Outcome run_convolution(const Json& vector, const Context& context) {
    const Json& params = member(vector, "params");
    const auto geometry = std::make_shared<const compiler::Convolution>(geometry_of(params));
    require(has_shape(member(vector, "weights"), sizes<4>(params, "weight_shape_out_x_y_in"), 0),
            "'weights' is not of the shape 'weight_shape_out_x_y_in'");
    const std::uint32_t outputs = geometry->out.size();
    const Trace a_out = trace_at(vector, "a_out", filled_list(vector, "a_out").size(), outputs);
    const Trace s_in = trace_at(vector, "s_in", a_out.size(), geometry->in.size());
    Network network = relay_network(vector, context, s_in, outputs, 0);
    network.populations[1].program =
        std::make_shared<isa::Program>(isa::assemble(kWrapping, "wrapping.asm"));
    network.populations[1].args.clear();
    // Weights are used as they are: by sign, so that none loses its last bit.
    for (const Part part : {Part{false, 0}, Part{true, 0}, Part{false, Part::kUpperExponent},
                            Part{true, Part::kUpperExponent}}) {
        std::vector<double> kernel = kernel_of(*geometry, vector.at("weights"), part);
        const bool empty =
            std::all_of(kernel.begin(), kernel.end(), [](double w) { return w == 0.0; });
        if (empty && part.exponent != 0) continue;
        Projection projection =
            connect(0, 1, nullptr, part.negative ? isa::kInhibitory : isa::kExcitatory);
        projection.exponent = part.exponent;
        projection.rows = std::make_shared<const compiler::frontend::ConvolutionRows>(
            geometry, std::move(kernel), 0);
        projection.convolution = geometry;
        projection.share = true;
        projection.graded = whole_or(0, params, "num_message_bits", 0, 32) != 0;
        network.projections.push_back(std::move(projection));
    }
    return run_relay(std::move(network), context, a_out);
}

namespace {

/// Parameters of lava's LIF that have another name in ours.
constexpr auto kLifArguments =
    std::to_array<std::pair<std::string_view, std::string_view>>({{"bias_mant", "bias"}});

}  // namespace

Outcome run_two_layers(const Json& vector, const Context& context) {
    Network network = named_network(vector);
    const Json& params = member(vector, "params");
    const Matrix weights = matrix_at(vector, "W");
    const Matrix recurrent = matrix_at(vector, "W_rec");
    require(recurrent.size() == weights.size() && recurrent.front().size() == weights.size(),
            "'W_rec' must be square, as large as 'W' has rows");
    const isa::SignMode mode = mode_for(Json::object(), weights);
    const isa::SignMode recurrent_mode = mode_for(Json::object(), recurrent);
    if (vector.contains("W_eff")) {
        const std::string fault = check_stored(weights, matrix_at(vector, "W_eff"), mode, 8);
        if (!fault.empty()) return Outcome::failed(fault);
    }
    const std::array<std::size_t, 2> sizes{weights.front().size(), weights.size()};
    for (const std::size_t layer : {0U, 1U}) {
        add_population(network, context, "lif", static_cast<std::uint32_t>(sizes[layer]));
        for (const auto& [key, value] : member(params, fmt::format("l{}", layer)).items()) {
            const auto argument = named(kLifArguments, key);
            set_arg(network.populations[layer], std::string{argument.value_or(key)}, key, value);
        }
    }
    const std::size_t steps = filled_list(vector, "a_in0").size();
    feed(network, 0, 0, trace_at(vector, "a_in0", steps, sizes[0]));
    const auto exponent = [&params](const char* key) {
        return static_cast<std::int32_t>(whole_or(0, params, key, kLeastExponent, 7));
    };
    network.projections.push_back(connect(0, 1, rows_of(weights, mode, {}), mode));
    network.projections.back().exponent = exponent("dense_weight_exp");
    network.projections.push_back(
        connect(1, 1, rows_of(recurrent, recurrent_mode, {}), recurrent_mode));
    network.projections.back().exponent = exponent("rec_weight_exp");

    const isa::Image image = build_image(std::move(network), context, true);
    emu::Machine machine(image, {});
    Tape tape(image, machine);
    tape.run(steps);
    bool any = false;
    for (const std::size_t layer : {0U, 1U}) {
        const auto difference_of = [&](const char* word, const auto& got) -> std::string {
            const std::string key = fmt::format("{}{}", word, layer);
            if (!vector.contains(key)) return {};
            any = true;
            return compare_trace(key, got(), trace_at(vector, key, steps, sizes[layer]));
        };
        for (const std::string& difference :
             {difference_of("s", [&] { return tape.payloads(layer); }),
              difference_of("u", [&] { return tape.states(layer, "u"); }),
              difference_of("v", [&] { return tape.states(layer, "v"); })}) {
            if (!difference.empty()) return Outcome::failed(difference);
        }
    }
    return any ? Outcome::passed() : Outcome::failed("no expected outputs");
}

}  // namespace seamount::conform
