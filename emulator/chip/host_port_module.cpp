#include "emulator/chip/host_port_module.hpp"

#include "emulator/chip/guarded.hpp"
#include "emulator/timing/packet_flits.hpp"

namespace seamount::emu {

namespace {

/// MeshPacket::source of the host's packets: no index of a core.
constexpr std::uint32_t kHostSource = MeshPacket::kNoSource - 1;

}  // namespace

HostPortModule::HostPortModule(const sc_core::sc_module_name& name, const Params& params)
    : sc_module{name}, params_{params} {
    SC_METHOD(finish);
    sensitive << done_;
    dont_initialize();
}

void HostPortModule::end_of_elaboration() {  // the ports are bound now
    SC_METHOD(play_guarded);
    sensitive << barrier->step_started();
    dont_initialize();
}

void HostPortModule::play_guarded() {
    guarded(*params_.timing, [this] { play(); });
}

void HostPortModule::play() {
    const isa::ChipSpec& chip = *params_.chip;
    const StepActivity& step = function->activity();
    const PacketRange range = function->packets_from(SpikePacket::kFromHost);
    const std::span<MeshPacket> sent = mesh->inject(range);
    const std::uint64_t packet_ps = chip.price(isa::Event::kHostPacket).time.count();
    std::uint64_t at_ps = step.host_writes * chip.price(isa::Event::kHostWrite).time.count() +
                          step.host_rewards * chip.price(isa::Event::kHostReward).time.count();
    for (std::uint32_t i = 0; i < range.count; ++i) {
        const SpikePacket& packet = step.packets[range.first + i];
        at_ps += packet_ps;
        sent[i] = {to_ticks(Picoseconds{at_ps}),
                   params_.layout->host_tile,
                   params_.layout->tile_of_core[packet.target_core],
                   flits_of(packet, chip),
                   kHostSource,
                   PacketKind::kHost};
    }
    mesh->close();
    params_.timing->host_done_ps = at_ps;
    done_.notify(to_sc_time(at_ps));
}

void HostPortModule::finish() {
    barrier->arrive();
}

}  // namespace seamount::emu
