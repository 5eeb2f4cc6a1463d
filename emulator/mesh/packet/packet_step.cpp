#include "emulator/mesh/packet/packet_step.hpp"

#include <type_traits>

#include "emulator/mesh/packet/sinks.hpp"
#include "isa/base/assert.hpp"

namespace seamount::emu {
namespace {

/// From so many packets of a step on it pays to divide links among threads: fewer are carried in
/// less time than threads need to meet three times.
constexpr std::size_t kManyPackets = 2000;

}  // namespace

void PacketStep::carry(std::span<const MeshPacket> packets, std::span<Ticks> arrivals,
                       MeshCounters& counters) {
    SM_ASSERT(packets.size() == arrivals.size(), "one arrival per packet");
    if (watching_) {
        packets_ = packets;
        waits_.clear();
        play(packets, WatchedStepSink{arrivals, waits_}, counters);
    } else {
        packets_ = {};
        play(packets, StepSink{arrivals}, counters);
    }
}

template <class Sink>
void PacketStep::play(std::span<const MeshPacket> packets, const Sink& sink,
                      MeshCounters& counters) {
    if (ways_in_.take_time()) {
        const auto enter = [&](std::uint32_t mesh, TileId tile, const PacketHead& head) {
            reservations_.enter(mesh, tile, head, sink);
        };
        for (std::size_t i = 0; i < packets.size(); ++i) {
            const std::uint32_t mesh = grid_.enter(packets[i], counters);
            ways_in_.add(mesh, packets[i], static_cast<std::uint32_t>(i), enter);
        }
        ways_in_.let_in(kNever, enter);
    } else {
        enter_by_routes(packets, sink, counters);
    }
    if constexpr (std::is_same_v<Sink, StepSink>) {
        if (packets.size() >= kManyPackets && reservations_.has_lanes()) {
            counters.contention += reservations_.play_lanes(sink);
            return;
        }
    }
    counters.contention += reservations_.play(kNever, sink);
}

/// Nobody waits to enter the mesh: heads go straight to the first link of their route.
template <class Sink>
void PacketStep::enter_by_routes(std::span<const MeshPacket> packets, const Sink& sink,
                                 MeshCounters& counters) {
    const Ticks inject = grid_.params().inject;
    for (std::size_t i = 0; i < packets.size(); ++i) {
        const MeshPacket& packet = packets[i];
        HeadStream* const way_in = routes_.enter(packet, counters, [&](std::uint32_t mesh) {
            return reservations_.way_in(mesh, packet.source_tile, packet.target_tile);
        });
        const Ticks at = packet.inject + inject;
        const auto id = static_cast<std::uint32_t>(i);
        if (way_in == nullptr) {  // to its own tile, over either mesh
            reservations_.enter(0, packet.source_tile,
                                PacketHead{at, packet.target_tile, FlitTrain{packet.flits}, id},
                                sink);
            continue;
        }
        // Field by field in its place: a copy would wait for the stores of all fields.
        PacketHead& head = way_in->emplace_back();
        head.time = at;
        head.target = packet.target_tile;
        head.train = FlitTrain{packet.flits};
        head.packet = id;
    }
    routes_.count(counters);
}

LinkDelay PacketStep::worst_link(std::uint32_t packet) const {
    SM_ASSERT(packet < packets_.size(), "worst_link needs watch_delays before the step");
    LinkDelay worst;  // over the mesh that it did not take it waited nowhere
    for (std::uint32_t mesh = 0; mesh < grid_.meshes() && worst.wait == Ticks{}; ++mesh) {
        worst = worst_link(packet, mesh);
    }
    return worst;
}

/// The first link of its route over `mesh` at which `packet` waited longest.
LinkDelay PacketStep::worst_link(std::uint32_t packet, std::uint32_t mesh) const {
    LinkDelay worst;
    TileId tile = packets_[packet].source_tile;
    const TileId target = packets_[packet].target_tile;
    for (Direction came = Direction::kLocal;;) {
        const Direction way = grid_.route(mesh, tile, target, came);
        const Ticks wait = waits_.find(link_index(grid_, mesh, tile, way), packet);
        if (wait > worst.wait) worst = {tile, way, static_cast<std::uint8_t>(mesh), wait};
        if (way == Direction::kLocal) return worst;
        tile = grid_.neighbor(tile, way);
        came = way;
    }
}

}  // namespace seamount::emu
