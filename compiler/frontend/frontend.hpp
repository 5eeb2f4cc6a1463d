#pragma once

#include <filesystem>

#include "compiler/frontend/data/data_array.hpp"
#include "compiler/ir/network.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/yaml/yaml.hpp"

namespace seamount::compiler {

/// Reads a network file (format: compiler/NETWORK.md) with the data files and neuron programs that
/// it names. All problems go to `diagnostics`; the result is usable only if there are no errors
/// among them. Programs without a path are looked up in `neuron_library`. Data files that unpack to
/// more than `max_input` bytes are refused.
///
/// Rows of the projections may still throw InputError when they are made: formulas are evaluated
/// then, of which only the first synapses are tried here.
[[nodiscard]] Network read_network(const std::filesystem::path& file, const Settings& settings,
                                   const std::filesystem::path& neuron_library,
                                   Diagnostics& diagnostics,
                                   std::uint64_t max_input = frontend::kMaxInput);

}  // namespace seamount::compiler
