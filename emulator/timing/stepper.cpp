#include "emulator/timing/stepper.hpp"

#include <algorithm>

#include "emulator/timing/packet_flits.hpp"
#include "isa/base/assert.hpp"

namespace seamount::emu {

Stepper::Stepper(const isa::Image& image, const isa::ChipSpec& chip, const RunParams& params,
                 const MeshModel& mesh, const StepTiming& timing)
    : chip_{chip},
      machine_{image, params.machine},
      mesh_{mesh},
      paths_{chip, timing, mesh, params.observe_queues},
      observe_{params.observe_queues},
      stages_{chip},
      steps_left_{params.steps},
      before_step_{params.before_step},
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
    if (steps_left_ == 0 || failure_) return false;
    --steps_left_;
    if (before_step_) before_step_(machine_);
    activity_ = &machine_.step();
    mesh_before_ = mesh_.counters();

    const std::vector<SpikePacket>& packets = activity_->packets;
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
    for (const CoreActivity& core : activity_->cores) {
        counts.count(Event::kUpdateActive, core.active_updates);
        counts.count(Event::kUpdateInactive, core.updates - core.active_updates);
        counts.count(Event::kInstruction, core.cycles);
        counts.count(Event::kSpikeOut, core.spikes.size());
        counts.count(Event::kSynapse, core.synaptic_events);
        counts.count(Event::kSynapseUpdate, core.learning.synapse_updates);
        counts.count(Event::kTraceUpdate, core.learning.traces());
    }
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
    const std::vector<SpikePacket>& packets = activity_->packets;
    return static_cast<std::uint64_t>(
        std::count_if(packets.begin(), packets.end(),
                      [this](const SpikePacket& packet) { return is_wide(packet, chip_); }));
}

void Stepper::end_step(Picoseconds started, Picoseconds duration) try {
    const EventCounts counts = count();
    ++totals_.steps;
    totals_.counts += counts;
    totals_.time += duration;
    totals_.max_link_flits = std::max(before_.max_link_flits, mesh_.max_link_flits());
    totals_.contention =
        before_.contention + to_picoseconds(mesh_.counters().contention - contention_start_);
    totals_.wide_packets += wide_packets();
    if (observe_) add_links();
    if (!on_step_) return;
    const CriticalPath path = paths_.find(*activity_, duration);
    on_step_({*activity_, machine_, started, duration, counts, path, mesh_});
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

std::vector<LinkUse> Stepper::links() const {
    std::vector<LinkUse> links;
    for (const auto& [place, use] : links_) links.push_back(use);
    return links;
}

}  // namespace seamount::emu
