#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/mesh/grid/mesh_model.hpp"

namespace seamount::test {

inline emu::PackedTile packed_tile(std::uint64_t tile) {
    return emu::PackedTile{TileId{static_cast<std::uint32_t>(tile)}};
}

/// A packet made at `time`, from tile to tile.
inline emu::MeshPacket packet(std::uint64_t time, std::uint32_t source, std::uint32_t target,
                              std::uint32_t flits = 1) {
    emu::MeshPacket made;
    made.inject = emu::Ticks{time};
    made.source_tile = packed_tile(source);
    made.target_tile = packed_tile(target);
    made.flits = flits;
    return made;
}

/// When `packets`, which are one step, arrive: in ticks, to calculate with.
inline std::vector<std::uint64_t> carried(emu::MeshModel& mesh,
                                          std::span<const emu::MeshPacket> packets) {
    std::vector<emu::Ticks> arrivals(packets.size());
    mesh.carry(packets, arrivals);
    std::vector<std::uint64_t> at;
    for (const emu::Ticks arrival : arrivals) at.push_back(arrival.count());
    return at;
}

}  // namespace seamount::test
