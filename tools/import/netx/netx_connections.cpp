#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/import/netx/netx_builder.hpp"

// How NetxBuilder joins a layer to the one before it.

namespace seamount::importer {
namespace {

constexpr std::int64_t kLargestDelay = 62;  ///< steps; netx clamps there
constexpr double kLowestWeight = -256;      ///< of a mantissa with mixed signs
constexpr double kHighestWeight = 254;
constexpr int kPayloadBits = 24;  ///< sums of sigma-delta layers pass the nominal 16 bits

}  // namespace

void NetxBuilder::check_weights(const NetxLayer& layer, const char* key,
                                const NumberArray& weights) {
    const auto [low, high] = std::minmax_element(weights.values.begin(), weights.values.end());
    if (low == weights.values.end()) return;
    if (*low < kLowestWeight || *high > kHighestWeight) {
        error(layer, key,
              fmt::format("has weights in [{}, {}], must be within [{}, {}]", *low, *high,
                          kLowestWeight, kHighestWeight),
              "8-bit weights with sign; export with a smaller weight scale");
    }
    const auto odd = std::count_if(weights.values.begin(), weights.values.end(),
                                   [](double w) { return std::fmod(w, 2.0) != 0; });
    if (odd != 0) {
        note(layer, fmt::format("{} of {} weights in '{}' are odd and are stored one lower: the "
                                "grid of mixed signs is even",
                                odd, weights.values.size(), key));
    }
}

std::vector<Setting> NetxBuilder::projection(const Source& from, const NetxLayer& layer,
                                             const char* rule) {
    std::vector<Setting> settings{
        {"from", from.name}, {"to", layer_name(layer)}, {"rule", rule}, {"sign", "mixed"}};
    if (layer.neuron && layer.neuron->weight_exponent != 0) {
        settings.push_back({"exponent", std::to_string(-layer.neuron->weight_exponent)});
    }
    if (from.graded || source_of(layer).graded) {
        settings.push_back({"graded", "true"});
        settings.push_back({"payload_bits", std::to_string(kPayloadBits)});
    }
    return settings;
}

void NetxBuilder::add_delay(const NetxLayer& layer, std::uint64_t sources,
                            std::vector<Setting>& settings) {
    std::vector<double> delay = layer.delay.values;
    if (delay.empty()) return;
    const auto late =
        std::count_if(delay.begin(), delay.end(), [](double d) { return d > kLargestDelay; });
    if (late != 0) {
        note(layer, fmt::format("{} delays beyond {} steps become {}, as netx has it", late,
                                kLargestDelay, kLargestDelay));
        for (double& d : delay) d = std::min(d, static_cast<double>(kLargestDelay));
    }
    const std::uint64_t targets = layer.size();
    if (delay.size() == 1) {
        settings.push_back({"delay", number_text(delay.front())});
        return;
    }
    // Where both sizes are equal, the delays are those of the targets.
    const bool of_targets = delay.size() == targets;
    if (!of_targets && delay.size() != sources) {
        error(layer, "delay",
              fmt::format("has {} values, must have 1, {} (targets) or {} (sources)", delay.size(),
                          targets, sources));
        return;
    }
    NamedArray matrix{layer_name(layer) + "_delay", {targets, sources}, {}};
    matrix.values.reserve(targets * sources);
    for (std::uint64_t j = 0; j < targets; ++j) {
        for (std::uint64_t i = 0; i < sources; ++i) {
            matrix.values.push_back(delay[of_targets ? j : i]);
        }
    }
    settings.push_back({"delay", result_.network.keep(std::move(matrix))});
}

void NetxBuilder::connect_dense(const NetxLayer& layer) {
    const std::uint64_t sources = product(source_->shape);
    const auto connect = [&](const char* key, NumberArray weights, const char* accumulator) {
        if (weights.values.size() != sources * layer.size()) {
            error(layer, key,
                  fmt::format("has {} weights, must have {} (targets) x {} (sources)",
                              weights.values.size(), layer.size(), sources));
            return;
        }
        check_weights(layer, key, weights);
        std::vector<Setting> settings = projection(*source_, layer, "all_to_all");
        if (accumulator != nullptr) settings.push_back({"accumulator", accumulator});
        std::string name = layer_name(layer) + "_" + key;
        std::replace(name.begin(), name.end(), '/', '_');
        add_delay(layer, sources, settings);
        project(std::move(settings), "weights",
                {std::move(name), {layer.size(), sources}, std::move(weights.values)});
    };
    if (layer.weight_imag.values.empty()) {
        connect("weight", layer.weight, nullptr);
        return;
    }
    connect("weight/real", layer.weight, "a_re");
    connect("weight/imag", layer.weight_imag, "a_im");
}

void NetxBuilder::connect_recurrent(const NetxLayer& layer) {
    NumberArray weights = layer.recurrent;
    if (weights.values.size() != layer.size() * layer.size()) {
        error(layer, "weight_rec",
              fmt::format("has {} weights, must have {} x {}", weights.values.size(), layer.size(),
                          layer.size()));
        return;
    }
    check_weights(layer, "weight_rec", weights);
    project(projection(source_of(layer), layer, "all_to_all"), "weights",
            {layer_name(layer) + "_weight_rec",
             {layer.size(), layer.size()},
             std::move(weights.values)});
}

void NetxBuilder::project(std::vector<Setting> settings, const char* key, NamedArray array) {
    result_.weights += array.values.size();
    settings.push_back({key, result_.network.keep(std::move(array))});
    result_.network.projection("", std::move(settings));
}

std::optional<NamedArray> NetxBuilder::kernel_of(const NetxLayer& layer, std::uint64_t depth) {
    const auto [height, width] = layer.window.kernel;
    const std::uint64_t channels = layer.shape[0];
    std::vector<double> weights = layer.weight.values;
    if (layer.kind == LayerKind::kPool && weights.size() == height * width) {
        weights.reserve(channels * height * width);  // the same kernel for all maps
        for (std::uint64_t c = 1; c < channels; ++c) {
            weights.insert(weights.end(), layer.weight.values.begin(), layer.weight.values.end());
        }
    }
    // In floating point, for what would not fit 64 bits.
    if (static_cast<double>(weights.size()) != static_cast<double>(channels) *
                                                   static_cast<double>(depth) *
                                                   static_cast<double>(height * width)) {
        error(layer, "weight",
              fmt::format("has {} weights, must have {} x {} x {} x {}", weights.size(), channels,
                          depth, height, width));
        return std::nullopt;
    }
    check_weights(layer, "weight", layer.weight);
    return NamedArray{
        layer_name(layer) + "_weight", {channels, depth, height, width}, std::move(weights)};
}

bool NetxBuilder::fits_geometry(const NetxLayer& layer) {
    const NetxWindow& window = layer.window;
    if (source_->shape.size() != 3 || layer.shape.size() != 3) {
        error(layer, "shape", "a window needs feature maps (C, H, W) on both sides");
        return false;
    }
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const std::uint64_t reach = window.dilation.at(axis) * (window.kernel.at(axis) - 1) + 1;
        const std::uint64_t in = source_->shape[axis + 1] + 2 * window.padding.at(axis);
        const std::uint64_t out = in < reach ? 0 : (in - reach) / window.stride.at(axis) + 1;
        if (out == layer.shape[axis + 1]) continue;
        error(layer, "shape",
              fmt::format("has {} places along {}, the geometry gives {}", layer.shape[axis + 1],
                          axis == 0 ? "y" : "x", out),
              "shape is (C, H, W); pairs are (y, x)");
        return false;
    }
    const std::uint64_t channels = source_->shape[0];
    if (layer.kind == LayerKind::kPool && layer.shape[0] != channels) {
        error(layer, "shape",
              fmt::format("has {} maps, a pool of {} must have as many", layer.shape[0], channels));
        return false;
    }
    if (channels % window.groups != 0 || layer.shape[0] % window.groups != 0) {
        error(layer, "groups",
              fmt::format("is {}, must divide {} and {} maps", window.groups, channels,
                          layer.shape[0]));
        return false;
    }
    return true;
}

void NetxBuilder::connect_window(const NetxLayer& layer) {
    if (!fits_geometry(layer)) return;
    const NetxWindow& window = layer.window;
    const std::uint64_t groups = layer.kind == LayerKind::kPool ? source_->shape[0] : window.groups;
    std::optional<NamedArray> kernel = kernel_of(layer, source_->shape[0] / groups);
    if (!kernel) return;
    const auto pair_text = [](const std::array<std::uint64_t, 2>& pair) {
        return list_text({pair[0], pair[1]});
    };
    std::vector<Setting> settings = projection(*source_, layer, "conv2d");
    settings.push_back({"stride", pair_text(window.stride)});
    settings.push_back({"padding", pair_text(window.padding)});
    settings.push_back({"dilation", pair_text(window.dilation)});
    if (groups != 1) settings.push_back({"groups", std::to_string(groups)});
    if (layer.delay.values.size() == 1) add_delay(layer, 0, settings);
    if (layer.delay.values.size() > 1) {
        error(layer, "delay", "a convolution takes one delay for all its synapses");
    }
    project(std::move(settings), "kernel", *std::move(kernel));
}

}  // namespace seamount::importer
