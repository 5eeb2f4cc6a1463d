#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "emulator/machine/activity.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::emu {

/// A packet at the input-axon stage of its target core.
struct Arrival {
    std::uint64_t at_ps = 0;  ///< since the start of the step
    std::uint32_t packet = 0;
    std::uint32_t synapses = 0;  ///< synaptic operations that it causes
};

/// An instant as CoreTiming calculates with it: a plain number of picoseconds here. A second type
/// (TracedTime, critical_path.hpp) goes through the same calculation and remembers its way.
inline std::uint64_t later(std::uint64_t a, std::uint64_t b) {
    return std::max(a, b);
}
inline std::uint64_t after(std::uint64_t start, isa::Stage /*stage*/, std::uint64_t ps) {
    return start + ps;
}

/// Watches the stages of a core, those whose items may wait by a queue of each; this one does not.
struct NoWatch {
    template <class Time>
    void begin(isa::Stage /*stage*/, const Time& /*ready*/, const Time& /*start*/,
               std::uint64_t /*service_ps*/) {}

    struct Queue {
        template <class Time>
        void begin(const Time& /*ready*/, const Time& /*start*/, std::uint64_t /*service_ps*/) {}
    };
    [[nodiscard]] Queue queue(isa::Stage /*stage*/, std::size_t /*items*/) { return {}; }
};

/// How long the stages of a core take for work that was counted: servers in a row, each with a
/// queue, one item at a time. Stages that do not overlap (isa::CoreTimingSpec) share a time line:
/// an item passes all of them before the next one starts. Plain integers, in ps since the start of
/// the step.
class CoreTiming {
public:
    explicit CoreTiming(const isa::ChipSpec& chip);

    /// The three sending stages. A compartment is updated, its spike takes its spike time and one
    /// axon time for each of its packets. Packet i of `packets` (those of this core, in order)
    /// leaves when its own axon time is over: `put(i, instant)` is called once per packet, in
    /// order. Returns when all is sent.
    template <class Time, class Watch, class Put>
    Time send(const CoreActivity& activity, std::span<const SpikePacket> packets, Watch& watch,
              Put put) const;

    /// The three receiving stages: serves `arrivals`, which are in order of arrival, from `ready`
    /// on. With a fetch stage of its own, accumulation starts on the words of a packet's first
    /// access, and ends no sooner than one synapse after its last. `at(arrival)` is its instant.
    /// Returns when the last one is done, `ready` without any.
    template <class Time, class Watch, class At>
    Time receive(std::span<const Arrival> arrivals, std::span<const SpikePacket> packets,
                 const Time& ready, Watch& watch, At at) const;

    /// Whether the receiving stages start at once. Else they start when sending is over.
    [[nodiscard]] bool receives_while_sending() const noexcept {
        return lane(isa::Stage::kAxonIn) != lane(isa::Stage::kAxonOut);
    }

    /// The learning stage: after sending, and after receiving too unless it overlaps.
    template <class Time, class Watch>
    Time learn(const LearningActivity& learning, const Time& sent, const Time& received,
               Watch& watch) const;

    /// Accesses to synapse memory for one packet.
    [[nodiscard]] std::uint64_t fetches(const SpikePacket& packet) const noexcept {
        // By a shift where that is the same: this is asked of every packet.
        const std::uint64_t words = std::uint64_t{packet.words} + fetch_words_ - 1;
        return fetch_shift_ >= 0 ? words >> fetch_shift_ : words / fetch_words_;
    }

private:
    [[nodiscard]] std::uint64_t work(std::uint64_t active, std::uint64_t updates,
                                     std::uint64_t cycles) const noexcept {
        return active * update_active_ps_ + (updates - active) * update_inactive_ps_ +
               cycles * instruction_ps_;
    }
    /// Stages of one lane share a time line.
    [[nodiscard]] std::size_t lane(isa::Stage stage) const noexcept {
        return lanes_[static_cast<std::size_t>(stage)];
    }
    [[nodiscard]] std::uint64_t accumulate_ps(const Arrival& arrival,
                                              std::span<const SpikePacket> packets) const noexcept {
        if (dense_ps_ == synapse_ps_) return arrival.synapses * synapse_ps_;
        const std::uint64_t dense = packets[arrival.packet].dense;
        return (arrival.synapses - dense) * synapse_ps_ + dense * dense_ps_;
    }

    std::array<std::size_t, isa::kStages> lanes_{};
    std::uint64_t update_active_ps_;
    std::uint64_t update_inactive_ps_;
    std::uint64_t instruction_ps_;
    std::uint64_t spike_out_ps_;
    std::uint64_t axon_out_ps_;
    std::uint64_t axon_in_ps_;
    std::uint64_t fetch_ps_;
    std::uint64_t synapse_ps_;
    std::uint64_t dense_ps_;
    std::uint64_t synapse_update_ps_;
    std::uint64_t trace_update_ps_;
    std::uint32_t fetch_words_;
    int fetch_shift_;  ///< its logarithm if it has a whole one, else -1
};

template <class Time, class Watch, class Put>
Time CoreTiming::send(const CoreActivity& activity, std::span<const SpikePacket> packets,
                      Watch& watch, Put put) const {
    using isa::Stage;
    const bool spike_waits = lane(Stage::kSpikeOut) == lane(Stage::kUpdate);
    const bool axon_waits = lane(Stage::kAxonOut) == lane(Stage::kSpikeOut);
    // When each stage takes the next item. Stages of one time line go on together; three variables
    // rather than places of an array, as in receive().
    Time updating{};
    Time spiking{};
    Time emitting{};
    auto to_spike = watch.queue(Stage::kSpikeOut, activity.spikes.size());
    auto to_emit = watch.queue(Stage::kAxonOut, packets.size());
    std::uint64_t worked = 0;
    const auto update_until = [&](std::uint64_t done) {
        watch.begin(Stage::kUpdate, updating, updating, done - worked);
        updating = after(updating, Stage::kUpdate, done - worked);
        worked = done;
    };
    std::size_t next = 0;
    for (std::uint32_t s = 0; s < activity.spikes.size(); ++s) {
        const EmittedSpike& spike = activity.spikes[s];
        update_until(work(spike.active_done, spike.updates_done, spike.cycles_done));
        spiking = spike_waits ? updating : later(updating, spiking);
        to_spike.begin(updating, spiking, spike_out_ps_);
        spiking = after(spiking, Stage::kSpikeOut, spike_out_ps_);
        const Time spiked = spiking;
        if (axon_waits) emitting = spiked;
        for (; next < packets.size() && packets[next].spike == s; ++next) {
            emitting = later(spiked, emitting);
            to_emit.begin(spiked, emitting, axon_out_ps_);
            emitting = after(emitting, Stage::kAxonOut, axon_out_ps_);
            put(next, emitting);
        }
        if (axon_waits) spiking = emitting;
        if (spike_waits) updating = spiking;
    }
    update_until(work(activity.active_updates, activity.updates + activity.padding_updates,
                      activity.cycles + activity.padding_cycles));
    return later(later(emitting, spiking), updating);
}

template <class Time, class Watch, class At>
Time CoreTiming::receive(std::span<const Arrival> arrivals, std::span<const SpikePacket> packets,
                         const Time& ready, Watch& watch, At at) const {
    using isa::Stage;
    const bool fetch_waits = lane(Stage::kSynapseFetch) == lane(Stage::kAxonIn);
    const bool streams = lane(Stage::kAccumulate) != lane(Stage::kSynapseFetch);
    // When each stage takes the next item. Stages of one time line go on together; three variables
    // rather than places of an array, as most of the work of a step is this loop's.
    Time looking_up = ready;
    Time fetching = ready;
    Time adding = ready;
    auto to_look_up = watch.queue(Stage::kAxonIn, arrivals.size());
    auto to_fetch = watch.queue(Stage::kSynapseFetch, arrivals.size());
    auto to_add = watch.queue(Stage::kAccumulate, arrivals.size());
    for (const Arrival& arrival : arrivals) {
        const Time arrived = at(arrival);
        looking_up = later(arrived, looking_up);
        to_look_up.begin(arrived, looking_up, axon_in_ps_);
        looking_up = after(looking_up, Stage::kAxonIn, axon_in_ps_);

        const Time found = looking_up;
        const std::uint64_t fetch_ps =
            fetch_ps_ == 0 ? 0 : fetches(packets[arrival.packet]) * fetch_ps_;
        fetching = fetch_waits ? found : later(found, fetching);
        to_fetch.begin(found, fetching, fetch_ps);
        const Time first = after(fetching, Stage::kSynapseFetch, std::min(fetch_ps, fetch_ps_));
        fetching = after(fetching, Stage::kSynapseFetch, fetch_ps);

        const std::uint64_t add_ps = accumulate_ps(arrival, packets);
        if (!streams) {
            to_add.begin(fetching, fetching, add_ps);
            fetching = after(fetching, Stage::kAccumulate, add_ps);
            adding = fetching;
        } else {
            adding = later(first, adding);
            to_add.begin(first, adding, add_ps);
            adding = later(after(adding, Stage::kAccumulate, add_ps),
                           after(fetching, Stage::kAccumulate, std::min(add_ps, synapse_ps_)));
        }
        if (fetch_waits) looking_up = fetching;
    }
    return later(later(adding, fetching), looking_up);
}

template <class Time, class Watch>
Time CoreTiming::learn(const LearningActivity& learning, const Time& sent, const Time& received,
                       Watch& watch) const {
    using isa::Stage;
    const std::uint64_t learn_ps =
        learning.synapse_updates * synapse_update_ps_ + learning.traces() * trace_update_ps_;
    if (learn_ps == 0) return later(received, sent);
    const bool beside = lane(Stage::kLearning) != lane(Stage::kAccumulate);
    const Time start = beside ? sent : later(received, sent);
    watch.begin(Stage::kLearning, start, start, learn_ps);
    return later(after(start, Stage::kLearning, learn_ps), received);
}

}  // namespace seamount::emu
