#include "compiler/lower/region.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace seamount::compiler {
namespace {

void report(const Population& population, const std::string& wanted, const std::string& present,
            Diagnostics& diagnostics) {
    diagnostics.error(
        "CMP-REGION", population.region->where,
        fmt::format("population '{}' belongs on {}, {}", population.name, wanted, present),
        "move the region, or use a larger chip");
}

}  // namespace

std::vector<CoreId> cores_of_region(const Population& population, const isa::ChipSpec& chip,
                                    Diagnostics& diagnostics) {
    std::vector<CoreId> cores;
    if (!population.region) return cores;
    const Region& region = *population.region;
    if (!region.tiles) {
        cores = region.cores;
        std::sort(cores.begin(), cores.end());
        cores.erase(std::unique(cores.begin(), cores.end()), cores.end());
        if (!cores.empty() && cores.back().value() >= chip.cores()) {
            report(population, fmt::format("core {}", cores.back()),
                   fmt::format("chip '{}' has cores 0 to {}", chip.name, chip.cores() - 1),
                   diagnostics);
            cores.clear();
        }
        return cores;
    }
    const auto [x, y, width, height] = *region.tiles;
    if (x + width > chip.width || y + height > chip.height) {
        report(population,
               fmt::format("tiles {} to {} of rows {} to {}", x, x + width - 1, y, y + height - 1),
               fmt::format("chip '{}' has tiles 0 to {} in rows 0 to {}", chip.name, chip.width - 1,
                           chip.height - 1),
               diagnostics);
        return cores;
    }
    for (std::uint32_t row = y; row < y + height; ++row) {
        const CoreId first = chip.core_of(chip.tile_at(x, row), 0);
        for (std::uint32_t i = 0; i < width * chip.cores_per_tile; ++i) cores.push_back(first + i);
    }
    return cores;
}

}  // namespace seamount::compiler
