#include "emulator/chip/mesh_module.hpp"

#include <algorithm>

#include "isa/assert.hpp"

namespace seamount::emu {

MeshModule::MeshModule(const sc_core::sc_module_name& name, const Params& params)
    : sc_module{name}, params_{params}, order_{params.cores} {
    mesh.bind(*this);
    SC_METHOD(carry);
    sensitive << all_closed_;
    dont_initialize();
    SC_METHOD(finish);
    sensitive << drained_;
    dont_initialize();
}

std::span<MeshPacket> MeshModule::inject(PacketRange range) {
    // The first source of a step makes room for all of them.
    if (closed_ == 0) packets_.resize(function->activity().packets.size());
    return std::span{packets_}.subspan(range.first, range.count);
}

void MeshModule::close() {
    SM_ASSERT(closed_ < params_.sources, "every source closes once per step");
    if (++closed_ == params_.sources) all_closed_.notify(sc_core::SC_ZERO_TIME);
}

void MeshModule::carry() {
    closed_ = 0;
    arrival_ps_.resize(packets_.size());
    params_.model->carry(packets_, arrival_ps_);
    order_.sort(function->activity().packets, arrival_ps_);
    std::uint64_t last_ps = 0;
    for (std::uint32_t core = 0; core < params_.cores; ++core) {
        const std::span<const Arrival> arrivals = order_.at(core);
        if (!arrivals.empty()) last_ps = std::max(last_ps, arrivals.back().at_ps);
        cores[static_cast<int>(core)]->deliver(arrivals);
    }
    drained_.notify(to_sc_time(last_ps));
}

void MeshModule::finish() {
    barrier->arrive();
}

}  // namespace seamount::emu
