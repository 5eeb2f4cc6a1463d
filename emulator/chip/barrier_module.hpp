#pragma once

#include "emulator/chip/interfaces.hpp"

namespace seamount::emu {

/// Starts each step, waits for all participants, lets the barrier wavefront pass and starts the
/// next step. The duration of a step is what simulated time says.
class BarrierModule : public sc_core::sc_module, private BarrierIf {
public:
    struct Params {
        std::uint32_t participants = 0;  ///< that arrive once per step: cores, mesh, host port
        Picoseconds barrier_time{};      ///< after the last arrival, with the host's management
        bool tells_played = false;
    };
    sc_core::sc_port<StepControlIf> control{"control"};
    sc_core::sc_export<BarrierIf> barrier{"barrier"};

    SC_HAS_PROCESS(BarrierModule);
    BarrierModule(const sc_core::sc_module_name& name, const Params& params);

private:
    [[nodiscard]] const sc_core::sc_event& step_started() const override { return step_started_; }
    [[nodiscard]] const sc_core::sc_event& step_played() const override { return step_played_; }
    void arrive(std::uint64_t at_ps) override;
    void turn();  ///< process: ends a step and begins the next

    const Params params_;
    sc_core::sc_event step_started_{"step_started"};
    sc_core::sc_event step_played_{"step_played"};
    sc_core::sc_event released_{"released"};
    std::uint32_t outstanding_ = 0;
    std::uint64_t started_ps_ = 0;
    std::uint64_t latest_ps_ = 0;  ///< arrival of this step, since its start
    bool running_ = false;
};

}  // namespace seamount::emu
