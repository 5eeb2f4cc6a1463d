#pragma once

#include <algorithm>
#include <vector>

#include "compiler/ir/lowered.hpp"
#include "compiler/place/traffic/traffic.hpp"
#include "isa/base/units.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// How long a step takes in which every neuron spikes once, by the prices of the chip file.
///
/// A lower bound: packets wait for nothing but their link and need no time for their way. Neurons
/// are taken for active and their programs for as long as the longest path; spikes have one
/// payload-free packet per core. Host inputs are not counted.
struct StepTime {
    Picoseconds core{};     ///< the stages of the core that takes longest
    Picoseconds link{};     ///< the link that takes longest is busy
    Picoseconds barrier{};  ///< with the management by the host
    [[nodiscard]] Picoseconds total() const { return std::max(core, link) + barrier; }
};

/// Ascending: those of the cores, and the host's if the network has inputs.
[[nodiscard]] std::vector<TileId> tiles_in_use(const Lowered& lowered, const Mapping& mapping,
                                               const isa::ChipSpec& chip);
/// Of a step, with the management by the host.
[[nodiscard]] Picoseconds barrier_time(const Lowered& lowered, const Mapping& mapping,
                                       const isa::ChipSpec& chip);

[[nodiscard]] StepTime expected_step_time(const Lowered& lowered, const Mapping& mapping,
                                          const isa::ChipSpec& chip, const Traffic& traffic);

}  // namespace seamount::compiler
