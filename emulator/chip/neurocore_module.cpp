#include "emulator/chip/neurocore_module.hpp"

#include <algorithm>

namespace seamount::emu {

NeurocoreModule::NeurocoreModule(const sc_core::sc_module_name& name, const Params& params)
    : sc_module{name}, params_{params}, timing_{*params.chip} {
    input.bind(*this);
}

void NeurocoreModule::end_of_elaboration() {  // the ports are bound now
    SC_METHOD(update);
    sensitive << barrier->step_started();
    dont_initialize();
    SC_METHOD(finish);
    sensitive << done_;
    dont_initialize();
}

void NeurocoreModule::update() {
    const StepActivity& step = function->activity();
    const PacketRange range = function->packets_from(params_.index);
    const auto packets = std::span{step.packets}.subspan(range.first, range.count);
    const std::span<MeshPacket> sent = mesh->inject(range);
    const std::vector<std::uint16_t>& tiles = params_.layout->tile_of_core;
    const std::uint16_t here = tiles[params_.index];
    const std::uint32_t plain = params_.chip->flits_per_spike;
    const std::uint32_t graded = params_.chip->flits_per_graded_spike;
    update_end_ps_ = timing_.update(step.cores[params_.index], packets,
                                    [&](std::size_t i, std::uint64_t instant_ps) {
                                        const bool valued = packets[i].graded;
                                        sent[i] = {instant_ps,
                                                   here,
                                                   tiles[packets[i].target_core],
                                                   valued ? graded : plain,
                                                   params_.index,
                                                   valued ? PacketKind::kGradedSpike
                                                          : PacketKind::kSpike};
                                    });
    mesh->close();
}

void NeurocoreModule::deliver(std::span<const Arrival> arrivals, std::uint64_t stalled_ps) {
    // Called at the start of the step in simulated time: instants are also delays.
    // The update stage holds while a packet of the core cannot enter the mesh.
    const std::uint64_t updated_ps = update_end_ps_ + stalled_ps;
    done_.notify(to_sc_time(std::max(updated_ps, timing_.integrate(arrivals))));
}

void NeurocoreModule::finish() {
    barrier->arrive();
}

}  // namespace seamount::emu
