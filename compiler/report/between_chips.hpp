#pragma once

#include <array>
#include <string_view>

namespace seamount::compiler {

/// What a system of several chips has that times and energies do not: all that is known of the way
/// between two chips are hop_offchip_ns, hop_offchip_pj and mesh.offchip_occupancy_ns.
inline constexpr std::array<std::string_view, 4> kNotModelledBetweenChips{
    "the barrier takes between chips no longer than within one, per hop",
    "every pair of tiles at an edge has a link of its own: ports that many tiles share are not "
    "modelled",
    "serialisers, flow control and errors of the links are not modelled beyond hop_offchip and "
    "offchip_occupancy",
    "one host serves all chips: host_step does not grow with their number"};

}  // namespace seamount::compiler
