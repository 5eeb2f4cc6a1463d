#include "tools/import/netx/netx_layer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "tools/import/netx/netx_words.hpp"

namespace seamount::importer {
namespace {

constexpr std::uint64_t kMaxNeurons = std::uint64_t{1} << 24U;  ///< of a network

bool is_whole(double value, double low, double high) {
    return value >= low && value <= high && std::floor(value) == value;
}

/// Reads one layer; what is wrong is collected.
class LayerReader {
public:
    LayerReader(const Hdf5File& file, NetxLayer& layer, Diagnostics& found)
        : file_{file}, layer_{layer}, found_{found} {}

    /// False if it cannot be known what the layer is.
    bool read();

private:
    [[nodiscard]] std::string path(const std::string& key) const {
        return layer_.object + "/" + key;
    }
    void error(const char* code, const std::string& key, std::string message,
               std::string hint = {}) {
        found_.error(code, file_.at(key.empty() ? layer_.object : path(key)), std::move(message),
                     std::move(hint));
    }
    /// Calls `read` and collects what it throws.
    void attempt(const std::function<void()>& read) {
        try {
            read();
        } catch (const InputError& error) {
            found_.add(error);
        }
    }
    [[nodiscard]] std::string text(const std::string& key);
    [[nodiscard]] std::int64_t integer(const std::string& key, std::int64_t low, std::int64_t high);
    [[nodiscard]] std::int64_t integer_or(const std::string& key, std::int64_t low,
                                          std::int64_t high, std::int64_t otherwise);
    [[nodiscard]] NumberArray whole_numbers(const std::string& key);
    [[nodiscard]] std::array<std::uint64_t, 2> pair(const std::string& key, std::uint64_t low,
                                                    std::uint64_t otherwise);

    bool read_kind();
    void read_shape();
    void read_neuron();
    void read_decays(NetxNeuron& neuron);
    void read_activation();
    void read_window();
    void read_weights();
    void check_complex();
    void read_delay();

    const Hdf5File& file_;
    NetxLayer& layer_;
    Diagnostics& found_;
};

std::string LayerReader::text(const std::string& key) {
    const std::vector<std::string> all = file_.texts(path(key));
    return all.empty() ? std::string{} : all.front();
}

std::int64_t LayerReader::integer(const std::string& key, std::int64_t low, std::int64_t high) {
    const NumberArray array = file_.numbers(path(key));
    if (array.values.size() != 1) {
        error("IMP-VALUE", key, fmt::format("has {} values, must have one", array.values.size()));
        return low;
    }
    const double value = array.values.front();
    if (!is_whole(value, static_cast<double>(low), static_cast<double>(high))) {
        error("IMP-VALUE", key,
              fmt::format("is {}, must be an integer in [{}, {}]", value, low, high));
        return low;
    }
    return static_cast<std::int64_t>(value);
}

std::int64_t LayerReader::integer_or(const std::string& key, std::int64_t low, std::int64_t high,
                                     std::int64_t otherwise) {
    return file_.has(path(key)) ? integer(key, low, high) : otherwise;
}

NumberArray LayerReader::whole_numbers(const std::string& key) {
    NumberArray array = file_.numbers(path(key));
    constexpr double kLargest = 1e6;
    for (std::size_t i = 0; i < array.values.size(); ++i) {
        const double value = array.values[i];
        if (is_whole(value, -kLargest, kLargest)) continue;
        error("IMP-VALUE", key,
              fmt::format("element {} is {}, must be an integer in [-{:.0f}, {:.0f}]", i, value,
                          kLargest, kLargest),
              "netx files hold the integers of the chip; export after quantisation");
        array.values.clear();
        array.shape = {0};
        break;
    }
    return array;
}

std::array<std::uint64_t, 2> LayerReader::pair(const std::string& key, std::uint64_t low,
                                               std::uint64_t otherwise) {
    if (!file_.has(path(key))) return {otherwise, otherwise};
    const NumberArray array = file_.numbers(path(key));
    const std::size_t count = array.values.size();
    std::array<std::uint64_t, 2> result{low, low};
    constexpr double kLargest = 65536;
    if (count != 1 && count != 2) {
        error("IMP-VALUE", key, fmt::format("has {} values, must have one or two (y, x)", count));
        return result;
    }
    for (std::size_t i = 0; i < 2; ++i) {
        const double value = array.values[count == 1 ? 0 : i];
        if (!is_whole(value, static_cast<double>(low), kLargest)) {
            error("IMP-VALUE", key,
                  fmt::format("is {}, must be an integer in [{}, {:.0f}]", value, low, kLargest));
            return {low, low};
        }
        result.at(i) = static_cast<std::uint64_t>(value);
    }
    return result;
}

bool LayerReader::read_kind() {
    if (!file_.has(path("type"))) {
        error("IMP-TYPE", "", "the layer has no type",
              "a k-winners block exports none; nothing can take its place");
        return false;
    }
    std::string name;
    attempt([&] { name = text("type"); });
    for (const Named<LayerKind>& entry : kKinds) {
        if (entry.name == name) {
            layer_.kind = entry.value;
            return true;
        }
    }
    for (const Refused& entry : kRefused) {
        if (entry.name != name) continue;
        std::string what{entry.why};
        if (file_.has(path("layers"))) {
            attempt([&] {
                what += fmt::format(" (layers {})",
                                    fmt::join(file_.numbers(path("layers")).values, ", "));
            });
        }
        error("IMP-TYPE", "type", fmt::format("'{}' cannot be imported: {}", name, what),
              "write this part of the network by hand, from two imported files");
        return false;
    }
    error("IMP-TYPE", "type", fmt::format("unknown type '{}'", name),
          fmt::format("types are {}", names_in(kKinds)));
    return false;
}

void LayerReader::read_shape() {
    if (!file_.has(path("shape"))) {
        if (layer_.kind == LayerKind::kFlatten) return;
        error("IMP-KEY", "shape", "no such dataset");
        return;
    }
    const NumberArray array = file_.numbers(path("shape"));
    double size = 1;
    for (const double value : array.values) {
        if (!is_whole(value, 1, static_cast<double>(kMaxNeurons))) {
            error("IMP-VALUE", "shape",
                  fmt::format("has {}, must have integers in [1, {}]", value, kMaxNeurons));
            return;
        }
        size *= value;
        layer_.shape.push_back(static_cast<std::uint64_t>(value));
    }
    if (layer_.shape.empty() || layer_.shape.size() > 3 ||
        size > static_cast<double>(kMaxNeurons)) {
        error("IMP-VALUE", "shape",
              fmt::format("is {}, must be (N) or (C, H, W) with at most {} places in all",
                          array.values, kMaxNeurons));
        layer_.shape.clear();
    }
}

void LayerReader::read_decays(NetxNeuron& neuron) {
    switch (neuron.model) {
        case NetxModel::kCuba:
            neuron.current_decay = integer("neuron/iDecay", 0, 4096);
            neuron.voltage_decay = integer("neuron/vDecay", 0, 4096);
            break;
        case NetxModel::kAlif:
            neuron.current_decay = integer("neuron/iDecay", 0, 4096);
            neuron.voltage_decay = integer("neuron/vDecay", 0, 4096);
            neuron.threshold_decay = integer("neuron/thDecay", 0, 4096);
            neuron.refractory_decay = integer("neuron/refDecay", 0, 4096);
            neuron.threshold_step = integer("neuron/vThStep", 0, 131071);
            break;
        case NetxModel::kRf:
        case NetxModel::kRfIzhikevich:
            neuron.sin_decay = integer("neuron/sinDecay", -4096, 4096);
            neuron.cos_decay = integer("neuron/cosDecay", -4096, 4096);
            break;
        case NetxModel::kSigmaDelta:
        case NetxModel::kSigma:
            break;
    }
}

void LayerReader::read_neuron() {
    if (file_.kind(path("neuron")) != Hdf5File::Kind::kGroup) return;
    NetxNeuron neuron;
    const std::string name = text("neuron/type");
    const auto known =
        std::find_if(kModels.begin(), kModels.end(),
                     [&](const Named<NetxModel>& entry) { return entry.name == name; });
    if (known == kModels.end()) {
        error("IMP-TYPE", "neuron/type", fmt::format("no program for neurons of type '{}'", name),
              fmt::format("types are {}", names_in(kModels)));
        return;
    }
    neuron.model = known->value;
    constexpr std::int64_t kFieldless = 262143;  // what exporters write for "never"
    neuron.threshold = integer("neuron/vThMant", 0, kFieldless);
    read_decays(neuron);
    neuron.is_graded = integer_or("neuron/gradedSpike", 0, 1, 0) == 1;
    neuron.weight_exponent = integer_or("neuron/weight_exp", -8, 8, 0);
    if (neuron.model == NetxModel::kSigmaDelta) {
        read_activation();
        if (integer_or("neuron/sigma_output", 0, 1, 0) == 1) neuron.model = NetxModel::kSigma;
    }
    if (integer_or("neuron/refDelay", 0, 1 << 20, 1) > 1) {
        error("IMP-VALUE", "neuron/refDelay", "more than one step of refractory delay",
              "netx neurons fire again in the next step; lif_refractory has a delay");
    }
    layer_.neuron = neuron;
}

void LayerReader::read_activation() {
    if (!file_.has(path("neuron/activation"))) return;
    const std::string name = text("neuron/activation");
    if (std::find(kActivations.begin(), kActivations.end(), name) != kActivations.end()) return;
    error("IMP-VALUE", "neuron/activation",
          fmt::format("is '{}', must be {}", name, fmt::join(kActivations, ", ")),
          "sigma-delta neurons of other activations have no program");
}

void LayerReader::read_window() {
    layer_.window.kernel = pair("kernelSize", 1, 1);
    layer_.window.stride = pair("stride", 1, 1);
    layer_.window.padding = pair("padding", 0, 0);
    layer_.window.dilation = pair("dilation", 1, 1);
    layer_.window.groups = static_cast<std::uint64_t>(integer_or("groups", 1, 1 << 24, 1));
}

void LayerReader::read_weights() {
    if (file_.kind(path("weight")) == Hdf5File::Kind::kGroup) {
        layer_.weight = whole_numbers("weight/real");
        layer_.weight_imag = whole_numbers("weight/imag");
        check_complex();
    } else if (layer_.kind != LayerKind::kInput && layer_.kind != LayerKind::kFlatten &&
               layer_.kind != LayerKind::kAverage) {
        layer_.weight = whole_numbers("weight");
    }
    if (layer_.kind == LayerKind::kDenseRecurrent) {
        layer_.recurrent =
            whole_numbers(file_.has(path("weight_rec")) ? "weight_rec" : "recWeight");
    }
    if (layer_.kind != LayerKind::kInput && file_.has(path("bias"))) {
        layer_.bias = whole_numbers("bias");
    }
}

void LayerReader::check_complex() {
    const bool is_dense =
        layer_.kind == LayerKind::kDense || layer_.kind == LayerKind::kDenseRecurrent;
    const bool resonates = layer_.neuron && (layer_.neuron->model == NetxModel::kRf ||
                                             layer_.neuron->model == NetxModel::kRfIzhikevich);
    if (!is_dense || !resonates) {
        error("IMP-VALUE", "weight", "complex weights of a layer whose neurons do not resonate",
              "weight/real and weight/imag are for dense layers of RF neurons");
    } else if (layer_.weight.values.size() != layer_.weight_imag.values.size()) {
        error("IMP-VALUE", "weight/imag",
              fmt::format("has {} values, weight/real has {}", layer_.weight_imag.values.size(),
                          layer_.weight.values.size()));
    }
}

void LayerReader::read_delay() {
    if (!file_.has(path("delay"))) return;
    layer_.delay = file_.numbers(path("delay"));
    for (double& value : layer_.delay.values) {
        if (!(value >= 0 && value <= 1e6)) {
            error("IMP-VALUE", "delay", fmt::format("has {}, must be in [0, 62] steps", value));
            layer_.delay = {};
            return;
        }
        value = std::floor(value);
    }
}

bool LayerReader::read() {
    if (!read_kind()) return false;
    attempt([this] { read_shape(); });
    attempt([this] { read_neuron(); });
    if (layer_.kind == LayerKind::kConv || layer_.kind == LayerKind::kPool) {
        attempt([this] { read_window(); });
    }
    attempt([this] { read_weights(); });
    attempt([this] { read_delay(); });
    return true;
}

/// Ids of the layers, ascending; they must be 0..n-1.
std::vector<std::uint64_t> layer_ids(const Hdf5File& file, Diagnostics& found) {
    std::vector<std::uint64_t> ids;
    for (const std::string& name : file.members("/layer")) {
        std::uint64_t id = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
        if (error != std::errc{} || end != name.data() + name.size()) {
            found.error("IMP-VALUE", file.at("/layer/" + name),
                        fmt::format("'{}' is no layer number", name));
            continue;
        }
        ids.push_back(id);
    }
    std::sort(ids.begin(), ids.end());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (ids[i] == i) continue;
        found.error("IMP-VALUE", file.at("/layer"),
                    fmt::format("layer {} is missing: numbers must be 0..n-1 without gaps", i));
        return {};
    }
    return ids;
}

}  // namespace

std::uint64_t NetxLayer::size() const noexcept {
    return std::accumulate(shape.begin(), shape.end(), std::uint64_t{1}, std::multiplies<>{});
}

std::vector<NetxLayer> read_netx_layers(const Hdf5File& file, Diagnostics& found) {
    std::vector<NetxLayer> layers;
    if (file.kind("/layer") != Hdf5File::Kind::kGroup) {
        found.error("IMP-KEY", file.at("/layer"), "no such group: this is no netx file",
                    "netx files of lava-dl and nxSlayer hold their layers there");
        return layers;
    }
    for (const std::uint64_t id : layer_ids(file, found)) {
        NetxLayer layer;
        layer.id = id;
        layer.object = fmt::format("/layer/{}", id);
        LayerReader reader{file, layer, found};
        if (reader.read()) layers.push_back(std::move(layer));
    }
    if (layers.empty() && !found.has_errors()) {
        found.error("IMP-VALUE", file.at("/layer"), "the network has no layers");
    }
    return layers;
}

}  // namespace seamount::importer
