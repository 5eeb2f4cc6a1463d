#include "emulator/mesh/ideal_mesh.hpp"

#include "isa/assert.hpp"

namespace seamount::emu {

void IdealMesh::carry(std::span<const MeshPacket> packets, std::span<std::uint64_t> arrival_ps) {
    SM_ASSERT(packets.size() == arrival_ps.size(), "one arrival per packet");
    grid_.account(packets, counters_);
    for (std::size_t i = 0; i < packets.size(); ++i) {
        arrival_ps[i] = grid_.free_arrival_ps(packets[i]);
    }
}

}  // namespace seamount::emu
