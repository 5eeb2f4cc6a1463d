#include "emulator/chip/core_timing.hpp"

#include <algorithm>

namespace seamount::emu {

CoreTiming::CoreTiming(const isa::ChipSpec& chip)
    : update_active_ps_{chip.price(isa::Event::kUpdateActive).time.count()},
      update_inactive_ps_{chip.price(isa::Event::kUpdateInactive).time.count()},
      instruction_ps_{chip.price(isa::Event::kInstruction).time.count()},
      spike_out_ps_{chip.price(isa::Event::kSpikeOut).time.count()},
      axon_out_ps_{chip.price(isa::Event::kAxonOut).time.count()},
      axon_in_ps_{chip.price(isa::Event::kAxonIn).time.count()},
      synapse_ps_{chip.price(isa::Event::kSynapse).time.count()} {}

std::uint64_t CoreTiming::integrate(std::span<const Arrival> arrivals) const noexcept {
    std::uint64_t free_ps = 0;
    for (const Arrival& arrival : arrivals) {
        free_ps = std::max(free_ps, arrival.at_ps) + axon_in_ps_ + arrival.synapses * synapse_ps_;
    }
    return free_ps;
}

}  // namespace seamount::emu
