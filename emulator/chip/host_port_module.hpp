#pragma once

#include "emulator/chip/interfaces.hpp"
#include "emulator/timing/layout.hpp"
#include "emulator/timing/step_timing.hpp"

namespace seamount::emu {

/// The host's way into the chip: at the start of a step it writes state words, then injects the
/// packets of host inputs at its tile, one after another. They share the mesh and the input stages
/// with the spikes of the step; the update stages do not wait for them.
class HostPortModule : public sc_core::sc_module {
public:
    struct Params {
        const ChipLayout* layout = nullptr;  ///< outlives the module
        const isa::ChipSpec* chip = nullptr;
        StepTiming* timing = nullptr;
    };
    sc_core::sc_port<ActivityIf> function{"function"};
    sc_core::sc_port<BarrierIf> barrier{"barrier"};
    sc_core::sc_port<MeshIf> mesh{"mesh"};

    SC_HAS_PROCESS(HostPortModule);
    HostPortModule(const sc_core::sc_module_name& name, const Params& params);

private:
    void end_of_elaboration() override;
    void play_guarded();  ///< process: the step's writes and packets
    void play();

    const Params params_;
};

}  // namespace seamount::emu
