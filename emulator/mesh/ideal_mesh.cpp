#include "emulator/mesh/ideal_mesh.hpp"

#include "isa/base/assert.hpp"

namespace seamount::emu {

void IdealMesh::carry(std::span<const MeshPacket> packets, std::span<Ticks> arrivals) {
    SM_ASSERT(packets.size() == arrivals.size(), "one arrival per packet");
    begin();
    for (std::size_t i = 0; i < packets.size(); ++i) {
        grid_.enter(packets[i], counters_);
        arrivals[i] = grid_.free_arrival(packets[i]);
    }
}

void IdealMesh::begin() {
    grid_.begin();
    delivered_.clear();
}

void IdealMesh::offer(const MeshPacket& packet, std::uint32_t id) {
    grid_.enter(packet, counters_);
    delivered_.push_back({grid_.free_arrival(packet), id});
}

void IdealMesh::advance(Ticks /*until*/, std::vector<MeshDelivery>& delivered) {
    delivered.insert(delivered.end(), delivered_.begin(), delivered_.end());
    delivered_.clear();
}

}  // namespace seamount::emu
