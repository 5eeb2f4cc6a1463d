#pragma once

#include <memory>

#include "emulator/mesh/grid/mesh_model.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::emu {

/// Ticks are picoseconds.
[[nodiscard]] std::unique_ptr<MeshModel> make_mesh(MeshFidelity fidelity,
                                                   const isa::ChipSpec& chip);
/// A time wheel of single ticks serves if all delays are a few ticks, as in a synchronous router.
[[nodiscard]] std::unique_ptr<MeshModel> make_mesh(MeshFidelity fidelity, const MeshParams& params);

}  // namespace seamount::emu
