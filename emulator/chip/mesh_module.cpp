#include "emulator/chip/mesh_module.hpp"

#include "emulator/chip/guarded.hpp"

#include <algorithm>

#include "isa/base/assert.hpp"

namespace seamount::emu {

MeshModule::MeshModule(const sc_core::sc_module_name& name, const Params& params)
    : sc_module{name}, params_{params}, order_{params.cores} {
    mesh.bind(*this);
    params_.timing->order = &order_;
    SC_METHOD(carry_guarded);
    sensitive << all_closed_;
    dont_initialize();
    SC_METHOD(finish);
    sensitive << drained_;
    dont_initialize();
}

std::span<MeshPacket> MeshModule::inject(PacketRange range) {
    // The first source of a step makes room for all of them.
    std::vector<MeshPacket>& packets = params_.timing->packets;
    if (closed_ == 0) packets.resize(function->activity().packets.size());
    return std::span{packets}.subspan(range.first, range.count);
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
    std::vector<Ticks>& arrivals = params_.timing->arrivals;
    arrivals.resize(params_.timing->packets.size());
    if (params_.on_packets) {
        params_.on_packets(Picoseconds{sc_core::sc_time_stamp().value()}, params_.timing->packets);
    }
    params_.model->carry(params_.timing->packets, arrivals);
    order_.sort(function->activity().packets, arrivals);
    std::uint64_t last_ps = 0;
    for (const CoreSlot core : IdRange<CoreSlot>{params_.cores}) {
        const std::span<const Arrival> at_core = order_.at(core);
        if (!at_core.empty()) last_ps = std::max(last_ps, at_core.back().at_ps);
        cores[static_cast<int>(core.value())]->deliver(at_core, stalled_ps(core));
    }
    drained_.notify(to_sc_time(last_ps));
}

/// The stalls of a core add up: its last packet has them all.
std::uint64_t MeshModule::stalled_ps(CoreSlot core) const {
    const std::span<const Ticks> departures = params_.model->departures();
    const PacketRange range = function->packets_from(core);
    if (departures.empty() || range.count == 0) return 0;
    const std::uint32_t last = range.first + range.count - 1;
    return to_picoseconds(departures[last] - params_.timing->packets[last].inject).count();
}

void MeshModule::finish() {
    barrier->arrive();
}

}  // namespace seamount::emu
