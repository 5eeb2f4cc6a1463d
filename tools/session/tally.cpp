#include "tools/session/tally.hpp"

#include <utility>

namespace seamount::session {
namespace {

/// Rows stand at the places that their counters have in CoreCounts.
constexpr bool rows_are_in_order() {
    for (std::size_t i = 0; i < kCoreCounters.size(); ++i) {
        if (kCoreCounters[i].counter != static_cast<CoreCounter>(i)) return false;
    }
    return true;
}
static_assert(rows_are_in_order());

/// By places that are known when this is compiled, so that the getters, which every core of every
/// step asks, become part of the caller.
template <std::size_t... kPlace>
void add_all(CoreCounts& counts, const emu::CoreActivity& core, std::index_sequence<kPlace...>) {
    ((counts.of[kPlace] += kCoreCounters[kPlace].of(core)), ...);
}

}  // namespace

void CoreCounts::add(const emu::CoreActivity& core) noexcept {
    add_all(*this, core, std::make_index_sequence<kCoreCounters.size()>{});
}

CoreCounts& CoreCounts::operator+=(const CoreCounts& other) noexcept {
    for (std::size_t i = 0; i < of.size(); ++i) of[i] += other.of[i];
    return *this;
}

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
    cores += other.cores;
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
    tally.packets = activity.packet_count;
    tally.synaptic_events = activity.synaptic_events;
    tally.counts = report.counts;
    tally.time = report.duration;
    for (const emu::CoreActivity& core : activity.cores) {
        tally.cores.add(core);
        tally.learning += core.learning;
    }
    return tally;
}

}  // namespace seamount::session
