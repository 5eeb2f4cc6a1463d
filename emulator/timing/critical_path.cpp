#include "emulator/timing/critical_path.hpp"

#include <algorithm>
#include <numeric>

#include "isa/base/assert.hpp"

namespace seamount::emu {
namespace {

/// An instant with the way to it: what each cause has added since the start of the step, or since
/// the arrival of the packet that the way begins with.
struct TracedTime {
    std::uint64_t ps = 0;
    CauseTimes parts{};
    std::uint32_t arrival = CriticalPath::kNone;  ///< index into the arrivals of the core
};

TracedTime later(const TracedTime& a, const TracedTime& b) {
    return a.ps >= b.ps ? a : b;
}

TracedTime after(const TracedTime& start, isa::Stage stage, std::uint64_t ps) {
    TracedTime time = start;
    time.ps += ps;
    time.parts[static_cast<std::size_t>(stage)] += ps;
    return time;
}

/// The same for the receiving stages, which serve thousands of packets: few enough words to stay in
/// registers.
struct ReceivingTime {
    std::uint64_t ps = 0;
    std::uint64_t looked_up = 0;  ///< what the stages have added
    std::uint64_t fetched = 0;
    std::uint64_t added = 0;
    std::uint32_t arrival = CriticalPath::kNone;  ///< none: the way begins at `ready`

    /// The whole way, if `ready` is what it may begin with.
    [[nodiscard]] TracedTime traced(const TracedTime& ready) const {
        TracedTime time = arrival == CriticalPath::kNone ? ready : TracedTime{};
        time.ps = ps;
        time.arrival = arrival;
        time.parts[static_cast<std::size_t>(isa::Stage::kAxonIn)] += looked_up;
        time.parts[static_cast<std::size_t>(isa::Stage::kSynapseFetch)] += fetched;
        time.parts[static_cast<std::size_t>(isa::Stage::kAccumulate)] += added;
        return time;
    }
};

/// Word by word: one of two whole records would be copied through memory, which waits for the
/// stores of its words.
ReceivingTime later(const ReceivingTime& a, const ReceivingTime& b) {
    const bool first = a.ps >= b.ps;
    return {.ps = first ? a.ps : b.ps,
            .looked_up = first ? a.looked_up : b.looked_up,
            .fetched = first ? a.fetched : b.fetched,
            .added = first ? a.added : b.added,
            .arrival = first ? a.arrival : b.arrival};
}

ReceivingTime after(const ReceivingTime& start, isa::Stage stage, std::uint64_t ps) {
    ReceivingTime time = start;
    time.ps += ps;
    if (stage == isa::Stage::kAxonIn) time.looked_up += ps;
    if (stage == isa::Stage::kSynapseFetch) time.fetched += ps;
    if (stage == isa::Stage::kAccumulate) time.added += ps;
    return time;
}

/// Packets are in order of their source.
std::span<const SpikePacket> sent_by(CoreSlot core, const StepActivity& activity) {
    const auto first = std::partition_point(
        activity.packets.begin(), activity.packets.end(),
        [core](const SpikePacket& packet) { return packet.source_core < core; });
    const auto last = std::partition_point(
        first, activity.packets.end(),
        [core](const SpikePacket& packet) { return packet.source_core == core; });
    return {first, last};
}

void add(CauseTimes& to, const CauseTimes& parts) {
    for (std::size_t i = 0; i < kCauses; ++i) to[i] += parts[i];
}

std::uint64_t& part(CriticalPath& path, Cause cause) {
    return path.parts[static_cast<std::size_t>(cause)];
}

}  // namespace

std::string_view name_of(Cause cause) {
    const auto index = static_cast<std::size_t>(cause);
    return index < isa::kStages ? isa::name_of(static_cast<isa::Stage>(index))
                                : seamount::name_of(kCauseNames, cause);
}

Cause CriticalPath::largest() const noexcept {
    return static_cast<Cause>(std::max_element(parts.begin(), parts.end()) - parts.begin());
}

CriticalPathFinder::CriticalPathFinder(const isa::ChipSpec& chip, const StepTiming& timing,
                                       const MeshModel& mesh, bool links)
    : stages_{chip},
      grid_{MeshParams::of(chip)},
      timing_{timing},
      mesh_{mesh},
      links_{links},
      management_ps_{chip.price(isa::Event::kHostStep).time.count()} {}

CriticalPath CriticalPathFinder::find(const StepActivity& activity, Picoseconds duration) const {
    CriticalPath path;
    const auto last =
        std::max_element(timing_.cores.begin(), timing_.cores.end(),
                         [](const auto& a, const auto& b) { return a.done_ps < b.done_ps; });
    std::uint64_t done_ps = timing_.host_done_ps;
    if (last == timing_.cores.end() || last->done_ps < done_ps) {
        part(path, Cause::kHost) = done_ps;
    } else {
        done_ps = last->done_ps;
        path.core = CoreSlot{static_cast<std::uint32_t>(last - timing_.cores.begin())};
        trace_core(activity, path);
    }
    part(path, Cause::kHostStep) = management_ps_;
    part(path, Cause::kBarrier) = duration.count() - done_ps - management_ps_;
    SM_ASSERT(
        std::accumulate(path.parts.begin(), path.parts.end(), std::uint64_t{0}) == duration.count(),
        "the parts of a critical path are the duration of the step");
    return path;
}

void CriticalPathFinder::trace_core(const StepActivity& activity, CriticalPath& path) const {
    NoWatch watch;
    const CoreActivity& core = activity.cores[path.core.index()];
    const StepTiming::Core& times = timing_.cores[path.core];
    const std::span<const Arrival> arrivals = timing_.order->at(path.core);
    path.served = static_cast<std::uint32_t>(arrivals.size());

    auto sent = stages_.send<TracedTime>(core, sent_by(path.core, activity), watch,
                                         [](std::size_t, const TracedTime&) {});
    // What the mesh held up beyond the core's own work.
    sent.parts[static_cast<std::size_t>(Cause::kMeshWait)] += times.sent_ps - sent.ps;
    sent.ps = times.sent_ps;
    const TracedTime ready = stages_.receives_while_sending() ? TracedTime{} : sent;
    ReceivingTime begin;
    begin.ps = ready.ps;
    const auto received = stages_.receive<ReceivingTime>(
        arrivals, activity.packets, begin, watch, [&](const Arrival& arrival) {
            ReceivingTime time;
            time.ps = arrival.at_ps;
            time.arrival = static_cast<std::uint32_t>(&arrival - arrivals.data());
            return time;
        });
    const TracedTime done = stages_.learn(core.learning, sent, received.traced(ready), watch);
    SM_ASSERT(done.ps == times.done_ps, "a core played twice takes the same time");
    path.parts = done.parts;
    if (done.arrival == CriticalPath::kNone) return;
    path.packet = arrivals[done.arrival].packet;
    path.arrived_ps = arrivals[done.arrival].at_ps;
    trace_packet(activity, path);
}

void CriticalPathFinder::trace_packet(const StepActivity& activity, CriticalPath& path) const {
    const MeshPacket& sent = timing_.packets[path.packet];
    const std::uint64_t inject_ps = to_picoseconds(sent.inject).count();
    const std::uint64_t free_ps =
        std::min(to_picoseconds(grid_.free_arrival(sent)).count(), path.arrived_ps) - inject_ps;
    part(path, Cause::kMesh) += free_ps;
    part(path, Cause::kMeshWait) += path.arrived_ps - inject_ps - free_ps;
    if (links_) path.link = mesh_.worst_link(path.packet);
    path.source = activity.packets[path.packet].source_core;
    if (path.source == SpikePacket::kFromHost) {
        part(path, Cause::kHost) += inject_ps;
        return;
    }
    const std::span<const SpikePacket> packets = sent_by(path.source, activity);
    const auto wanted =
        static_cast<std::size_t>(activity.packets.data() + path.packet - packets.data());
    NoWatch watch;
    (void)stages_.send<TracedTime>(activity.cores[path.source.index()], packets, watch,
                                   [&](std::size_t i, const TracedTime& left) {
                                       if (i == wanted) add(path.parts, left.parts);
                                   });
}

}  // namespace seamount::emu
