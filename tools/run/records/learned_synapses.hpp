#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "emulator/machine/machine.hpp"
#include "isa/image/image.hpp"

namespace seamount::tools {

/// A learned synapse by what the network calls its ends.
struct NamedSynapse {
    std::uint32_t id = 0;      ///< within its projection
    std::uint32_t source = 0;  ///< index within the input or population
    std::uint32_t target = 0;  ///< index within the population
    std::int32_t weight = 0;
    std::int32_t delay = 0;
    std::int32_t tag = 0;
    std::int32_t second_tag = 0;
};

/// The synapses of entry `entry` of LearningImage::projections, by id: the same for every mapping.
[[nodiscard]] std::vector<NamedSynapse> learned_synapses(const isa::Image& image,
                                                         const emu::Machine& machine,
                                                         std::uint32_t entry);

/// Names of the projections that learn, by entry, quoted for CSV.
[[nodiscard]] std::vector<std::string> learning_fields(const isa::Image& image);

}  // namespace seamount::tools
