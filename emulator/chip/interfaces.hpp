#pragma once

#include <cstdint>
#include <span>
#include <systemc>

#include "emulator/machine/activity.hpp"
#include "emulator/mesh/grid/mesh_model.hpp"
#include "emulator/timing/core_timing.hpp"
#include "emulator/timing/stepper.hpp"
#include "isa/base/units.hpp"

namespace seamount::emu {

/// What the barrier drives: the function of the chip, one step at a time.
class StepControlIf : virtual public sc_core::sc_interface {
public:
    /// Computes the next step. False when the run is over.
    virtual bool begin_step() = 0;
    /// The step has been played out: it took `duration`, barrier included.
    virtual void end_step(Picoseconds started, Picoseconds duration) = 0;
};

/// What the modules play out in time. Constant during a step.
class ActivityIf : virtual public sc_core::sc_interface {
public:
    [[nodiscard]] virtual const StepActivity& activity() const = 0;
    /// Packets that a core or SpikePacket::kFromHost sent in this step.
    [[nodiscard]] virtual PacketRange packets_from(CoreSlot source) const = 0;
};

/// The barrier as its participants see it: they start together and each arrives once per step.
/// What ends a step is known as soon as its packets have been carried, so participants say when
/// they will be there: nobody has to be woken for it.
class BarrierIf : virtual public sc_core::sc_interface {
public:
    [[nodiscard]] virtual const sc_core::sc_event& step_started() const = 0;
    /// At the start of a step too, when all have arrived: its times are known. Only if
    /// BarrierModule::Params::tells_played.
    [[nodiscard]] virtual const sc_core::sc_event& step_played() const = 0;
    /// Called once per step by each participant, which is done `at_ps` after the start of the step;
    /// not later than that.
    virtual void arrive(std::uint64_t at_ps) = 0;
};

/// The mesh as its sources see it.
class MeshIf : virtual public sc_core::sc_interface {
public:
    /// Room for packets `range` of the step; the caller fills it before `close`. Injection times
    /// lie in the future of the simulated time.
    [[nodiscard]] virtual std::span<MeshPacket> inject(PacketRange range) = 0;
    /// The source injects nothing more in this step. The mesh starts when all sources have closed.
    virtual void close() = 0;
};

/// The input-axon stage of a core.
class CoreInputIf : virtual public sc_core::sc_interface {
public:
    /// All packets of a step for this core, in order of arrival; called once per step. `stalled_ps`
    /// is how long the mesh kept the core's own packets waiting at its way in.
    virtual void deliver(std::span<const Arrival> arrivals, std::uint64_t stalled_ps) = 0;
};

/// Integer picoseconds to simulated time; the resolution is 1 ps.
[[nodiscard]] inline sc_core::sc_time to_sc_time(std::uint64_t ps) {
    return sc_core::sc_time::from_value(ps);
}

}  // namespace seamount::emu
