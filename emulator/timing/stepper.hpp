#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <tuple>
#include <vector>

#include "emulator/machine/machine.hpp"
#include "emulator/mesh/grid/mesh_model.hpp"
#include "emulator/timing/core_timing.hpp"
#include "emulator/timing/critical_path.hpp"
#include "emulator/timing/run_params.hpp"
#include "emulator/timing/run_totals.hpp"
#include "emulator/timing/step_timing.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// Runs the machine one step ahead of those that play it out in time, and collects counts and time.
class Stepper {
public:
    /// `image`, `chip`, `mesh` and `timing` must outlive the stepper.
    Stepper(const isa::Image& image, const isa::ChipSpec& chip, const RunParams& params,
            const MeshModel& mesh, const StepTiming& timing);

    /// Computes the next step. False when the run is over.
    bool begin_step();
    /// The step has been played out: it began at `started`, counted like the time of the totals,
    /// and took `duration`, barrier included.
    void end_step(Picoseconds started, Picoseconds duration);
    /// The step that is played.
    [[nodiscard]] const StepActivity& activity() const { return *activity_; }
    /// Packets that a core or SpikePacket::kFromHost sent in this step.
    [[nodiscard]] PacketRange packets_from(CoreSlot source) const;

    /// The next step is that of `state`, and the totals go on from `before`. Throws as
    /// Machine::load does, and nothing has changed then.
    void resume(const MachineState& state, const RunTotals& before);

    /// Use of the links over the run, by mesh, tile and direction; if RunParams::observe_queues.
    [[nodiscard]] std::vector<LinkUse> links() const;
    /// Of all steps so far. Looks at every link: not for every step.
    [[nodiscard]] RunTotals totals() const;
    [[nodiscard]] Machine& machine() noexcept { return machine_; }
    [[nodiscard]] const Machine& machine() const noexcept { return machine_; }
    /// What the machine or `on_step` threw; it ended the run. SystemC would turn it into a report.
    [[nodiscard]] std::exception_ptr failure() const noexcept { return failure_; }

private:
    /// Whether no step follows.
    [[nodiscard]] bool is_over() const {
        return steps_left_ == 0 || machine_.position().step >= dataset_end_;
    }
    [[nodiscard]] EventCounts count() const;
    /// Throws InputError (RUN-TIME).
    void require_time_left(const EventCounts& counts) const;
    [[nodiscard]] std::uint64_t wide_packets() const;
    void add_links();

    const isa::ChipSpec& chip_;
    Machine machine_;
    const MeshModel& mesh_;
    const StepTiming& timing_;
    CriticalPathFinder paths_;
    bool observe_;
    CoreTiming stages_;
    std::uint64_t steps_left_;
    std::uint64_t dataset_end_;
    std::function<void(Machine&)> before_step_;
    std::function<void(const Machine&, const StepActivity&, bool)> on_computed_;
    std::function<void(const StepReport&)> on_step_;

    const StepActivity* activity_ = nullptr;
    IdVector<CoreSlot, std::uint32_t> packets_end_;
    MeshCounters mesh_before_;  ///< this step
    RunTotals totals_;
    RunTotals before_;          ///< the steps of this run, or the last resume()
    Ticks contention_start_{};  ///< of the mesh, at that time
    std::map<std::tuple<std::uint8_t, TileId, Direction>, LinkUse> links_;
    std::exception_ptr failure_;
};

}  // namespace seamount::emu
