#include "emulator/mesh/ideal_mesh.hpp"

#include "isa/base/assert.hpp"

namespace seamount::emu {

void IdealMesh::carry(std::span<const MeshPacket> packets, std::span<Ticks> arrivals) {
    SM_ASSERT(packets.size() == arrivals.size(), "one arrival per packet");
    begin();
    for (std::size_t i = 0; i < packets.size(); ++i) {
        const MeshPacket& packet = packets[i];
        const Latency& free = routes_.enter(packet, counters_, [&](std::uint32_t /*mesh*/) {
            MeshPacket flits = packet;
            flits.flits = 1;
            const Ticks head = grid_.free_arrival(flits) - packet.inject;
            flits.flits = 2;
            return Latency{head, grid_.free_spread(flits)};
        });
        arrivals[i] = packet.inject + free.head + free.pace * (packet.flits - 1U);
    }
    routes_.count(counters_);
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
