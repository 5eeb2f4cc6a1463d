#pragma once

#include <cstdint>
#include <vector>

#include "emulator/mesh/grid/grid.hpp"

namespace seamount::emu {

/// The links between routers, as router * kDirections + way, so that each comes
/// after all that feed it: deadlock-free routing makes them a graph without cycles.
[[nodiscard]] std::vector<std::uint32_t> links_upstream_first(const MeshGrid& grid);

}  // namespace seamount::emu
