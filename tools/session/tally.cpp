#include "tools/session/tally.hpp"

namespace seamount::session {

std::uint64_t Tally::hops() const noexcept {
    return counts.of(isa::Event::kHopEastWest) + counts.of(isa::Event::kHopNorthSouth) +
           counts.of(isa::Event::kHopOffChip);
}

Tally& Tally::operator+=(const Tally& other) noexcept {
    steps += other.steps;
    input_spikes += other.input_spikes;
    spikes += other.spikes;
    packets += other.packets;
    synaptic_events += other.synaptic_events;
    updates += other.updates;
    active_updates += other.active_updates;
    instructions += other.instructions;
    dropped_pushes += other.dropped_pushes;
    overflows += other.overflows;
    learning += other.learning;
    counts += other.counts;
    time += other.time;
    return *this;
}

Tally tally_of(const emu::StepReport& report) {
    const emu::StepActivity& activity = report.activity;
    Tally tally;
    tally.steps = 1;
    tally.input_spikes = activity.host_spikes;
    tally.spikes = activity.spikes;
    tally.packets = activity.packets.size();
    tally.synaptic_events = activity.synaptic_events;
    tally.counts = report.counts;
    tally.time = report.duration;
    for (const emu::CoreActivity& core : activity.cores) {
        tally.updates += core.updates;
        tally.active_updates += core.active_updates;
        tally.instructions += core.instructions;
        tally.dropped_pushes += core.dropped_pushes;
        tally.overflows += core.overflows;
        tally.learning += core.learning;
    }
    return tally;
}

}  // namespace seamount::session
