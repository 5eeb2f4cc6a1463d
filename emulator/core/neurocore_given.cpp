// An update that somebody else computed.
#include <bit>

#include "emulator/core/core_update.hpp"
#include "emulator/core/neurocore.hpp"
#include "isa/base/assert.hpp"

namespace seamount::emu {

isa::Lane Neurocore::lane(std::uint32_t compartment, std::uint64_t step) const {
    isa::Lane lane;
    for (std::uint32_t w = 0; w < state_words(compartment); ++w) {
        lane.state[w] = state(compartment, w);
    }
    for (std::uint32_t k = 0; k < isa::kAccumulators; ++k) {
        lane.accumulators[k] = accumulator(compartment, k, step);
    }
    for (std::uint32_t y = 0; y < trace_registers(compartment); ++y) {
        lane.traces[y] = trace(compartment, y);
    }
    return lane;
}

void Neurocore::take_update(std::uint64_t step, const CoreUpdate& update, CoreActivity& activity) {
    SM_ASSERT(update.lanes.size() == compartments_, "a lane for each compartment");
    for (Group& group : groups_) {
        group.at_rest = false;
        for (std::uint32_t c = group.image->first; c < group.image->first + group.image->count;
             ++c) {
            const isa::Lane& lane = update.lanes[c];
            for (std::uint32_t w = 0; w < group.words; ++w) write_state(c, w, lane.state[w]);
            for (std::uint32_t y = 0; y < trace_registers(c); ++y)
                write_trace(c, y, lane.traces[y]);
            for (std::uint32_t k = 0; k < isa::kAccumulators; ++k) {
                if (((accumulators_ >> k) & 1U) == 0) continue;
                ring_[slot(k, step) + c] = 0;
                if (((group.program->read_accumulators() >> k) & 1U) == 0) continue;
                if (lane.accumulators[k] == 0) continue;
                (void)add_to_accumulator(c, k, step + 1, lane.accumulators[k]);
            }
        }
    }
    for (const CoreUpdate::Push& push : update.pushes) {
        (void)add_to_accumulator(push.compartment, push.accumulator, step + 1, push.value);
    }
    const CoreActivity& done = update.activity;
    activity.updates += done.updates;
    activity.active_updates += done.active_updates;
    activity.instructions += done.instructions;
    activity.cycles += done.cycles;
    activity.dropped_pushes += done.dropped_pushes;
    activity.overflows += done.overflows;
    activity.spikes.insert(activity.spikes.end(), done.spikes.begin(), done.spikes.end());
    if (image_->padding != 0 && done.updates != 0) {
        activity.padding_updates += image_->padding;
        activity.padding_cycles += done.cycles / done.updates * image_->padding;
    }
    for (std::uint32_t left = accumulators_; left != 0; left &= left - 1) {
        const auto k = static_cast<std::uint32_t>(std::countr_zero(left));
        activity.overflows += wraps_.take(slot(k, step), compartments_);
    }
}

}  // namespace seamount::emu
