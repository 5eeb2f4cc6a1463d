#include "emulator/chip/barrier_module.hpp"

#include <algorithm>

#include "isa/base/assert.hpp"

namespace seamount::emu {

BarrierModule::BarrierModule(const sc_core::sc_module_name& name, const Params& params)
    : sc_module{name}, params_{params} {
    barrier.bind(*this);
    SC_METHOD(turn);  // also runs once at the start of simulation: the first step
    sensitive << released_;
}

void BarrierModule::turn() {
    const std::uint64_t now_ps = sc_core::sc_time_stamp().value();
    if (running_) control->end_step(Picoseconds{started_ps_}, Picoseconds{now_ps - started_ps_});
    running_ = control->begin_step();
    if (!running_) return;  // nothing is notified any more, so sc_start returns
    started_ps_ = now_ps;
    outstanding_ = params_.participants;
    latest_ps_ = 0;
    step_started_.notify(sc_core::SC_ZERO_TIME);
}

void BarrierModule::arrive(std::uint64_t at_ps) {
    SM_ASSERT(outstanding_ > 0, "every participant arrives at the barrier once per step");
    latest_ps_ = std::max(latest_ps_, at_ps);
    if (--outstanding_ != 0) return;
    const std::uint64_t passed_ps = sc_core::sc_time_stamp().value() - started_ps_;
    SM_ASSERT(latest_ps_ >= passed_ps, "nobody arrives at the barrier in the past");
    if (params_.tells_played) step_played_.notify(sc_core::SC_ZERO_TIME);
    released_.notify(to_sc_time(latest_ps_ - passed_ps + params_.barrier_time.count()));
}

}  // namespace seamount::emu
