#include "tools/import/netx/netx_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compiler/frontend/data/npy.hpp"
#include "compiler/frontend/data/storage.hpp"

namespace seamount::importer {
namespace {

constexpr std::int32_t kLargestBias = 1'000'000;    ///< the program's own range is narrower
constexpr std::int64_t kBiasExponent = 6;           ///< biases count as weights do, times 2^6
constexpr std::int64_t kLargestThreshold = 131071;  ///< of the programs' `vth`
/// lava's fixed-point sigma-delta models count in 2^(6 + 6) (netx's spike_exp is a loader option).
constexpr int kSigmaDeltaExponent = 6;

/// Feature maps have a shape, for the windows at either end; else only the number counts.
Setting extent_setting(const std::vector<std::uint64_t>& shape, std::uint64_t size) {
    const bool is_map = shape.size() == 3;
    return is_map ? Setting{"shape", list_text(shape)} : Setting{"size", std::to_string(size)};
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

}  // namespace

std::string layer_name(const NetxLayer& layer) {
    return fmt::format("l{}", layer.id);
}

std::uint64_t product(const std::vector<std::uint64_t>& shape) {
    std::uint64_t size = 1;
    for (const std::uint64_t extent : shape) size *= extent;
    return size;
}

void NetxBuilder::error(const NetxLayer& layer, const std::string& key, std::string message,
                        std::string hint) {
    found_.error("IMP-VALUE", file_.at(key.empty() ? layer.object : layer.object + "/" + key),
                 std::move(message), std::move(hint));
}

void NetxBuilder::note(const NetxLayer& layer, const std::string& text) {
    result_.notes.push_back(fmt::format("layer {}: {}", layer.id, text));
}

void NetxBuilder::add(const NetxLayer& layer) {
    switch (layer.kind) {
        case LayerKind::kInput:
            add_input(layer);
            return;
        case LayerKind::kFlatten:
            if (source_) source_->shape = {product(source_->shape)};  // in C order, as it is
            return;
        case LayerKind::kAverage:
            is_read_out_ = true;
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
    source_ = source_of(layer);
}

NetxBuilder::Source NetxBuilder::source_of(const NetxLayer& layer) {
    const bool graded = layer.neuron && (layer.neuron->model == NetxModel::kSigmaDelta ||
                                         layer.neuron->model == NetxModel::kSigma);
    return {layer_name(layer), layer.shape, graded};
}

bool NetxBuilder::ready(const NetxLayer& layer) {
    if (is_read_out_) {
        found_.error("IMP-TYPE", file_.at(layer.object + "/type"), "a layer after an average",
                     "an average is what the host reads, so it ends the chain");
        return false;
    }
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
    result_.network.input(name, "bind spikes with: seamount run ... --input " + name + "=FILE",
                          {extent_setting(shape, product(shape)), {"spikes", "[]"}});
    source_ = Source{name, shape, false};
}

void NetxBuilder::add_input(const NetxLayer& layer) {
    if (layer.shape.empty()) return;
    if (!layer.neuron) {
        add_host_input("input", layer.shape);
        return;
    }
    took_biases_ = true;
    const std::vector<double> bias =
        options_.bias.empty() ? std::vector<double>(layer.size()) : read_bias_file(layer);
    if (options_.bias.empty()) {
        note(layer, "driven by bias currents, which are 0: give them with --bias FILE.npy");
    }
    add_neurons(layer, bias);
    source_ = source_of(layer);
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
            const std::uint64_t place = is_reversed ? (x * height + y) * channels + c : i;
            bias[i] = array.number(place);
            if (std::floor(bias[i]) == bias[i] && std::abs(bias[i]) <= kLargestBias) continue;
            found_.error("IMP-VALUE", {options_.bias.string(), 0, 0},
                         fmt::format("element {} is {}, must be an integer in [-{}, {}]",
                                     array.index_text(place), bias[i], kLargestBias, kLargestBias));
            return bias;
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

void NetxBuilder::add_reset(std::vector<Setting>& params) const {
    if (!options_.reset_every) return;
    const std::int64_t every = *options_.reset_every;
    // The program counts steps from 1, netx from 0.
    const std::int64_t phase =
        static_cast<std::int64_t>(neuron_layers_) + options_.reset_offset % every + 1;
    params.push_back({"reset_interval", std::to_string(every)});
    params.push_back({"reset_offset", std::to_string((phase % every + every) % every)});
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
            add_reset(params);
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

void NetxBuilder::add_bias(const NetxLayer& layer, const NetxNeuron& neuron,
                           const std::vector<double>& bias, std::vector<Setting>& params) {
    const bool has_bias = std::any_of(bias.begin(), bias.end(), [](double b) { return b != 0; });
    const auto set = [&](const char* exponent) {
        params.push_back({"bias", result_.network.values(layer_name(layer) + "_bias", bias)});
        if (exponent != nullptr) params.push_back({"bias_exp", exponent});
    };
    switch (neuron.model) {
        case NetxModel::kCuba:
            set(std::to_string(kBiasExponent - neuron.weight_exponent).c_str());
            if (neuron.weight_exponent != 0 && has_bias) {
                note(layer, fmt::format("bias is taken times 2^{}, as the weights are",
                                        -neuron.weight_exponent));
            }
            return;
        case NetxModel::kAlif:
            set(std::to_string(kBiasExponent).c_str());
            return;
        case NetxModel::kSigmaDelta:
            if (layer.kind != LayerKind::kInput) {
                set(nullptr);
                return;
            }
            break;
        case NetxModel::kSigma:
        case NetxModel::kRf:
        case NetxModel::kRfIzhikevich:
            break;
    }
    if (!has_bias) return;
    error(layer, "bias",
          fmt::format("{} neurons{} take no bias", model_text(neuron.model),
                      layer.kind == LayerKind::kInput ? " of an input layer" : ""));
}

void NetxBuilder::add_neurons(const NetxLayer& layer, const std::vector<double>& bias) {
    const NetxNeuron neuron = neuron_of(layer);
    std::vector<Setting> params;
    const std::string program = program_of(layer, neuron, params);
    if (neuron.is_graded && !source_of(layer).graded) {
        note(layer, "gradedSpike is taken as plain spikes, as netx itself does");
    }
    add_bias(layer, neuron, bias, params);
    if (options_.reset_every && neuron.model != NetxModel::kCuba) {
        found_.error("IMP-OPTION", file_.at(layer.object + "/neuron"),
                     fmt::format("--reset-every: no program for {} neurons with a reset",
                                 model_text(neuron.model)),
                     "resets are for current-based neurons");
    }
    result_.network.population(
        layer_name(layer), fmt::format("layer {}: {}", layer.id, model_text(neuron.model)),
        {{"neuron", program}, extent_setting(layer.shape, layer.size())}, std::move(params));
    result_.neurons += layer.size();
    ++neuron_layers_;
}

void NetxBuilder::finish() {
    if (neuron_layers_ == 0 && !found_.has_errors()) {
        found_.error("IMP-VALUE", file_.at("/layer"), "no layer has neurons");
    }
    const auto unused = [&](const char* message, const char* hint) {
        found_.error("IMP-OPTION", file_.at("/layer"), message, hint);
    };
    if (!options_.bias.empty() && !took_biases_) {
        unused("--bias, but no input layer has neurons", "bind spikes with run --input");
    }
    if (options_.reset_offset != 0 && !options_.reset_every) {
        unused("--reset-offset without --reset-every", "without a period nothing is reset");
    }
}

}  // namespace seamount::importer
