#pragma once

#include <cstdint>
#include <vector>

#include "tools/import/nir/fixed/weights.hpp"
#include "tools/import/nir/fold/model.hpp"

namespace seamount::importer::nir {

/// Neurons that share the weights of their rows, by number: each by itself, or, behind a
/// convolution, those of a channel.
[[nodiscard]] std::vector<std::uint32_t> rows_of(const Population& population,
                                                 const std::vector<const LinearMap*>& maps);

/// A scale for each neuron, where the threshold of each can be its own: the mantissas of each row
/// are filled, and round as well as one in half an octave can make them.
///
/// `maps` lead to the population; `scale` is the one for all that they were rounded well with,
/// `most` the largest that ranges allow, both in units of v; `unit` are those of an input.
[[nodiscard]] std::vector<double> row_scales(const Population& population,
                                             const std::vector<const LinearMap*>& maps,
                                             double scale, double most, double unit);

}  // namespace seamount::importer::nir
