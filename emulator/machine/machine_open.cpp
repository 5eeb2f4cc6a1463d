// What a debugger does inside a step.
#include <utility>

#include "emulator/machine/machine_impl.hpp"
#include "isa/base/assert.hpp"

namespace seamount::emu {

/// A core does what somebody else computed, instead of its update.
void Machine::Impl::take_update(std::size_t c, const CoreUpdate& update) {
    Neurocore& core = cores[c];
    SM_ASSERT(update.lanes.size() == core.compartments(), "a lane for each compartment");
    for (const isa::NeuronGroup& group : image.cores[c].groups) {
        const std::uint32_t read = programs[group.program].read_accumulators();
        for (std::uint32_t i = group.first; i < group.first + group.count; ++i) {
            const isa::Lane& lane = update.lanes[i];
            for (std::uint32_t w = 0; w < core.state_words(i); ++w) {
                core.write_state(i, w, lane.state[w]);
            }
            for (std::uint32_t y = 0; y < core.trace_registers(i); ++y) {
                core.write_trace(i, y, lane.traces[y]);
            }
            for (std::uint32_t k = 0; k < isa::kAccumulators; ++k) {
                // What was due is taken; what the program left is due again, if it ever reads it.
                core.clear_accumulator(i, k, now);
                if (((read >> k) & 1U) == 0 || lane.accumulators[k] == 0) continue;
                (void)core.add_to_accumulator(i, k, now + 1, lane.accumulators[k]);
            }
        }
    }
    for (const CoreUpdate::Push& push : update.pushes) {
        (void)core.add_to_accumulator(push.compartment, push.accumulator, now + 1, push.value);
    }
    CoreActivity& to = activity.cores[c];
    const CoreActivity& done = update.activity;
    to.updates += done.updates;
    to.active_updates += done.active_updates;
    to.instructions += done.instructions;
    to.cycles += done.cycles;
    to.dropped_pushes += done.dropped_pushes;
    to.overflows += done.overflows;
    to.spikes.insert(to.spikes.end(), done.spikes.begin(), done.spikes.end());
    const std::uint32_t padding = image.cores[c].padding;
    if (padding == 0 || done.updates == 0) return;
    to.padding_updates += padding;
    to.padding_cycles += done.cycles / done.updates * padding;
}

void Machine::open_step() {
    SM_ASSERT(!impl_->open, "the step is open");
    impl_->open_step();
}

bool Machine::step_is_open() const noexcept {
    return impl_->open;
}

isa::Lane Machine::lane(CoreSlot core, std::uint32_t compartment) const {
    const Neurocore& of = impl_->cores[core.index()];
    isa::Lane lane;
    for (std::uint32_t w = 0; w < of.state_words(compartment); ++w) {
        lane.state[w] = of.state(compartment, w);
    }
    for (std::uint32_t k = 0; k < isa::kAccumulators; ++k) {
        lane.accumulators[k] = of.accumulator(compartment, k, impl_->now);
    }
    for (std::uint32_t y = 0; y < of.trace_registers(compartment); ++y) {
        lane.traces[y] = of.trace(compartment, y);
    }
    return lane;
}

std::int64_t Machine::pending(CoreSlot core, std::uint32_t compartment, std::uint32_t accumulator,
                              std::uint32_t delay) const {
    const Neurocore& of = impl_->cores[core.index()];
    if (delay >= of.slots()) return 0;
    return of.exact_sum(compartment, accumulator, impl_->now + delay);
}

std::uint32_t Machine::trace_registers(NeuronId neuron) const {
    const Impl::Place& place = impl_->place_of(neuron);
    return impl_->cores[place.core.index()].trace_registers(place.compartment);
}

void Machine::give_update(CoreSlot core, CoreUpdate update) {
    SM_ASSERT(impl_->open, "only an open step takes updates");
    impl_->given_updates[core.index()] = std::move(update);
}

}  // namespace seamount::emu
