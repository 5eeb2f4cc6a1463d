#pragma once

#include <cstdint>
#include <vector>

#include "emulator/machine/machine.hpp"
#include "isa/image/image.hpp"

namespace seamount::session {

/// The synapses of a projection, one row each.
struct SynapseTable {
    std::vector<std::uint32_t> source;  ///< index within the input or population
    std::vector<std::uint32_t> target;  ///< index within the population
    std::vector<std::int32_t> weight;   ///< mantissa as stored, -256..255
    std::vector<std::int32_t> delay;    ///< steps
    std::vector<std::int32_t> tag;      ///< of synapses that learn, else empty
    std::vector<std::int32_t> second_tag;
};

/// Of a projection that learns: as `machine` has them now, in the order of their ids. Of another
/// one: as `image` has them, by source, then target; parts that are zero may have been left out.
/// Throws InputError (RUN-VALUE) if several projections that do not learn join the same two
/// populations: an image does not tell their synapses apart.
[[nodiscard]] SynapseTable synapses_of(const isa::Image& image, const emu::Machine& machine,
                                       std::uint32_t projection);

}  // namespace seamount::session
