#pragma once

#include <memory>
#include <vector>

#include "emulator/chip/interfaces.hpp"
#include "emulator/timing/layout.hpp"
#include "emulator/timing/run_params.hpp"
#include "emulator/timing/stage_items.hpp"
#include "emulator/timing/step_timing.hpp"

namespace seamount::emu {

/// Shows a chip as signals, by SystemC's tracing (VCD): the step, the stages of each core at work,
/// the host port, packets on their way, the barrier. The other modules play a step at one instant;
/// this one plays its times once more, as events of the simulated time.
class WaveModule : public sc_core::sc_module {
public:
    struct Params {
        WaveParams wave;
        const ChipLayout* layout = nullptr;  ///< outlives the module, as do the next two
        const isa::ChipSpec* chip = nullptr;
        const StepTiming* timing = nullptr;
    };
    sc_core::sc_port<ActivityIf> function{"function"};
    sc_core::sc_port<BarrierIf> barrier{"barrier"};

    SC_HAS_PROCESS(WaveModule);
    WaveModule(const sc_core::sc_module_name& name, const Params& params);
    ~WaveModule() override;

    /// Ends the file.
    void close();
    /// Steps that it shows.
    [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }

private:
    /// What a signal becomes; packets count up and down.
    struct Change {
        std::uint64_t at_ps = 0;
        std::uint32_t signal = 0;
        bool up = false;
    };
    enum Signal : std::uint32_t { kHost, kBarrier, kPackets, kFirstStage };

    void end_of_elaboration() override;
    void trace_signals();
    void play();  ///< process: the changes of a step, one instant after the other
    void read_step();
    void apply(const Change& change);
    void add(std::uint64_t begin_ps, std::uint64_t end_ps, std::uint32_t signal);

    const Params params_;
    StageItems stages_;
    sc_core::sc_trace_file* file_;
    std::uint64_t step_ = 0;
    std::uint32_t packets_ = 0;       ///< on their way
    std::unique_ptr<bool[]> levels_;  ///< of the other signals
    std::vector<Change> changes_;     ///< of this step, by time
    std::size_t next_ = 0;
    std::uint64_t started_ps_ = 0;
    std::uint64_t all_changes_ = 0;
    std::uint64_t steps_ = 0;
    bool is_full_ = false;
};

}  // namespace seamount::emu
