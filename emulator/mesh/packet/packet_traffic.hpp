#pragma once

#include <memory>
#include <vector>

#include "emulator/mesh/packet/packet_queues.hpp"
#include "emulator/mesh/packet/reservations.hpp"
#include "emulator/mesh/packet/ways_in.hpp"

namespace seamount::emu {

/// Traffic without end over a packet mesh. Packets reserve links, until they wait so much that they
/// would hold each other up: from then on they queue. Waiting is judged period by period.
class PacketTraffic {
public:
    /// All must outlive it.
    PacketTraffic(const MeshGrid& grid, std::vector<PacketLink>& links, WaysIn& ways_in,
                  Reservations& reservations);

    /// Time is 0; links, ways in and reservations are empty.
    void begin();
    /// See MeshModel::offer; the packet goes over `mesh`.
    void offer(std::uint32_t mesh, const MeshPacket& packet, std::uint32_t id);
    /// See MeshModel::advance. Returns how long packets waited.
    Ticks advance(Ticks until, std::vector<MeshDelivery>& delivered);

private:
    /// How packets share links.
    enum class Sharing : std::uint8_t {
        kReserve,  ///< see Reservations
        kQueue,    ///< see PacketQueues
    };

    void enter(std::uint32_t mesh, TileId tile, const PacketHead& head);
    Ticks play(Ticks until);
    Ticks play_period(Ticks until);
    [[nodiscard]] bool congested() const noexcept;
    void queue_up();

    const MeshGrid& grid_;
    std::vector<PacketLink>& links_;
    WaysIn& ways_in_;
    Reservations& reservations_;
    std::unique_ptr<PacketQueues> queues_;  ///< made when first needed

    const Ticks period_;       ///< in which waiting is judged
    const bool links_outrun_;  ///< some buffer holds less than its link sends in a credit loop
    Sharing sharing_ = Sharing::kReserve;
    bool outgrows_buffers_ = false;  ///< links or packets do: reservations cannot tell what happens
    Ticks now_{};
    Ticks period_end_{};                   ///< of this one
    std::vector<MeshDelivery> delivered_;  ///< since the last advance
};

}  // namespace seamount::emu
