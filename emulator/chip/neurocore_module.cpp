#include "emulator/chip/neurocore_module.hpp"

#include "emulator/chip/guarded.hpp"
#include "emulator/timing/packet_flits.hpp"

namespace seamount::emu {

NeurocoreModule::NeurocoreModule(const sc_core::sc_module_name& name, const Params& params)
    : sc_module{name}, params_{params}, timing_{*params.chip} {
    input.bind(*this);
}

void NeurocoreModule::end_of_elaboration() {  // the ports are bound now
    SC_METHOD(update_guarded);
    sensitive << barrier->step_started();
    dont_initialize();
    SC_METHOD(finish);
    sensitive << done_;
    dont_initialize();
}

void NeurocoreModule::update_guarded() {
    guarded(*params_.timing, [this] { update(); });
}

void NeurocoreModule::update() {
    if (params_.timing->watches.empty()) {
        NoWatch none;
        return send(none);
    }
    QueueWatch& watch = params_.timing->watches[params_.slot];
    watch.begin_step();
    send(watch);
}

template <class Watch>
void NeurocoreModule::send(Watch& watch) {
    const StepActivity& step = function->activity();
    const PacketRange range = function->packets_from(params_.slot);
    const auto packets = std::span{step.packets}.subspan(range.first, range.count);
    const std::span<MeshPacket> sent = mesh->inject(range);
    const IdVector<CoreSlot, TileId>& tiles = params_.layout->tile_of_core;
    const PackedTile here = tiles[params_.slot];
    const std::uint32_t plain = params_.chip->mesh.flits(0);
    params_.timing->cores[params_.slot].sent_ps = timing_.send<std::uint64_t>(
        step.cores[params_.slot.index()], packets, watch,
        [&](std::size_t i, std::uint64_t instant_ps) {
            const bool valued = packets[i].graded();
            sent[i] = {to_ticks(Picoseconds{instant_ps}),
                       here,
                       tiles[packets[i].target_core],
                       valued ? flits_of(packets[i], *params_.chip) : plain,
                       params_.slot.value(),
                       valued ? PacketKind::kGradedSpike : PacketKind::kSpike};
        });
    mesh->close();
}

void NeurocoreModule::deliver(std::span<const Arrival> arrivals, std::uint64_t stalled_ps) {
    // Sending holds while a packet of the core cannot enter the mesh.
    params_.timing->cores[params_.slot].sent_ps += stalled_ps;
    if (params_.timing->watches.empty()) {
        NoWatch none;
        return receive(arrivals, none);
    }
    receive(arrivals, params_.timing->watches[params_.slot]);
}

template <class Watch>
void NeurocoreModule::receive(std::span<const Arrival> arrivals, Watch& watch) {
    const StepActivity& step = function->activity();
    StepTiming::Core& times = params_.timing->cores[params_.slot];
    const std::uint64_t ready_ps = timing_.receives_while_sending() ? 0 : times.sent_ps;
    const auto received_ps =
        timing_.receive<std::uint64_t>(arrivals, step.packets, ready_ps, watch,
                                       [](const Arrival& arrival) { return arrival.at_ps; });
    times.done_ps =
        timing_.learn(step.cores[params_.slot.index()].learning, times.sent_ps, received_ps, watch);
    // Called at the start of the step in simulated time: instants are also delays.
    done_.notify(to_sc_time(times.done_ps));
}

void NeurocoreModule::finish() {
    barrier->arrive();
}

}  // namespace seamount::emu
