#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "emulator/machine/machine.hpp"
#include "tools/conform/network_parts.hpp"
#include "tools/conform/stored_weights.hpp"
#include "tools/conform/vector.hpp"

namespace seamount::conform {
namespace {

using compiler::Network;
using compiler::Projection;
using compiler::SignMode;

/// A member as [post][pre].
Matrix matrix_at(const Json& object, const char* key) {
    return whole_trace_at(object, key);
}

/// As `sign_mode` says; without one lava takes what the weights need.
SignMode mode_for(const Json& params, const Matrix& weights) {
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

/// Two populations that pass on what they get: the first sends s_in, what reaches the second is
/// a_out one step later. Shifts of the sum to the right are the second one's.
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

/// Expects a_out from the last population, `late` steps later.
Outcome run_relay(Network network, const Context& context, const Trace& a_out,
                  std::size_t late = 0) {
    const std::size_t last = network.populations.size() - 1;
    const isa::Image image = build_image(std::move(network), context);
    emu::Machine machine(image, {});
    Tape tape(image, machine);
    tape.run(a_out.size() + late);
    Trace got = tape.payloads(last);
    got.erase(got.begin(), got.begin() + static_cast<std::ptrdiff_t>(late));
    return Outcome::of(compare_trace("a_out", got, a_out));
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

/// lava shifts the sum of each (post, delay) to the right by itself: a neuron of the middle
/// population is such a sum, which it sends on with that delay.
struct DelayedSums {
    std::vector<std::array<std::uint32_t, 2>> sums;  ///< (post, delay)
    Matrix of;                                       ///< [post][pre]: its sum
};

DelayedSums delayed_sums(const Matrix& delays) {
    DelayedSums result;
    std::map<std::array<std::uint32_t, 2>, std::int32_t> known;
    for (std::uint32_t post = 0; post < delays.size(); ++post) {
        auto& row = result.of.emplace_back();
        for (const std::int32_t delay : delays[post]) {
            const std::array<std::uint32_t, 2> key{post, static_cast<std::uint32_t>(delay)};
            const auto [at, is_new] =
                known.try_emplace(key, static_cast<std::int32_t>(result.sums.size()));
            if (is_new) result.sums.push_back(key);
            row.push_back(at->second);
        }
    }
    return result;
}

}  // namespace

Outcome run_dense(const Json& vector, const Context& context) {
    const Json& params = member(vector, "params");
    const Matrix weights = matrix_at(vector, "weights_in");
    const Matrix delays = delays_of(vector, weights);
    const SignMode mode = mode_for(params, weights);
    const int bits = weight_bits_at(params, "num_weight_bits");
    const auto exponent = static_cast<std::int32_t>(whole_at(params, "weight_exp", -24, 7));
    const bool graded = whole_at(params, "num_message_bits", 0, 32) != 0;
    if (vector.contains("weights_eff")) {
        const std::string fault =
            check_stored(weights, matrix_at(vector, "weights_eff"), mode, bits);
        if (!fault.empty()) return Outcome::failed(fault);
    }
    const auto outputs = static_cast<std::uint32_t>(weights.size());
    const auto inputs = static_cast<std::uint32_t>(weights.front().size());
    const Trace a_out = trace_at(vector, "a_out", filled_list(vector, "a_out").size(), outputs);
    const Trace s_in = trace_at(vector, "s_in", a_out.size(), inputs);

    // A synapse's own exponent rounds before the sum; lava rounds the sum.
    const int shift = std::max(-exponent, 0);
    std::shared_ptr<ListedRows> rows;
    Network network;
    std::size_t late = 0;
    if (shift == 0 || delays.empty()) {
        network = relay_network(vector, context, s_in, outputs, shift);
        rows = rows_of(weights, mode, delays);
    } else {
        const DelayedSums middle = delayed_sums(delays);
        const auto count = static_cast<std::uint32_t>(middle.sums.size());
        network = relay_network(vector, context, s_in, count, shift);
        const std::uint32_t last = add_population(network, context, "graded_vec", outputs);
        auto on = std::make_shared<ListedRows>(count);
        for (std::uint32_t sum = 0; sum < count; ++sum) {
            on->add(sum, {middle.sums[sum][0], 1.0, middle.sums[sum][1]});
        }
        network.projections.push_back(connect(1, last, std::move(on), compiler::kExcitatory));
        network.projections.back().graded = true;
        rows = std::make_shared<ListedRows>(inputs);
        for (std::uint32_t post = 0; post < outputs; ++post) {
            for (std::uint32_t pre = 0; pre < inputs; ++pre) {
                rows->add(pre, {static_cast<std::uint32_t>(middle.of[post][pre]),
                                static_cast<double>(clipped(weights[post][pre], mode)), 0});
            }
        }
        late = 1;
    }
    Projection projection = connect(0, 1, std::move(rows), mode);
    projection.bits = static_cast<std::uint32_t>(bits);
    projection.exponent = std::max(exponent, 0);
    projection.graded = graded;
    network.projections.push_back(std::move(projection));
    return run_relay(std::move(network), context, a_out, late);
}

namespace {

/// Geometry of a convolution: lava's shapes are x, y, channel.
struct Geometry {
    explicit Geometry(const Json& params)
        : input(sizes<3>(params, "input_shape_XYC")),
          kernel(sizes<4>(params, "weight_shape_out_x_y_in")),
          stride(pair(params, "stride", 1, 1)),
          padding(pair(params, "padding", 0, 0)),
          dilation(pair(params, "dilation", 1, 1)),
          groups(params.contains("groups") ? whole_at(params, "groups", 1, kMaxSize) : 1) {
        for (const std::size_t axis : {0U, 1U}) {
            const std::int64_t span = dilation[axis] * (kernel[axis + 1] - 1) + 1;
            const std::int64_t room = input[axis] + 2 * padding[axis] - span;
            require(room >= 0, "the kernel is larger than the padded input");
            output[axis] = room / stride[axis] + 1;
        }
        require(kernel[0] % groups == 0 && kernel[3] * groups == input[2],
                "groups and channels do not fit");
        require(inputs() <= kMaxNeurons && outputs() <= kMaxNeurons, "too many neurons");
    }

    static constexpr std::int64_t kMaxSize = 4096;  ///< of an axis

    template <std::size_t N>
    static std::array<std::int64_t, N> sizes(const Json& params, const char* key) {
        std::array<std::int64_t, N> result{};
        const auto list = wholes_of_size(member(params, key), key, N, 1, kMaxSize);
        std::copy(list.begin(), list.end(), result.begin());
        return result;
    }

    /// A number for both axes, or one for each.
    static std::array<std::int64_t, 2> pair(const Json& params, const char* key, std::int64_t least,
                                            std::int64_t absent) {
        if (!params.contains(key)) return {absent, absent};
        const auto list = wholes_of_size(params[key], key, 2, least, kMaxSize);
        return {list[0], list[1]};
    }

    [[nodiscard]] std::int64_t inputs() const { return input[0] * input[1] * input[2]; }
    [[nodiscard]] std::int64_t outputs() const { return output[0] * output[1] * kernel[0]; }

    std::array<std::int64_t, 3> input;   ///< x, y, channels
    std::array<std::int64_t, 4> kernel;  ///< output channels, x, y, input channels of a group
    std::array<std::int64_t, 2> stride;  ///< x, y; as the following
    std::array<std::int64_t, 2> padding;
    std::array<std::int64_t, 2> dilation;
    std::int64_t groups;
    std::array<std::int64_t, 2> output{};  ///< x, y
};

/// Whether the kernel's lists have the shape that is stated.
bool has_shape(const Json& weights, const std::array<std::int64_t, 4>& shape, std::size_t axis) {
    if (axis == shape.size()) return weights.is_number();
    if (!weights.is_array() || weights.size() != static_cast<std::size_t>(shape[axis]))
        return false;
    return std::all_of(weights.begin(), weights.end(),
                       [&](const Json& part) { return has_shape(part, shape, axis + 1); });
}

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
                        const std::int64_t sx = x * g.stride[0] + kx * g.dilation[0] - g.padding[0];
                        const std::int64_t sy = y * g.stride[1] + ky * g.dilation[1] - g.padding[1];
                        if (sx < 0 || sx >= g.input[0] || sy < 0 || sy >= g.input[1]) continue;
                        const Json& taps = weights.at(static_cast<std::size_t>(o))
                                               .at(static_cast<std::size_t>(kernel_x - 1 - kx))
                                               .at(static_cast<std::size_t>(kernel_y - 1 - ky));
                        for (std::int64_t c = 0; c < group_inputs; ++c) {
                            each(static_cast<std::uint32_t>((sx * g.input[1] + sy) * g.input[2] +
                                                            first + c),
                                 static_cast<std::uint32_t>(target),
                                 static_cast<std::int32_t>(whole(
                                     taps.at(static_cast<std::size_t>(c)), "weights", -255, 255)));
                        }
                    }
                }
            }
        }
    }
}

}  // namespace

Outcome run_convolution(const Json& vector, const Context& context) {
    const Geometry geometry(member(vector, "params"));
    require(has_shape(member(vector, "weights"), geometry.kernel, 0),
            "'weights' is not of the shape 'weight_shape_out_x_y_in'");
    const auto outputs = static_cast<std::uint32_t>(geometry.outputs());
    const auto inputs = static_cast<std::uint32_t>(geometry.inputs());
    const Trace a_out = trace_at(vector, "a_out", filled_list(vector, "a_out").size(), outputs);
    const Trace s_in = trace_at(vector, "s_in", a_out.size(), inputs);
    // Weights are used as they are: by sign, so that none loses its last bit.
    auto positive = std::make_shared<ListedRows>(inputs);
    auto negative = std::make_shared<ListedRows>(inputs);
    expand(geometry, vector.at("weights"),
           [&](std::uint32_t source, std::uint32_t target, std::int32_t weight) {
               (weight < 0 ? *negative : *positive)
                   .add(source, {.target = target, .weight = static_cast<double>(weight)});
           });
    Network network = relay_network(vector, context, s_in, outputs, 0);
    const bool graded = whole_at(vector["params"], "num_message_bits", 0, 32) != 0;
    for (Projection projection : {connect(0, 1, positive, compiler::kExcitatory),
                                  connect(0, 1, negative, compiler::kInhibitory)}) {
        projection.graded = graded;
        network.projections.push_back(std::move(projection));
    }
    return run_relay(std::move(network), context, a_out);
}

Outcome run_two_layers(const Json& vector, const Context& context) {
    Network network = named_network(vector);
    const Json& params = member(vector, "params");
    const Matrix weights = matrix_at(vector, "W");
    const Matrix recurrent = matrix_at(vector, "W_rec");
    require(recurrent.size() == weights.size() && recurrent.front().size() == weights.size(),
            "'W_rec' must be square, as large as 'W' has rows");
    const SignMode mode = mode_for(Json::object(), weights);
    const SignMode recurrent_mode = mode_for(Json::object(), recurrent);
    if (vector.contains("W_eff")) {
        const std::string fault = check_stored(weights, matrix_at(vector, "W_eff"), mode, 8);
        if (!fault.empty()) return Outcome::failed(fault);
    }
    const std::array<std::size_t, 2> sizes{weights.front().size(), weights.size()};
    for (const std::size_t layer : {0U, 1U}) {
        add_population(network, context, "lif", static_cast<std::uint32_t>(sizes[layer]));
        for (const auto& [key, value] : member(params, fmt::format("l{}", layer)).items()) {
            set_arg(network.populations[layer], key == "bias_mant" ? "bias" : key, key, value);
        }
    }
    const std::size_t steps = filled_list(vector, "a_in0").size();
    feed(network, 0, 0, trace_at(vector, "a_in0", steps, sizes[0]));
    const auto exponent = [&params](const char* key) {
        return static_cast<std::int32_t>(whole_at(params, key, 0, 7));
    };
    network.projections.push_back(connect(0, 1, rows_of(weights, mode, {}), mode));
    network.projections.back().exponent = exponent("dense_weight_exp");
    network.projections.push_back(
        connect(1, 1, rows_of(recurrent, recurrent_mode, {}), recurrent_mode));
    network.projections.back().exponent = exponent("rec_weight_exp");

    const isa::Image image = build_image(std::move(network), context);
    emu::Machine machine(image, {});
    Tape tape(image, machine);
    tape.run(steps);
    bool any = false;
    for (const std::size_t layer : {0U, 1U}) {
        for (const std::string word : {"s", "u", "v"}) {
            const std::string key = fmt::format("{}{}", word, layer);
            if (!vector.contains(key)) continue;
            any = true;
            const std::string difference =
                compare_trace(key, word == "s" ? tape.payloads(layer) : tape.states(layer, word),
                              trace_at(vector, key, steps, sizes[layer]));
            if (!difference.empty()) return Outcome::failed(difference);
        }
    }
    return any ? Outcome::passed() : Outcome::failed("no expected outputs");
}

}  // namespace seamount::conform
