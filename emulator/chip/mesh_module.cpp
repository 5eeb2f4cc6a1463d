#include "emulator/chip/mesh_module.hpp"

#include "emulator/chip/guarded.hpp"
#include "isa/base/assert.hpp"

namespace seamount::emu {

MeshModule::MeshModule(const sc_core::sc_module_name& name, const Params& params)
    : sc_module{name},
      params_{params},
      player_{{params.cores, params.model, params.timing, nullptr, params.on_packets}} {
    mesh.bind(*this);
    SC_METHOD(carry_guarded);
    sensitive << all_closed_;
    dont_initialize();
}

std::span<MeshPacket> MeshModule::inject(PacketRange range) {
    // The first source of a step makes room for all of them.
    if (closed_ == 0) player_.begin(function->activity());
    return player_.room(range);
}

void MeshModule::close() {
    SM_ASSERT(closed_ < params_.sources, "every source closes once per step");
    if (++closed_ == params_.sources) all_closed_.notify(sc_core::SC_ZERO_TIME);
}

void MeshModule::carry_guarded() {
    guarded(*params_.timing, [this] { carry(); });
}

void MeshModule::carry() {
    closed_ = 0;
    const std::uint64_t last_ps =
        player_.carry(function->activity(), Picoseconds{sc_core::sc_time_stamp().value()});
    for (const CoreSlot core : IdRange<CoreSlot>{params_.cores}) {
        cores[static_cast<int>(core.value())]->deliver(
            player_.at(core), player_.stalled_ps(function->packets_from(core)));
    }
    barrier->arrive(last_ps);
}

}  // namespace seamount::emu
