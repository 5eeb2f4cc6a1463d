#pragma once

#include <exception>
#include <functional>
#include <map>
#include <tuple>
#include <vector>

#include "emulator/chip/interfaces.hpp"
#include "emulator/chip/simulation.hpp"

namespace seamount::emu {

/// Runs the machine one step ahead of the modules that play it out, and collects counts and time.
class Stepper final : public StepControlIf, public ActivityIf {
public:
    /// `image`, `chip`, `mesh` and `timing` must outlive the stepper.
    Stepper(const isa::Image& image, const isa::ChipSpec& chip, const Simulation::Params& params,
            const MeshModel& mesh, const StepTiming& timing);

    bool begin_step() override;
    void end_step(Picoseconds started, Picoseconds duration) override;
    [[nodiscard]] const StepActivity& activity() const override { return *activity_; }
    [[nodiscard]] PacketRange packets_from(CoreSlot source) const override;

    /// Use of the links over the run, by mesh, tile and direction; if Params::observe_queues.
    [[nodiscard]] std::vector<LinkUse> links() const;
    [[nodiscard]] const RunTotals& totals() const noexcept { return totals_; }
    /// What the machine or `on_step` threw; it ended the run. SystemC would turn it into a report.
    [[nodiscard]] std::exception_ptr failure() const noexcept { return failure_; }

private:
    [[nodiscard]] EventCounts count() const;
    [[nodiscard]] std::uint64_t wide_packets() const;
    void add_links();

    const isa::ChipSpec& chip_;
    Machine machine_;
    const MeshModel& mesh_;
    CriticalPathFinder paths_;
    bool observe_;
    CoreTiming stages_;
    std::uint64_t steps_left_;
    std::function<void(const StepReport&)> on_step_;

    const StepActivity* activity_ = nullptr;
    IdVector<CoreSlot, std::uint32_t> packets_end_;
    MeshCounters mesh_before_;  ///< this step
    RunTotals totals_;
    std::map<std::tuple<std::uint8_t, std::uint32_t, Direction>, LinkUse> links_;
    std::exception_ptr failure_;
};

}  // namespace seamount::emu
