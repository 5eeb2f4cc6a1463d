#pragma once

#include <vector>

#include "emulator/mesh/make_mesh.hpp"
#include "tests/support/mesh_packets.hpp"

namespace seamount::test {

/// Arrivals of `packets`, which enter an idle mesh.
inline std::vector<std::uint64_t> arrivals(emu::MeshFidelity fidelity,
                                           const emu::MeshParams& params,
                                           const std::vector<emu::MeshPacket>& packets) {
    return carried(*emu::make_mesh(fidelity, params), packets);
}

inline emu::MeshParams pipeline(emu::Pipeline which, std::uint32_t width, std::uint32_t height,
                                std::uint32_t buffer = 8) {
    emu::MeshParams params = emu::MeshParams::of(which, width, height);
    params.buffer_flits = buffer;
    return params;
}

}  // namespace seamount::test
