#pragma once

#include <memory>
#include <vector>

#include "emulator/chip/barrier_module.hpp"
#include "emulator/chip/host_port_module.hpp"
#include "emulator/chip/mesh_module.hpp"
#include "emulator/chip/neurocore_module.hpp"
#include "emulator/chip/wave_module.hpp"

namespace seamount::emu {

/// The chip as an architect draws it: used cores, mesh, barrier and host port, bound to each other
/// and to the function that they play out.
class Chip : public sc_core::sc_module {
public:
    /// What the modules share; all of it outlives the chip.
    struct Params {
        const isa::ChipSpec* spec = nullptr;
        const ChipLayout* layout = nullptr;
        MeshModel* mesh = nullptr;
        StepControlIf* control = nullptr;  ///< computes the steps
        ActivityIf* function = nullptr;    ///< what was computed
        StepTiming* timing = nullptr;      ///< what the modules say about the step
        /// See MeshModule::Params.
        std::function<void(Picoseconds started, std::span<const MeshPacket>)> on_packets;
        WaveParams wave;
    };
    Chip(const sc_core::sc_module_name& name, const Params& params);
    /// Ends the file of the wave; gives the steps that it shows.
    std::uint64_t close_wave();

private:
    BarrierModule barrier_;
    MeshModule mesh_;
    HostPortModule host_port_;
    std::vector<std::unique_ptr<NeurocoreModule>> cores_;
    std::unique_ptr<WaveModule> wave_;  ///< if asked for
};

}  // namespace seamount::emu
