#pragma once

#include "emulator/chip/interfaces.hpp"
#include "emulator/timing/stepper.hpp"

namespace seamount::emu {

/// The Stepper as the modules see it.
class StepControl final : public StepControlIf, public ActivityIf {
public:
    /// `stepper` must outlive it; `before` is the time of the run before SystemC's clock starts.
    StepControl(Stepper& stepper, Picoseconds before) : stepper_{stepper}, before_{before} {}

    bool begin_step() override { return stepper_.begin_step(); }
    void end_step(Picoseconds started, Picoseconds duration) override {
        stepper_.end_step(before_ + started, duration);
    }
    [[nodiscard]] const StepActivity& activity() const override { return stepper_.activity(); }
    [[nodiscard]] PacketRange packets_from(CoreSlot source) const override {
        return stepper_.packets_from(source);
    }

private:
    Stepper& stepper_;
    const Picoseconds before_;
};

}  // namespace seamount::emu
