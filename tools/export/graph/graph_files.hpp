#pragma once

#include <filesystem>
#include <string>

#include "tools/export/graph/graph.hpp"

namespace seamount::exporter {

// The files that other tools read; each appears complete. Throw InputError (OUT-WRITE). `network`
// is its name.

/// CSV: `projection,source,source_index,target,target_index,weight,mantissa,exponent,delay,`
/// `source_core,target_core`, a line per synapse; an input has no core.
void write_edges(const Graph& graph, const std::filesystem::path& target);

/// HDF5: `/edges/` with a column per field of the CSV; groups and projections are numbers into
/// `/groups/name` and `/projections/name`; `/groups/size`, `is_input`; `/neurons/group`, `index`,
/// `core` of every neuron.
void write_hdf5(const Graph& graph, const std::filesystem::path& target,
                const std::string& network);

/// GraphML: a node "NAME[i]" per source of an input and per neuron, with its group and its core;
/// edges with projection, weight and delay.
void write_graphml(const Graph& graph, const std::filesystem::path& target,
                   const std::string& network);

}  // namespace seamount::exporter
