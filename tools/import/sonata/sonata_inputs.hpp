#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/import/sonata/sonata_builder.hpp"

namespace seamount::importer::sonata {

/// A spike of a virtual node; `count` of them fall into the step.
struct InputSpike {
    std::uint64_t step = 0;
    std::uint32_t source = 0;
    std::uint32_t count = 1;
};

/// The spikes of all virtual populations, by their place in `populations`, in order of steps.
/// Findings go to `found`; notes say what was left out or moved.
[[nodiscard]] std::vector<std::vector<InputSpike>> read_inputs(
    const Config& config, const std::vector<NodePopulation>& populations, double dt_ms,
    std::vector<std::string>& notes, std::vector<std::filesystem::path>& files_read,
    Diagnostics& found);

}  // namespace seamount::importer::sonata
