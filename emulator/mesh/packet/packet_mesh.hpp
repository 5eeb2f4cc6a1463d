#pragma once

#include <vector>

#include "emulator/mesh/packet/packet_link.hpp"
#include "emulator/mesh/packet/packet_step.hpp"
#include "emulator/mesh/packet/packet_traffic.hpp"
#include "emulator/mesh/packet/reservations.hpp"
#include "emulator/mesh/packet/ways_in.hpp"

namespace seamount::emu {

/// Packet-level mesh. The packets of a step reserve the links of their routes (PacketStep); those
/// of traffic without end do so until they wait much, then they queue (PacketTraffic).
class PacketMesh final : public MeshModel {
public:
    explicit PacketMesh(const MeshParams& params);
    PacketMesh(const PacketMesh&) = delete;  // its parts know each other
    PacketMesh& operator=(const PacketMesh&) = delete;

    void carry(std::span<const MeshPacket> packets, std::span<Ticks> arrivals) override;
    void begin() override;
    void offer(const MeshPacket& packet, std::uint32_t id) override;
    void advance(Ticks until, std::vector<MeshDelivery>& delivered) override;
    [[nodiscard]] std::vector<LinkUse> links() const override;
    void use(Parallel& threads) override { reservations_.use(threads); }
    void watch_delays(bool on) override { step_.watch_delays(on); }
    [[nodiscard]] LinkDelay worst_link(std::uint32_t packet) const override {
        return step_.worst_link(packet);
    }
    [[nodiscard]] std::uint64_t max_link_flits() const override { return grid_.max_link_flits(); }

private:
    MeshGrid grid_;
    std::vector<PacketLink> links_;
    WaysIn ways_in_;
    Reservations reservations_;
    PacketStep step_;
    PacketTraffic traffic_;
    bool endless_ = true;  ///< traffic without end may have used the links
};

}  // namespace seamount::emu
