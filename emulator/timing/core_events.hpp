#pragma once

#include "emulator/energy/ledger.hpp"
#include "emulator/machine/activity.hpp"

namespace seamount::emu {

/// Adds what a core did in a step, but for what its packets cost; all synaptic events count as
/// those of sparse formats.
inline void add_events(const CoreActivity& core, EventCounts& counts) noexcept {
    using isa::Event;
    counts.count(Event::kUpdateActive, core.active_updates);
    counts.count(Event::kUpdateInactive, core.updates - core.active_updates + core.padding_updates);
    counts.count(Event::kInstruction, core.cycles + core.padding_cycles);
    counts.count(Event::kSpikeOut, core.spikes.size());
    counts.count(Event::kSynapse, core.synaptic_events + core.padding_events);
    counts.count(Event::kSynapseUpdate, core.learning.synapse_updates);
    counts.count(Event::kTraceUpdate, core.learning.traces());
}

}  // namespace seamount::emu
