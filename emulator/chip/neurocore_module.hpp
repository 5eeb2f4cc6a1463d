#pragma once

#include "emulator/chip/interfaces.hpp"
#include "emulator/timing/step_players.hpp"

namespace seamount::emu {

/// SystemC shell of one core: turns the work that the machine counted into time. Holds no
/// architectural state.
///
/// Sending and receiving stages are separate hardware unless the chip file says otherwise: packets
/// that arrive while the core still updates are integrated at once (they act in a later step).
class NeurocoreModule : public sc_core::sc_module, private CoreInputIf {
public:
    using Params = CorePlayer::Params;  ///< what they point to outlives the module
    sc_core::sc_port<ActivityIf> function{"function"};
    sc_core::sc_port<BarrierIf> barrier{"barrier"};
    sc_core::sc_port<MeshIf> mesh{"mesh"};
    sc_core::sc_export<CoreInputIf> input{"input"};

    SC_HAS_PROCESS(NeurocoreModule);
    NeurocoreModule(const sc_core::sc_module_name& name, const Params& params);

private:
    void end_of_elaboration() override;
    void deliver(std::span<const Arrival> arrivals, std::uint64_t stalled_ps) override;
    void update_guarded();  ///< process: plays the sending stages, injects their packets
    void update();

    const Params params_;
    CorePlayer player_;
};

}  // namespace seamount::emu
