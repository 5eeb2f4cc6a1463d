#pragma once

#include <cstdint>
#include <vector>

#include "emulator/timing/core_timing.hpp"
#include "emulator/timing/step_timing.hpp"
#include "isa/base/ids.hpp"

namespace seamount::emu {

/// Work of one stage without a break, in ps since the start of the step. Items that follow each
/// other at once are one.
struct StageItem {
    isa::Stage stage{};
    std::uint64_t begin_ps = 0;
    std::uint64_t end_ps = 0;
    friend bool operator==(const StageItem&, const StageItem&) = default;
};

/// Plays a step of a core once more to see when its stages worked; for timelines. The run itself
/// does not remember it.
class StageItems {
public:
    explicit StageItems(const isa::ChipSpec& chip) : stages_{chip} {}

    /// Appends the work of a core in the step that `timing` is of, by stage and time.
    void add(const StepActivity& activity, const StepTiming& timing, CoreSlot core,
             std::vector<StageItem>& items) const;

private:
    CoreTiming stages_;
};

}  // namespace seamount::emu
