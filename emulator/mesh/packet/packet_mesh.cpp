#include "emulator/mesh/packet/packet_mesh.hpp"

namespace seamount::emu {

PacketMesh::PacketMesh(const MeshParams& params)
    : grid_{params},
      links_{packet_links(grid_)},
      ways_in_{grid_},
      reservations_{grid_, links_},
      step_{grid_, ways_in_, reservations_},
      traffic_{grid_, links_, ways_in_, reservations_} {}

void PacketMesh::begin() {
    grid_.begin();
    ways_in_.clear();
    reservations_.clear();
    traffic_.begin();
    endless_ = true;
}

void PacketMesh::carry(std::span<const MeshPacket> packets, std::span<Ticks> arrivals) {
    if (endless_) {
        begin();
        endless_ = false;
    } else {
        grid_.begin();
        ways_in_.clear();
        reservations_.clear_used();
    }
    step_.carry(packets, arrivals, counters_);
}

void PacketMesh::offer(const MeshPacket& packet, std::uint32_t id) {
    traffic_.offer(grid_.enter(packet, counters_), packet, id);
}

void PacketMesh::advance(Ticks until, std::vector<MeshDelivery>& delivered) {
    counters_.contention += traffic_.advance(until, delivered);
}

std::vector<LinkUse> PacketMesh::links() const {
    std::vector<LinkUse> used;
    for (const PacketLink& link : links_) {
        if (link.use.flits == 0) continue;
        used.push_back(link.use);
        used.back().busy = link.use.flits * link.occupancy;
    }
    return used;
}

}  // namespace seamount::emu
