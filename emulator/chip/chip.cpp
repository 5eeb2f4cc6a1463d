#include "emulator/chip/chip.hpp"

#include <string>

namespace seamount::emu {

namespace {

std::uint32_t core_count(const Chip::Params& params) {
    return static_cast<std::uint32_t>(params.layout->tile_of_core.size());
}

}  // namespace

Chip::Chip(const sc_core::sc_module_name& name, const Params& params)
    : sc_module{name},
      // Cores, mesh and host port meet at the barrier.
      barrier_{"barrier",
               {core_count(params) + 2, params.layout->barrier_time(*params.spec),
                !params.wave.file.empty()}},
      mesh_{"mesh",
            {core_count(params), core_count(params) + 1, params.mesh, params.timing,
             params.on_packets}},
      host_port_{"host_port", {params.layout, params.spec, params.timing}} {
    barrier_.control.bind(*params.control);

    mesh_.function.bind(*params.function);
    mesh_.barrier.bind(barrier_.barrier);

    host_port_.function.bind(*params.function);
    host_port_.barrier.bind(barrier_.barrier);
    host_port_.mesh.bind(mesh_.mesh);

    for (const CoreSlot slot : params.layout->tile_of_core.ids()) {
        auto core = std::make_unique<NeurocoreModule>(
            ("core" + std::to_string(slot.value())).c_str(),
            NeurocoreModule::Params{slot, params.layout, params.spec, params.timing});
        core->function.bind(*params.function);
        core->barrier.bind(barrier_.barrier);
        core->mesh.bind(mesh_.mesh);
        mesh_.cores.bind(core->input);
        cores_.push_back(std::move(core));
    }
    if (params.wave.file.empty()) return;
    wave_ = std::make_unique<WaveModule>(
        "wave", WaveModule::Params{params.wave, params.layout, params.spec, params.timing});
    wave_->function.bind(*params.function);
    wave_->barrier.bind(barrier_.barrier);
}

std::uint64_t Chip::close_wave() {
    if (!wave_) return 0;
    wave_->close();
    return wave_->steps();
}

}  // namespace seamount::emu
