#include "emulator/chip/neurocore_module.hpp"

#include "emulator/chip/guarded.hpp"

namespace seamount::emu {

NeurocoreModule::NeurocoreModule(const sc_core::sc_module_name& name, const Params& params)
    : sc_module{name}, params_{params}, player_{params} {
    input.bind(*this);
}

void NeurocoreModule::end_of_elaboration() {  // the ports are bound now
    SC_METHOD(update_guarded);
    sensitive << barrier->step_started();
    dont_initialize();
}

void NeurocoreModule::update_guarded() {
    guarded(*params_.timing, [this] { update(); });
}

void NeurocoreModule::update() {
    const PacketRange range = function->packets_from(params_.slot);
    player_.send(function->activity(), range, mesh->inject(range));
    mesh->close();
}

void NeurocoreModule::deliver(std::span<const Arrival> arrivals, std::uint64_t stalled_ps) {
    barrier->arrive(player_.receive(function->activity(), arrivals, stalled_ps));
}

}  // namespace seamount::emu
