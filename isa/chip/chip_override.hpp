#pragma once

#include "isa/yaml/yaml_paths.hpp"

namespace seamount::isa {

using PathValues = yaml::PathValues;  ///< `--set prices.synapse_pj=30`

/// Puts values of the command line over the tree of a complete chip (ChipSpec::resolved).
///
/// Any number goes by the path of its key: "mesh.link_occupancy_ns", "limits.compartments",
/// "prices.synapse_pj" (of the profile in force), "prices.barrier.base_ns". Prices of the mesh and
/// the barrier may also be named by their block: "mesh.hop_ew_ns", "barrier.base_ns". A list is
/// written as in YAML: "topology.host_tile=[7, 3]". Each value cites the command line as its
/// source, grade assumed. Reports CLI-SET-PATH for a path that the chip does not have; what the
/// values may be is up to the reader of the tree.
void override_chip(yaml::Node& chip, const PathValues& values, Diagnostics& diagnostics);

}  // namespace seamount::isa
