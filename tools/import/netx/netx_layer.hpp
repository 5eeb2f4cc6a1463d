#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/import/hdf5/hdf5_file.hpp"

namespace seamount::importer {

/// What a layer of a netx file does. Names as in the file: `layer_kinds()`.
enum class LayerKind : std::uint8_t {
    kInput,
    kDense,
    kDenseRecurrent,  ///< dense_rec; `recurrent` of the older dialect
    kConv,
    kPool,
    kFlatten,
    kAverage,
};

/// Neuron models of netx.
enum class NetxModel : std::uint8_t {
    kCuba,  ///< LOIHI, CUBA: current-based leaky integrate and fire
    kAlif,
    kSigmaDelta,
    kSigma,  ///< SDNN whose layer emits its sum (sigma_output)
    kRf,
    kRfIzhikevich,
};

/// The neurons of a layer, in the integers of the file.
struct NetxNeuron {
    NetxModel model = NetxModel::kCuba;
    std::int64_t current_decay = 0;     ///< iDecay, 0..4096
    std::int64_t voltage_decay = 4096;  ///< vDecay, 0..4096
    std::int64_t threshold = 131072;    ///< vThMant
    std::int64_t threshold_decay = 0;   ///< ALIF
    std::int64_t refractory_decay = 0;
    std::int64_t threshold_step = 0;
    std::int64_t sin_decay = 0;  ///< RF
    std::int64_t cos_decay = 0;
    bool is_graded = false;            ///< gradedSpike
    std::int64_t weight_exponent = 0;  ///< of full batch norm: weight and bias times 2^-this
};

/// Geometry of conv and pool, (y, x).
struct NetxWindow {
    std::array<std::uint64_t, 2> kernel{1, 1};
    std::array<std::uint64_t, 2> stride{1, 1};
    std::array<std::uint64_t, 2> padding{0, 0};
    std::array<std::uint64_t, 2> dilation{1, 1};
    std::uint64_t groups = 1;
};

/// A layer as the file has it, checked by itself.
struct NetxLayer {
    std::uint64_t id = 0;
    LayerKind kind = LayerKind::kInput;
    std::string object;                ///< "/layer/3"
    std::vector<std::uint64_t> shape;  ///< of its output: (C, H, W), or (N)
    std::optional<NetxNeuron> neuron;
    NumberArray weight;  ///< dense (out, in); conv (out, in / groups, y, x); empty: none
    NumberArray weight_imag;
    NumberArray recurrent;  ///< (out, out)
    NumberArray bias;       ///< mantissas; empty: none
    NumberArray delay;      ///< floored, in steps; empty: none
    NetxWindow window;

    [[nodiscard]] std::uint64_t size() const noexcept;
};

/// Reads the layers of a netx file of lava-dl, or of the older nxSlayer, in the order of their ids.
/// What is wrong goes to `found`, each at the path of its object: IMP-KEY, IMP-VALUE, IMP-TYPE.
[[nodiscard]] std::vector<NetxLayer> read_netx_layers(const Hdf5File& file, Diagnostics& found);

}  // namespace seamount::importer
