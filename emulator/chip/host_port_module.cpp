#include "emulator/chip/host_port_module.hpp"

#include "emulator/chip/guarded.hpp"
#include "emulator/timing/step_players.hpp"

namespace seamount::emu {

HostPortModule::HostPortModule(const sc_core::sc_module_name& name, const Params& params)
    : sc_module{name}, params_{params} {}

void HostPortModule::end_of_elaboration() {  // the ports are bound now
    SC_METHOD(play_guarded);
    sensitive << barrier->step_started();
    dont_initialize();
}

void HostPortModule::play_guarded() {
    guarded(*params_.timing, [this] { play(); });
}

void HostPortModule::play() {
    const PacketRange range = function->packets_from(SpikePacket::kFromHost);
    const std::uint64_t done_ps =
        play_host(function->activity(), range, mesh->inject(range), *params_.layout, *params_.chip);
    mesh->close();
    params_.timing->host_done_ps = done_ps;
    barrier->arrive(done_ps);
}

}  // namespace seamount::emu
