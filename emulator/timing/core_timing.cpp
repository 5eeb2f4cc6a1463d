#include "emulator/timing/core_timing.hpp"

#include <bit>

namespace seamount::emu {

CoreTiming::CoreTiming(const isa::ChipSpec& chip)
    : update_active_ps_{chip.price(isa::Event::kUpdateActive).time.count()},
      update_inactive_ps_{chip.price(isa::Event::kUpdateInactive).time.count()},
      instruction_ps_{chip.price(isa::Event::kInstruction).time.count()},
      spike_out_ps_{chip.price(isa::Event::kSpikeOut).time.count()},
      axon_out_ps_{chip.price(isa::Event::kAxonOut).time.count()},
      axon_in_ps_{chip.price(isa::Event::kAxonIn).time.count()},
      fetch_ps_{chip.price(isa::Event::kSynapseFetch).time.count()},
      synapse_ps_{chip.price(isa::Event::kSynapse).time.count()},
      dense_ps_{chip.price(isa::Event::kSynapseDense).time.count()},
      synapse_update_ps_{chip.price(isa::Event::kSynapseUpdate).time.count()},
      trace_update_ps_{chip.price(isa::Event::kTraceUpdate).time.count()},
      fetch_words_{chip.core_timing.fetch_words},
      fetch_shift_{std::has_single_bit(fetch_words_) ? std::countr_zero(fetch_words_) : -1} {
    for (std::size_t stage = 1; stage < isa::kStages; ++stage) {
        lanes_[stage] = lanes_[stage - 1] + (chip.core_timing.overlaps[stage] ? 1 : 0);
    }
}

}  // namespace seamount::emu
