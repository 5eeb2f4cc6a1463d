#pragma once

#include <memory>
#include <vector>

#include "emulator/mesh/make_mesh.hpp"

namespace seamount::test {

/// A packet of a router-pipeline mesh: made at `cycle`, from tile to tile.
inline emu::MeshPacket packet(std::uint64_t cycle, std::uint32_t source, std::uint32_t target,
                              std::uint32_t flits = 1) {
    emu::MeshPacket made;
    made.inject_ps = cycle;
    made.source_tile = static_cast<std::uint16_t>(source);
    made.target_tile = static_cast<std::uint16_t>(target);
    made.flits = flits;
    return made;
}

/// Arrivals of `packets`, which enter an idle mesh.
inline std::vector<std::uint64_t> arrivals(emu::MeshFidelity fidelity,
                                           const emu::MeshParams& params,
                                           const std::vector<emu::MeshPacket>& packets) {
    std::vector<std::uint64_t> at(packets.size());
    emu::make_mesh(fidelity, params)->carry(packets, at);
    return at;
}

inline emu::MeshParams pipeline(emu::Pipeline which, std::uint32_t width, std::uint32_t height,
                                std::uint32_t buffer = 8) {
    emu::MeshParams params = emu::MeshParams::of(which, width, height);
    params.buffer_flits = buffer;
    return params;
}

}  // namespace seamount::test
