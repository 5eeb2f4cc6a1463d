#include "emulator/timing/step_players.hpp"

#include <algorithm>

#include "emulator/timing/packet_flits.hpp"

namespace seamount::emu {
namespace {

/// MeshPacket::source of the host's packets: no index of a core.
constexpr std::uint32_t kHostSource = MeshPacket::kNoSource - 1;

}  // namespace

void CorePlayer::send(const StepActivity& step, PacketRange range, std::span<MeshPacket> sent) {
    if (params_.timing->watches.empty()) {
        NoWatch none;
        return send_watched(step, range, sent, none);
    }
    QueueWatch& watch = params_.timing->watches[params_.slot];
    watch.begin_step();
    send_watched(step, range, sent, watch);
}

template <class Watch>
void CorePlayer::send_watched(const StepActivity& step, PacketRange range,
                              std::span<MeshPacket> sent, Watch& watch) {
    const auto packets = std::span{step.packets}.subspan(range.first, range.count);
    const IdVector<CoreSlot, TileId>& tiles = params_.layout->tile_of_core;
    const PackedTile here = tiles[params_.slot];
    const std::uint32_t plain = params_.chip->mesh.flits(0);
    const CoreSlot slot = params_.slot;
    params_.timing->cores[slot].sent_ps = timing_.send<std::uint64_t>(
        step.cores[slot.index()], packets, watch,
        [=, &tiles, &chip = *params_.chip](std::size_t i, std::uint64_t instant_ps) {
            // Field by field: a whole record would be put together elsewhere and copied, which
            // waits until its last small field has arrived there.
            const SpikePacket& packet = packets[i];
            MeshPacket& out = sent[i];
            const bool valued = packet.graded();
            out.inject = to_ticks(Picoseconds{instant_ps});
            out.source_tile = here;
            out.target_tile = tiles[packet.target_core];
            out.flits = valued ? flits_of(packet, chip) : plain;
            out.source = slot.value();
            out.kind = valued ? PacketKind::kGradedSpike : PacketKind::kSpike;
        });
}

std::uint64_t CorePlayer::receive(const StepActivity& step, std::span<const Arrival> arrivals,
                                  std::uint64_t stalled_ps) {
    // Sending holds while a packet of the core cannot enter the mesh.
    params_.timing->cores[params_.slot].sent_ps += stalled_ps;
    if (params_.timing->watches.empty()) {
        NoWatch none;
        return receive_watched(step, arrivals, none);
    }
    return receive_watched(step, arrivals, params_.timing->watches[params_.slot]);
}

template <class Watch>
std::uint64_t CorePlayer::receive_watched(const StepActivity& step,
                                          std::span<const Arrival> arrivals, Watch& watch) {
    StepTiming::Core& times = params_.timing->cores[params_.slot];
    const std::uint64_t ready_ps = timing_.receives_while_sending() ? 0 : times.sent_ps;
    const auto received_ps =
        timing_.receive<std::uint64_t>(arrivals, step.packets, ready_ps, watch,
                                       [](const Arrival& arrival) { return arrival.at_ps; });
    times.done_ps =
        timing_.learn(step.cores[params_.slot.index()].learning, times.sent_ps, received_ps, watch);
    return times.done_ps;
}

std::uint64_t play_host(const StepActivity& step, PacketRange range, std::span<MeshPacket> sent,
                        const ChipLayout& layout, const isa::ChipSpec& chip) {
    const std::uint64_t packet_ps = chip.price(isa::Event::kHostPacket).time.count();
    std::uint64_t at_ps = step.host_writes * chip.price(isa::Event::kHostWrite).time.count() +
                          step.host_rewards * chip.price(isa::Event::kHostReward).time.count();
    for (std::uint32_t i = 0; i < range.count; ++i) {
        const SpikePacket& packet = step.packets[range.first + i];
        at_ps += packet_ps;
        sent[i] = {
            to_ticks(Picoseconds{at_ps}), layout.host_tile, layout.tile_of_core[packet.target_core],
            flits_of(packet, chip),       kHostSource,      PacketKind::kHost};
    }
    return at_ps;
}

MeshPlayer::MeshPlayer(const Params& params) : params_{params}, order_{params.cores} {
    if (params_.threads == nullptr) {
        params_.threads = &alone_;
    } else {
        params_.model->use(*params_.threads);
    }
    params_.timing->order = &order_;
}

std::uint64_t MeshPlayer::carry(const StepActivity& step, Picoseconds started) {
    StepVector<Ticks>& arrivals = params_.timing->arrivals;
    arrivals.resize(params_.timing->packets.size());
    if (params_.on_packets) params_.on_packets(started, params_.timing->packets);
    params_.model->carry(params_.timing->packets, arrivals);
    order_.sort(step.packets, arrivals, *params_.threads);
    std::uint64_t last_ps = 0;
    for (const CoreSlot core : IdRange<CoreSlot>{params_.cores}) {
        const std::span<const Arrival> at_core = order_.at(core);
        if (!at_core.empty()) last_ps = std::max(last_ps, at_core.back().at_ps);
    }
    return last_ps;
}

/// The stalls of a core add up: its last packet has them all.
std::uint64_t MeshPlayer::stalled_ps(PacketRange range) const {
    const std::span<const Ticks> departures = params_.model->departures();
    if (departures.empty() || range.count == 0) return 0;
    const std::uint32_t last = range.first + range.count - 1;
    return to_picoseconds(departures[last] - params_.timing->packets[last].inject).count();
}

}  // namespace seamount::emu
