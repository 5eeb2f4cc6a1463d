#pragma once

#include <span>

#include "emulator/mesh/grid/mesh_model.hpp"
#include "emulator/timing/run_totals.hpp"
#include "emulator/timing/step_report.hpp"
#include "emulator/trace/probes.hpp"
#include "emulator/trace/readout.hpp"
#include "isa/base/units.hpp"
#include "tools/session/tally.hpp"

namespace seamount::session {

/// Watches a run. Observers never change it: with or without them the results are the same.
class RunObserver {
public:
    RunObserver() = default;
    virtual ~RunObserver() = default;
    RunObserver(const RunObserver&) = delete;
    RunObserver& operator=(const RunObserver&) = delete;

    /// True if RunTotals::stages and links, and CriticalPath::link, are wanted. Costs time.
    [[nodiscard]] virtual bool watches_queues() const { return false; }
    /// True if on_packets() is to be called.
    [[nodiscard]] virtual bool watches_packets() const { return false; }

    /// All packets of a step that began at `started`, in order of their sources.
    virtual void on_packets(Picoseconds /*started*/, std::span<const emu::MeshPacket> /*packets*/) {
    }
    /// After each step, in order; `tally` is what happened in it.
    virtual void on_step(const emu::StepReport& /*report*/, const Tally& /*tally*/) {}
    /// After the last step of a sample; `scored` if the network has a readout, `tally` is the
    /// sample's.
    virtual void on_sample(const emu::SampleScore& /*score*/, bool /*scored*/,
                           const Tally& /*tally*/) {}
    /// After the last step of the run.
    virtual void finish(const emu::RunTotals& /*totals*/) {}
};

/// Reads states and parameters of a machine, which must outlive it.
[[nodiscard]] emu::StateReader state_reader(const emu::Machine& machine);

}  // namespace seamount::session
