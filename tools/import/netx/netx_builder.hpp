#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/import/hdf5/hdf5_file.hpp"
#include "tools/import/network/network_text.hpp"
#include "tools/import/netx/netx_import.hpp"
#include "tools/import/netx/netx_layer.hpp"

namespace seamount::importer {

/// Turns layers into populations and projections, one after another.
class NetxBuilder {
public:
    /// The references must outlive the builder; problems go to `found`: IMP-VALUE, IMP-TYPE,
    /// IMP-OPTION.
    NetxBuilder(const Hdf5File& file, const NetxOptions& options, Imported& result,
                Diagnostics& found)
        : file_{file}, options_{options}, result_{result}, found_{found} {}

    void add(const NetxLayer& layer);
    /// What can be said only after all layers.
    void finish();

private:
    /// What the synapses of the next layer come from.
    struct Source {
        std::string name;
        std::vector<std::uint64_t> shape;
        bool graded = false;
    };

    void error(const NetxLayer& layer, const std::string& key, std::string message,
               std::string hint = {});
    void note(const NetxLayer& layer, const std::string& text);
    void add_input(const NetxLayer& layer);
    void add_host_input(const std::string& name, const std::vector<std::uint64_t>& shape);
    void add_neurons(const NetxLayer& layer, const std::vector<double>& bias);
    void connect_dense(const NetxLayer& layer);
    void connect_window(const NetxLayer& layer);
    void connect_recurrent(const NetxLayer& layer);

    [[nodiscard]] NetxNeuron neuron_of(const NetxLayer& layer);
    [[nodiscard]] std::string program_of(const NetxLayer& layer, const NetxNeuron& neuron,
                                         std::vector<Setting>& params);
    void add_reset(std::vector<Setting>& params) const;
    void add_bias(const NetxLayer& layer, const NetxNeuron& neuron, const std::vector<double>& bias,
                  std::vector<Setting>& params);
    [[nodiscard]] std::vector<double> bias_per_neuron(const NetxLayer& layer);
    [[nodiscard]] std::vector<double> read_bias_file(const NetxLayer& layer);
    [[nodiscard]] static Source source_of(const NetxLayer& layer);
    [[nodiscard]] static std::vector<Setting> projection(const Source& from, const NetxLayer& layer,
                                                         const char* rule);
    void add_delay(const NetxLayer& layer, std::uint64_t sources, std::vector<Setting>& settings);
    void check_weights(const NetxLayer& layer, const char* key, const NumberArray& weights);
    /// Adds the projection whose weights are `array`; `key` is what its rule calls them.
    void project(std::vector<Setting> settings, const char* key, NamedArray array);
    [[nodiscard]] std::optional<NamedArray> kernel_of(const NetxLayer& layer, std::uint64_t depth);
    [[nodiscard]] bool fits_geometry(const NetxLayer& layer);
    [[nodiscard]] bool ready(const NetxLayer& layer);

    const Hdf5File& file_;
    const NetxOptions& options_;
    Imported& result_;
    Diagnostics& found_;
    std::optional<Source> source_;
    std::uint64_t neuron_layers_ = 0;
    bool took_biases_ = false;  ///< --bias has met a layer that takes them
    bool is_read_out_ = false;  ///< an average has ended the chain
};

/// Name of the population of a layer.
[[nodiscard]] std::string layer_name(const NetxLayer& layer);
/// Elements of an array of this shape.
[[nodiscard]] std::uint64_t product(const std::vector<std::uint64_t>& shape);

}  // namespace seamount::importer
