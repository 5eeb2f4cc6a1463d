#pragma once

#include "emulator/energy/ledger.hpp"
#include "emulator/machine/machine.hpp"
#include "emulator/mesh/grid/mesh_model.hpp"
#include "emulator/timing/critical_path.hpp"
#include "emulator/timing/step_timing.hpp"

namespace seamount::emu {

/// One step as the chip saw it. Without time (RunParams::untimed), `started`, `duration`, `counts`
/// and `path` are empty and there is no mesh.
struct StepReport {
    const StepActivity& activity;
    const Machine& machine;     ///< for probes: state after the step
    Picoseconds started;        ///< modelled time since the start of the run
    Picoseconds duration;       ///< including the barrier
    const EventCounts& counts;  ///< of this step
    const CriticalPath& path;   ///< what the duration is made of
    const MeshModel* mesh;      ///< its links(): what each did in this step; null: not timed
    const StepTiming* timing;   ///< when the parts of the chip were done; null: not timed

    [[nodiscard]] bool timed() const noexcept { return mesh != nullptr; }
};

}  // namespace seamount::emu
