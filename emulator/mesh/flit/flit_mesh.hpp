#pragma once

#include <memory>

#include "emulator/mesh/grid/mesh_model.hpp"

namespace seamount::emu {

/// Flit-level mesh: wormhole switching, virtual channels, credits (also of the way out of the
/// mesh), round-robin arbitration, one buffer per input and virtual channel.
///
/// At each instant, first everything arrives (flits, credits, packets at their sources), then every
/// router that something happened at decides:
///
/// 1. A head at the front of a buffer asks for a virtual channel of its output. A free one goes to
///    the askers in turn and stays until the tail has left. It may be used `allocate` later.
/// 2. The switch passes one flit per output: the packets that hold one of its virtual channels and
///    have a flit and a credit, in turn, if link and input are free. Link and input are busy for
///    one occupancy, the credit of the freed place travels back for `credit`.
///
/// Event-driven on a time wheel: of single ticks if all delays are small (the cycles of a router
/// pipeline), else of any picosecond (asynchronous links).
[[nodiscard]] std::unique_ptr<MeshModel> make_flit_mesh(const MeshParams& params);

}  // namespace seamount::emu
