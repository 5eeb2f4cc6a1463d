#pragma once

#include <cstdint>
#include <span>

#include "emulator/machine/activity.hpp"
#include "isa/spec/chip_spec.hpp"

namespace seamount::emu {

/// A packet at the input-axon stage of its target core.
struct Arrival {
    std::uint64_t at_ps = 0;  ///< since the start of the step
    std::uint32_t packet = 0;
    std::uint32_t synapses = 0;  ///< synaptic operations that it causes
};

/// How long the two stages of a core take for work that was counted. Plain integers, in ps since
/// the start of the step.
class CoreTiming {
public:
    explicit CoreTiming(const isa::ChipSpec& chip);

    /// Update stage. The compartments are updated one after another; a spike then takes its spike
    /// time and one axon time for each of its packets, before the next compartment. Packet i of
    /// `packets` (those of this core, in order) leaves when its own axon time is over: `put(i, ps)`
    /// is called once per packet, in order. Returns the end of the stage.
    template <class Put>
    std::uint64_t update(const CoreActivity& activity, std::span<const SpikePacket> packets,
                         Put put) const {
        std::uint64_t packets_done = 0;
        for (std::size_t i = 0; i < packets.size();) {
            const std::uint32_t spike = packets[i].spike;
            const EmittedSpike& emitted = activity.spikes[spike];
            const std::uint64_t decided =
                work(emitted.active_done, emitted.updates_done, emitted.cycles_done) +
                (std::uint64_t{spike} + 1) * spike_out_ps_;
            for (; i < packets.size() && packets[i].spike == spike; ++i) {
                put(i, decided + ++packets_done * axon_out_ps_);
            }
        }
        return work(activity.active_updates, activity.updates, activity.cycles) +
               activity.spikes.size() * spike_out_ps_ + packets_done * axon_out_ps_;
    }

    /// Integrate stage: serves `arrivals`, which are in order of arrival, one after another.
    /// Returns when the last one is done.
    [[nodiscard]] std::uint64_t integrate(std::span<const Arrival> arrivals) const noexcept;

private:
    [[nodiscard]] std::uint64_t work(std::uint64_t active, std::uint64_t updates,
                                     std::uint64_t cycles) const noexcept {
        return active * update_active_ps_ + (updates - active) * update_inactive_ps_ +
               cycles * instruction_ps_;
    }

    std::uint64_t update_active_ps_;
    std::uint64_t update_inactive_ps_;
    std::uint64_t instruction_ps_;
    std::uint64_t spike_out_ps_;
    std::uint64_t axon_out_ps_;
    std::uint64_t axon_in_ps_;
    std::uint64_t synapse_ps_;
};

}  // namespace seamount::emu
