#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "emulator/chip/interfaces.hpp"
#include "emulator/timing/step_players.hpp"

namespace seamount::emu {

/// The mesh: one process carries all packets of a step, for no process per router or link would be
/// fast enough, and delivers them to the target cores.
class MeshModule : public sc_core::sc_module, private MeshIf {
public:
    struct Params {
        std::uint32_t cores = 0;
        std::uint32_t sources = 0;   ///< that close once per step: cores and host port
        MeshModel* model = nullptr;  ///< outlives the module, as does the next one
        StepTiming* timing = nullptr;
        /// Called with the packets of each step before they are carried.
        std::function<void(Picoseconds started, std::span<const MeshPacket>)> on_packets;
    };
    sc_core::sc_port<ActivityIf> function{"function"};
    sc_core::sc_port<BarrierIf> barrier{"barrier"};
    /// One per core, in order of Image::cores.
    sc_core::sc_port<CoreInputIf, 0, sc_core::SC_ZERO_OR_MORE_BOUND> cores{"cores"};
    sc_core::sc_export<MeshIf> mesh{"mesh"};

    SC_HAS_PROCESS(MeshModule);
    MeshModule(const sc_core::sc_module_name& name, const Params& params);

private:
    [[nodiscard]] std::span<MeshPacket> inject(PacketRange range) override;
    void close() override;
    void carry_guarded();  ///< process: all sources have closed
    void carry();

    const Params params_;
    MeshPlayer player_;
    std::uint32_t closed_ = 0;
    sc_core::sc_event all_closed_{"all_closed"};
};

}  // namespace seamount::emu
