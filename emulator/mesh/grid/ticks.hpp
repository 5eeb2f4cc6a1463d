#pragma once

#include <cstdint>
#include <limits>

#include "isa/base/units.hpp"

namespace seamount::emu {

/// Time inside a mesh. What a tick is, its MeshParams say: a picosecond for a chip, whose links are
/// asynchronous; a cycle for a router pipeline.
using Ticks = Quantity<struct TicksTag, std::uint64_t>;

/// Later than every instant of a mesh.
inline constexpr Ticks kNever{std::numeric_limits<std::uint64_t>::max()};

/// Into the mesh of a chip and out of it.
[[nodiscard]] constexpr Ticks to_ticks(Picoseconds time) {
    return Ticks{time.count()};
}
[[nodiscard]] constexpr Picoseconds to_picoseconds(Ticks time) {
    return Picoseconds{time.count()};
}

}  // namespace seamount::emu
