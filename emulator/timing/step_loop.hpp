#pragma once

#include <cstdint>
#include <memory>

#include "emulator/timing/run_params.hpp"
#include "emulator/timing/run_totals.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// A timed chip that is driven from outside, one step at a time: the same machine, timing and mesh
/// models as emu::Simulation, played by a plain loop in place of SystemC. Every step gives the same
/// spikes, counts, times and energy. Any number of them may live in a process, in threads too; one
/// is used by one thread at a time.
///
/// With RunParams::untimed, only the function: the same spikes, states, weights and functional
/// counts, without mesh, instants and prices; RunTotals then has the steps and what is powered.
class StepLoop {
public:
    /// `image` must outlive it. RunParams::steps and dataset_end bound the run. Throws InputError
    /// (RUN-CHIP) if the image uses cores that the chip does not have.
    StepLoop(const isa::Image& image, const isa::ChipSpec& chip, RunParams params);
    ~StepLoop();

    /// Plays the next step; false when the run is over. What RunParams::before_step and on_step
    /// throw comes out; the loop is of no more use then.
    bool step();

    /// The next step is that of `state`, and the totals go on from `before`; stages, links and the
    /// busiest link count on. Throws as Machine::load does, and nothing has changed then.
    void resume(const MachineState& state, const RunTotals& before);

    [[nodiscard]] Machine& machine() noexcept;
    [[nodiscard]] const Machine& machine() const noexcept;
    /// Of all steps so far.
    [[nodiscard]] RunTotals totals() const;

    struct Impl;

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace seamount::emu
