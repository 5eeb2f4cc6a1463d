#include "tools/import/netx/netx_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "compiler/frontend/data/npy.hpp"
#include "compiler/frontend/data/storage.hpp"
#include "tools/import/netx/netx_layer.hpp"

namespace seamount::importer {
namespace {

constexpr std::int64_t kLargestThreshold = 131071;  ///< of the programs' `vth`
constexpr std::int64_t kLargestDelay = 62;          ///< steps; netx clamps there
constexpr double kLowestWeight = -256;              ///< of a mantissa with mixed signs
constexpr double kHighestWeight = 254;
/// lava's fixed-point sigma-delta models count in 2^(6 + 6) (netx's spike_exp is a loader option).
constexpr int kSigmaDeltaExponent = 6;
constexpr int kPayloadBits = 24;  ///< sums of sigma-delta layers pass the nominal 16 bits

/// Turns layers into populations and projections, one after another.
class NetxBuilder {
public:
    NetxBuilder(const Hdf5File& file, const NetxOptions& options, NetworkText& network,
                std::vector<std::string>& notes, Diagnostics& found)
        : file_{file}, options_{options}, network_{network}, notes_{notes}, found_{found} {}

    void add(const NetxLayer& layer);
    void finish();

private:
    struct Source {
        std::string name;
        std::vector<std::uint64_t> shape;
        bool graded = false;
    };

    void error(const NetxLayer& layer, const std::string& key, std::string message,
               std::string hint = {}) {
        found_.error("IMP-VALUE", file_.at(key.empty() ? layer.object : layer.object + "/" + key),
                     std::move(message), std::move(hint));
    }
    void note(const NetxLayer& layer, const std::string& text) {
        notes_.push_back(fmt::format("layer {}: {}", layer.id, text));
    }
    void add_input(const NetxLayer& layer);
    void add_host_input(const std::string& name, const std::vector<std::uint64_t>& shape);
    void add_neurons(const NetxLayer& layer, std::vector<double> bias);
    void connect_dense(const NetxLayer& layer);
    void connect_window(const NetxLayer& layer);
    void connect_recurrent(const NetxLayer& layer);

    [[nodiscard]] NetxNeuron neuron_of(const NetxLayer& layer);
    [[nodiscard]] std::string program_of(const NetxLayer& layer, const NetxNeuron& neuron,
                                         std::vector<Setting>& params);
    void add_reset(const NetxLayer& layer, std::vector<Setting>& params);
    [[nodiscard]] std::vector<double> bias_per_neuron(const NetxLayer& layer);
    [[nodiscard]] std::vector<double> read_bias_file(const NetxLayer& layer);
    [[nodiscard]] std::vector<Setting> projection(const NetxLayer& layer, const char* rule);
    void add_delay(const NetxLayer& layer, std::uint64_t sources, std::vector<Setting>& settings);
    void check_weights(const NetxLayer& layer, const char* key, NumberArray& weights);
    [[nodiscard]] bool ready(const NetxLayer& layer);

    const Hdf5File& file_;
    const NetxOptions& options_;
    NetworkText& network_;
    std::vector<std::string>& notes_;
    Diagnostics& found_;
    std::optional<Source> source_;
    std::uint64_t neuron_layers_ = 0;
};

std::string layer_name(const NetxLayer& layer) {
    return fmt::format("l{}", layer.id);
}

/// As `shape:` has it, or `size:` where only the number counts.
Setting extent_setting(const std::vector<std::uint64_t>& shape, std::uint64_t size) {
    const bool is_map = shape.size() == 3 && shape[1] * shape[2] > 1;
    return is_map ? Setting{"shape", list_text(shape)} : Setting{"size", std::to_string(size)};
}

std::uint64_t product(const std::vector<std::uint64_t>& shape) {
    std::uint64_t size = 1;
    for (const std::uint64_t extent : shape) size *= extent;
    return size;
}

const char* model_text(NetxModel model) {
    switch (model) {
        case NetxModel::kCuba:
            return "current-based leaky integrate and fire";
        case NetxModel::kAlif:
            return "adaptive leaky integrate and fire";
        case NetxModel::kSigmaDelta:
            return "sigma-delta";
        case NetxModel::kSigma:
            return "sigma";
        case NetxModel::kRf:
            return "resonate and fire";
        case NetxModel::kRfIzhikevich:
            break;
    }
    return "resonate and fire (Izhikevich)";
}

void NetxBuilder::add(const NetxLayer& layer) {
    switch (layer.kind) {
        case LayerKind::kInput:
            add_input(layer);
            return;
        case LayerKind::kFlatten:
            return;  // arrays are flattened in C order wherever a dense layer follows
        case LayerKind::kAverage:
            note(layer,
                 fmt::format(
                     "a readout: the mean over each {} consecutive outputs",
                     source_ && layer.size() != 0 ? product(source_->shape) / layer.size() : 0));
            return;
        case LayerKind::kDense:
        case LayerKind::kDenseRecurrent:
        case LayerKind::kConv:
        case LayerKind::kPool:
            break;
    }
    if (!ready(layer)) return;
    add_neurons(layer, bias_per_neuron(layer));
    if (layer.kind == LayerKind::kConv || layer.kind == LayerKind::kPool) {
        connect_window(layer);
    } else {
        connect_dense(layer);
        if (layer.kind == LayerKind::kDenseRecurrent) connect_recurrent(layer);
    }
    const bool graded = layer.neuron && (layer.neuron->model == NetxModel::kSigmaDelta ||
                                         layer.neuron->model == NetxModel::kSigma);
    source_ = Source{layer_name(layer), layer.shape, graded};
}

bool NetxBuilder::ready(const NetxLayer& layer) {
    if (layer.shape.empty() || layer.weight.values.empty()) return false;  // reported already
    if (source_) return true;
    if (layer.kind == LayerKind::kConv || layer.kind == LayerKind::kPool) {
        error(layer, "", "the first layer is no input, and a window does not say what it looks at",
              "files begin with an input, or with a dense layer");
        return false;
    }
    const std::uint64_t sources = layer.weight.values.size() / layer.size();
    add_host_input("input", {sources});
    return true;
}

void NetxBuilder::add_host_input(const std::string& name, const std::vector<std::uint64_t>& shape) {
    network_.input(name, "bind spikes with: seamount run ... --input " + name + "=FILE",
                   {extent_setting(shape, product(shape)), {"spikes", "[]"}});
    source_ = Source{name, shape, false};
}

void NetxBuilder::add_input(const NetxLayer& layer) {
    if (layer.shape.empty()) return;
    if (!layer.neuron) {
        if (!options_.bias.empty()) {
            error(layer, "neuron", "--bias, but the input layer has no neurons",
                  "bind spikes with run --input");
        }
        add_host_input("input", layer.shape);
        return;
    }
    std::vector<double> bias =
        options_.bias.empty() ? std::vector<double>(layer.size()) : read_bias_file(layer);
    if (options_.bias.empty()) {
        note(layer, "driven by bias currents, which are 0: give them with --bias FILE.npy");
    }
    add_neurons(layer, std::move(bias));
    source_ = Source{layer_name(layer), layer.shape, layer.neuron->model == NetxModel::kSigmaDelta};
}

std::vector<double> NetxBuilder::read_bias_file(const NetxLayer& layer) {
    using namespace compiler::frontend;
    std::vector<double> bias(layer.size());
    try {
        const DataArray array = read_npy(map_file(options_.bias));
        std::vector<std::uint64_t> reversed(layer.shape.rbegin(), layer.shape.rend());
        const bool is_flat = array.count() == layer.size() && array.shape().size() == 1;
        const bool is_reversed = array.shape() == reversed && array.shape() != layer.shape;
        if (array.shape() != layer.shape && !is_flat && !is_reversed) {
            found_.error("IMP-VALUE", {options_.bias.string(), 0, 0},
                         fmt::format("has shape {}, the input layer has {}", array.shape_text(),
                                     list_text(layer.shape)),
                         fmt::format("or reversed: {}", list_text(reversed)));
            return bias;
        }
        if (is_reversed) note(layer, "the biases are (x, y, channel) and were transposed");
        const std::uint64_t channels = layer.shape.front();
        const std::uint64_t height = layer.shape.size() > 1 ? layer.shape[1] : 1;
        const std::uint64_t width = layer.shape.size() > 2 ? layer.shape[2] : 1;
        for (std::uint64_t i = 0; i < bias.size(); ++i) {
            const std::uint64_t x = i % width;
            const std::uint64_t y = i / width % height;
            const std::uint64_t c = i / width / height;
            bias[i] = array.number(is_reversed ? (x * height + y) * channels + c : i);
        }
    } catch (const DataError& error) {
        found_.error("IMP-VALUE", {options_.bias.string(), 0, 0}, error.what(),
                     "bias mantissas as a .npy file");
    }
    return bias;
}

std::vector<double> NetxBuilder::bias_per_neuron(const NetxLayer& layer) {
    std::vector<double> bias(layer.size());
    const std::vector<double>& given = layer.bias.values;
    if (given.empty()) return bias;
    const std::uint64_t places = given.size() == 0 ? 1 : layer.size() / given.size();
    if (given.size() != 1 && given.size() * places != layer.size()) {
        error(layer, "bias",
              fmt::format("has {} values for {} neurons in shape {}", given.size(), layer.size(),
                          list_text(layer.shape)),
              "one for all, one per channel, or one per neuron");
        return bias;
    }
    for (std::uint64_t i = 0; i < bias.size(); ++i) {
        bias[i] = given[given.size() == 1 ? 0 : i / places];
    }
    return bias;
}

NetxNeuron NetxBuilder::neuron_of(const NetxLayer& layer) {
    if (layer.neuron) return *layer.neuron;
    note(layer, "has no neuron: it integrates its input and never spikes");
    return {};
}

void NetxBuilder::add_reset(const NetxLayer& layer, std::vector<Setting>& params) {
    if (!options_.reset_every) return;
    const std::int64_t every = *options_.reset_every;
    // The program counts steps from 1, netx from 0.
    const std::int64_t phase =
        static_cast<std::int64_t>(neuron_layers_) + options_.reset_offset + 1;
    params.push_back({"reset_interval", std::to_string(every)});
    params.push_back({"reset_offset", std::to_string(((phase % every) + every) % every)});
    (void)layer;
}

std::string NetxBuilder::program_of(const NetxLayer& layer, const NetxNeuron& neuron,
                                    std::vector<Setting>& params) {
    const auto set = [&](const char* key, std::int64_t value) {
        params.push_back({key, std::to_string(value)});
    };
    const std::int64_t threshold = std::min(neuron.threshold, kLargestThreshold);
    if (neuron.threshold > kLargestThreshold) {
        note(layer, fmt::format("threshold {} is beyond the field and becomes {}: the layer is not "
                                "meant to spike",
                                neuron.threshold, threshold));
    }
    switch (neuron.model) {
        case NetxModel::kCuba:
            set("du", neuron.current_decay - 1);
            set("dv", neuron.voltage_decay);
            set("vth", threshold);
            add_reset(layer, params);
            return options_.reset_every ? "lif_reset" : "lif";
        case NetxModel::kAlif:
            set("delta_i", neuron.current_decay - 1);
            set("delta_v", neuron.voltage_decay);
            set("delta_theta", neuron.threshold_decay);
            set("delta_r", neuron.refractory_decay);
            set("theta_0", threshold);
            set("theta_step", neuron.threshold_step);
            return "atrlif";
        case NetxModel::kSigmaDelta:
            set("vth", threshold);
            set("spike_exp", kSigmaDeltaExponent);
            set("state_exp", kSigmaDeltaExponent);
            return layer.kind == LayerKind::kInput ? "delta" : "sigma_delta";
        case NetxModel::kSigma:
            return "sigma";
        case NetxModel::kRf:
        case NetxModel::kRfIzhikevich:
            break;
    }
    set("sin_decay", neuron.sin_decay);
    set("cos_decay", neuron.cos_decay);
    set("vth", threshold * 64);
    return neuron.model == NetxModel::kRf ? "rf" : "rf_iz";
}

void NetxBuilder::add_neurons(const NetxLayer& layer, std::vector<double> bias) {
    const NetxNeuron neuron = neuron_of(layer);
    std::vector<Setting> params;
    const std::string program = program_of(layer, neuron, params);
    const bool has_bias = std::any_of(bias.begin(), bias.end(), [](double b) { return b != 0; });
    if (neuron.weight_exponent != 0 && has_bias) {
        note(layer,
             fmt::format("bias is taken times 2^{}, as the weights are", -neuron.weight_exponent));
    }
    const std::string values = network_.values(layer_name(layer) + "_bias", bias);
    switch (neuron.model) {
        case NetxModel::kCuba:
            params.push_back({"bias", values});
            params.push_back({"bias_exp", std::to_string(6 - neuron.weight_exponent)});
            break;
        case NetxModel::kAlif:
            params.push_back({"bias", values});
            params.push_back({"bias_exp", "6"});
            break;
        case NetxModel::kSigmaDelta:
            if (layer.kind != LayerKind::kInput) params.push_back({"bias", values});
            break;
        case NetxModel::kSigma:
        case NetxModel::kRf:
        case NetxModel::kRfIzhikevich:
            if (has_bias) {
                error(layer, "bias",
                      fmt::format("{} neurons take no bias", model_text(neuron.model)));
            }
            break;
    }
    if (options_.reset_every && neuron.model != NetxModel::kCuba) {
        found_.error("IMP-OPTION", file_.at(layer.object + "/neuron"),
                     fmt::format("--reset-every: no program for {} neurons with a reset",
                                 model_text(neuron.model)),
                     "resets are for current-based neurons");
    }
    network_.population(
        layer_name(layer), fmt::format("layer {}: {}", layer.id, model_text(neuron.model)),
        {{"neuron", program}, extent_setting(layer.shape, layer.size())}, std::move(params));
    ++neuron_layers_;
}

void NetxBuilder::check_weights(const NetxLayer& layer, const char* key, NumberArray& weights) {
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

std::vector<Setting> NetxBuilder::projection(const NetxLayer& layer, const char* rule) {
    std::vector<Setting> settings{
        {"from", source_->name}, {"to", layer_name(layer)}, {"rule", rule}};
    settings.push_back({"sign", "mixed"});
    if (layer.neuron && layer.neuron->weight_exponent != 0) {
        settings.push_back({"exponent", std::to_string(-layer.neuron->weight_exponent)});
    }
    const bool takes_payload = layer.neuron && (layer.neuron->model == NetxModel::kSigmaDelta ||
                                                layer.neuron->model == NetxModel::kSigma);
    if (source_->graded || takes_payload) {
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
    settings.push_back({"delay", network_.keep(std::move(matrix))});
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
        std::vector<Setting> settings = projection(layer, "all_to_all");
        if (accumulator != nullptr) settings.push_back({"accumulator", accumulator});
        std::string name = layer_name(layer) + "_" + key;
        std::replace(name.begin(), name.end(), '/', '_');
        settings.push_back(
            {"weights", network_.keep({name, {layer.size(), sources}, std::move(weights.values)})});
        add_delay(layer, sources, settings);
        network_.projection("", std::move(settings));
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
    const Source before = *source_;
    source_->name = layer_name(layer);
    std::vector<Setting> settings = projection(layer, "all_to_all");
    source_ = before;
    settings.push_back({"weights", network_.keep({layer_name(layer) + "_weight_rec",
                                                  {layer.size(), layer.size()},
                                                  std::move(weights.values)})});
    network_.projection("", std::move(settings));
}

void NetxBuilder::connect_window(const NetxLayer& layer) {
    const NetxWindow& window = layer.window;
    if (source_->shape.size() != 3 || layer.shape.size() != 3) {
        error(layer, "shape", "a window needs feature maps (C, H, W) on both sides");
        return;
    }
    const std::uint64_t groups = layer.kind == LayerKind::kPool ? source_->shape[0] : window.groups;
    const std::uint64_t depth =
        layer.kind == LayerKind::kPool ? 1 : source_->shape[0] / std::max<std::uint64_t>(groups, 1);
    const std::uint64_t area = window.kernel[0] * window.kernel[1];
    NumberArray weights = layer.weight;
    if (layer.kind == LayerKind::kPool && weights.values.size() == area) {
        std::vector<double> all;
        for (std::uint64_t c = 0; c < layer.shape[0]; ++c) {
            all.insert(all.end(), weights.values.begin(), weights.values.end());
        }
        weights.values = std::move(all);
    }
    if (weights.values.size() != layer.shape[0] * depth * area) {
        error(layer, "weight",
              fmt::format("has {} weights, must have {} x {} x {} x {}", weights.values.size(),
                          layer.shape[0], depth, window.kernel[0], window.kernel[1]));
        return;
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
        return;
    }
    check_weights(layer, "weight", weights);
    const auto pair_text = [](const std::array<std::uint64_t, 2>& pair) {
        return fmt::format("[{}, {}]", pair[0], pair[1]);
    };
    std::vector<Setting> settings = projection(layer, "conv2d");
    settings.push_back(
        {"kernel", network_.keep({layer_name(layer) + "_weight",
                                  {layer.shape[0], depth, window.kernel[0], window.kernel[1]},
                                  std::move(weights.values)})});
    settings.push_back({"stride", pair_text(window.stride)});
    settings.push_back({"padding", pair_text(window.padding)});
    settings.push_back({"dilation", pair_text(window.dilation)});
    if (groups != 1) settings.push_back({"groups", std::to_string(groups)});
    if (layer.delay.values.size() == 1) add_delay(layer, 0, settings);
    if (layer.delay.values.size() > 1) {
        error(layer, "delay", "a convolution takes one delay for all its synapses");
    }
    network_.projection("", std::move(settings));
}

void NetxBuilder::finish() {
    if (neuron_layers_ == 0 && !found_.has_errors()) {
        found_.error("IMP-VALUE", file_.at("/layer"), "no layer has neurons");
    }
}

}  // namespace

Imported import_netx(const std::filesystem::path& file, const std::string& data,
                     const NetxOptions& options) {
    const Hdf5File source{file};
    Diagnostics found;
    const std::vector<NetxLayer> layers = read_netx_layers(source, found);
    Names names;
    Imported result{NetworkText{names.unique(file.stem().string()),
                                data,
                                {fmt::format("Imported from {} (netx) by seamount import.",
                                             file.filename().string())}},
                    {}};
    NetxBuilder builder{source, options, result.network, result.notes, found};
    for (const NetxLayer& layer : layers) builder.add(layer);
    builder.finish();
    found.throw_if_errors();
    return result;
}

}  // namespace seamount::importer
