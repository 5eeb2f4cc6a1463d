#include "emulator/timing/stepper.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/timing/core_events.hpp"
#include "emulator/timing/packet_flits.hpp"
#include "isa/base/assert.hpp"
#include "isa/base/diagnostic.hpp"

namespace seamount::emu {

namespace {

/// Rows of synapses take as many words as the chip stores them in.
Machine::Params on_chip(Machine::Params params, const isa::ChipSpec& chip) {
    if (chip.limits.has_pool()) params.access_words = chip.core_timing.fetch_words;
    return params;
}

}  // namespace

Stepper::Stepper(const isa::Image& image, const isa::ChipSpec& chip, const RunParams& params,
                 const MeshModel& mesh, const StepTiming& timing)
    : chip_{chip},
      machine_{image, on_chip(params.machine, chip)},
      mesh_{mesh},
      timing_{timing},
      paths_{chip, timing, mesh, params.observe_queues},
      observe_{params.observe_queues},
      stages_{chip},
      steps_left_{params.steps},
      dataset_end_{params.dataset_end},
      before_step_{params.before_step},
      on_computed_{params.on_computed},
      on_step_{params.on_step},
      packets_end_(image.cores.size()),
      totals_{params.before},
      before_{params.before} {
    if (params.resume != nullptr) machine_.load(*params.resume);
}

void Stepper::resume(const MachineState& state, const RunTotals& before) {
    machine_.load(state);
    totals_ = before;
    before_ = before;
    contention_start_ = mesh_.counters().contention;
}

bool Stepper::begin_step() try {
    if (is_over() || failure_) return false;
    --steps_left_;
    if (before_step_) before_step_(machine_);
    activity_ = &machine_.step();
    if (on_computed_) on_computed_(machine_, *activity_, is_over());
    mesh_before_ = mesh_.counters();

    const std::span<const SpikePacket> packets = activity_->packets;
    auto at = packets.begin();
    for (const CoreSlot core : packets_end_.ids()) {
        at = std::partition_point(at, packets.end(),
                                  [&](const SpikePacket& p) { return p.source_core <= core; });
        packets_end_[core] = static_cast<std::uint32_t>(at - packets.begin());
    }
    SM_ASSERT(activity_->host_packets == static_cast<std::uint64_t>(packets.end() - at),
              "packets are in order of source, the host last");
    return true;
} catch (...) {
    failure_ = std::current_exception();
    return false;
}

PacketRange Stepper::packets_from(CoreSlot source) const {
    if (source == SpikePacket::kFromHost) {
        const std::uint32_t first = packets_end_.empty() ? 0 : packets_end_.back();
        return {first, static_cast<std::uint32_t>(activity_->packets.size()) - first};
    }
    const std::uint32_t first =
        source == CoreSlot{0} ? 0 : packets_end_[CoreSlot{source.value() - 1}];
    return {first, packets_end_[source] - first};
}

EventCounts Stepper::count() const {
    using isa::Event;
    EventCounts counts;
    for (const CoreActivity& core : activity_->cores) add_events(core, counts);
    std::uint64_t dense = 0;
    std::uint64_t fetches = 0;
    for (const SpikePacket& packet : activity_->packets) {
        dense += packet.dense;
        fetches += stages_.fetches(packet);
    }
    counts.move(Event::kSynapse, Event::kSynapseDense, dense);
    counts.count(Event::kSynapseFetch, fetches);
    const MeshCounters& mesh = mesh_.counters();
    counts.count(Event::kAxonOut, activity_->packets.size() - activity_->host_packets);
    counts.count(Event::kAxonIn, mesh.packets - mesh_before_.packets);
    counts.count(Event::kTileSpike, mesh.tile_spikes - mesh_before_.tile_spikes);
    counts.count(Event::kHopEastWest, mesh.hops_east_west - mesh_before_.hops_east_west);
    counts.count(Event::kHopNorthSouth, mesh.hops_north_south - mesh_before_.hops_north_south);
    counts.count(Event::kHopOffChip, mesh.hops_off_chip - mesh_before_.hops_off_chip);
    counts.count(Event::kHostPacket, activity_->host_packets);
    counts.count(Event::kHostWrite, activity_->host_writes);
    counts.count(Event::kHostReward, activity_->host_rewards);
    counts.count(Event::kBarrier);
    counts.count(Event::kHostStep);
    if (totals_.steps == 0) counts.count(Event::kStartUp);
    return counts;
}

std::uint64_t Stepper::wide_packets() const {
    const std::span<const SpikePacket> packets = activity_->packets;
    return static_cast<std::uint64_t>(
        std::count_if(packets.begin(), packets.end(),
                      [this](const SpikePacket& packet) { return is_wide(packet, chip_); }));
}

/// Simulated time has 64 bits of picoseconds. A step may begin in the first half of them and take,
/// all its events one after the other, a quarter: so no sum within it can wrap around.
void Stepper::require_time_left(const EventCounts& counts) const {
    constexpr std::uint64_t kMostPs = std::uint64_t{1} << 63U;
    constexpr double kMostStepPs = 0x1p62;
    const auto ps = [](Picoseconds time) { return static_cast<double>(time.count()); };
    double step = ps(chip_.barrier.time(chip_.width + chip_.height - 2, chip_.tiles()));
    for (const isa::EventInfo& row : isa::kEventTable) {
        if (row.event == isa::Event::kStartUp) continue;
        step += ps(chip_.price(row.event).time) * static_cast<double>(counts.of(row.event));
    }
    const Picoseconds busiest = std::max({chip_.link_occupancy, chip_.mesh.local_occupancy,
                                          chip_.mesh.offchip_occupancy, chip_.mesh.credit});
    const std::uint64_t moves =
        counts.of(isa::Event::kHopEastWest) + counts.of(isa::Event::kHopNorthSouth) +
        counts.of(isa::Event::kHopOffChip) + counts.of(isa::Event::kTileSpike);
    step += ps(busiest) * static_cast<double>(moves);
    if (step <= kMostStepPs && totals_.time.count() <= kMostPs) return;
    throw InputError{
        Diagnostic{"RUN-TIME",
                   {},
                   fmt::format("modelled time passes what 64 bits of picoseconds hold, in step {}",
                               totals_.steps),
                   step > kMostStepPs
                       ? "the events of this step alone take more than 53 days; lower the prices"
                       : "the steps before it take more than 106 days; run fewer steps or lower "
                         "the prices",
                   Severity::kError}};
}

void Stepper::end_step(Picoseconds started, Picoseconds duration) try {
    const EventCounts counts = count();
    require_time_left(counts);
    ++totals_.steps;
    totals_.counts += counts;
    totals_.time += duration;
    totals_.contention =
        before_.contention + to_picoseconds(mesh_.counters().contention - contention_start_);
    totals_.wide_packets += wide_packets();
    if (observe_) add_links();
    if (!on_step_) return;
    const CriticalPath path = paths_.find(*activity_, duration);
    on_step_({*activity_, machine_, started, duration, counts, path, &mesh_, &timing_});
} catch (...) {
    failure_ = std::current_exception();
}

void Stepper::add_links() {
    for (const LinkUse& use : mesh_.links()) {
        LinkUse& total = links_[{use.mesh, use.tile, use.way}];
        const Ticks longest = std::max(total.max_wait, use.max_wait);
        total = {use.tile,
                 use.way,
                 use.mesh,
                 total.flits + use.flits,
                 total.busy + use.busy,
                 total.wait + use.wait,
                 longest};
    }
}

RunTotals Stepper::totals() const {
    RunTotals totals = totals_;
    if (totals_.steps != before_.steps) {
        totals.max_link_flits = std::max(before_.max_link_flits, mesh_.max_link_flits());
    }
    return totals;
}

std::vector<LinkUse> Stepper::links() const {
    std::vector<LinkUse> links;
    for (const auto& [place, use] : links_) links.push_back(use);
    return links;
}

}  // namespace seamount::emu
