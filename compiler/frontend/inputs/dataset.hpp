#pragma once

#include <optional>

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// A `dataset:` map as read; its schedule has been merged into the network's.
struct DatasetSpec {
    DataArray samples;       ///< (S, ...)
    YamlNode samples_node;   ///< for reports about the values
    std::size_t encode = 0;  ///< index into the choices given
    std::int32_t max = 1;    ///< full scale
};

/// Reads the map and merges its schedule with that of the other datasets, which must agree
/// (NET-DATASET). `encodings` are the legal values of `encode`, the first is the default. With
/// `has_max`, encodings other than rasters need a `max`. Returns nothing after an error that leaves
/// nothing to work with.
[[nodiscard]] std::optional<DatasetSpec> read_dataset(Context& context, const YamlNode& node,
                                                      const std::vector<std::string>& encodings,
                                                      bool has_max);

/// Reads the dataset of an input that spikes.
void read_dataset_input(Context& context, const YamlNode& node, isa::InputImage& image);

}  // namespace seamount::compiler::frontend
