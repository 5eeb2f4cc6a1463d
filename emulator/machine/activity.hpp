#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "emulator/learning/learning_activity.hpp"
#include "isa/learning/microcode.hpp"

namespace seamount::emu {

/// A spike as its core emitted it, with what the core had done before: the timing model turns that
/// into an instant.
struct EmittedSpike {
    std::uint32_t compartment = 0;  ///< within the core
    std::int32_t payload = 1;
    std::uint8_t channel = 0;
    std::uint32_t updates_done = 0;  ///< compartments updated before and including this one
    std::uint32_t active_done = 0;   ///< of those, how many were active
    std::uint64_t cycles_done = 0;   ///< instruction cycles until then
};

/// A spike on its way to one core. Order: by source (core ascending, then the host), emission,
/// fan-out list.
struct SpikePacket {
    static constexpr std::uint32_t kFromHost = 0xFFFFFFFFU;
    std::uint32_t source_core = 0;  ///< index into Image::cores, or kFromHost
    std::uint32_t spike =
        0;  ///< index into CoreActivity::spikes of the source (host: running number)
    std::uint32_t target_core = 0;  ///< index into Image::cores
    std::uint32_t synapses = 0;     ///< synaptic operations that it caused there
    std::uint32_t dense = 0;        ///< of these, in blocks of a dense format
    std::uint32_t words = 0;        ///< of synapse memory that were read for it, headers included
    bool graded = false;
};

/// What one core did in one step. Integers only; priced elsewhere.
struct CoreActivity {
    std::uint64_t updates = 0;
    std::uint64_t active_updates = 0;  ///< changed a state word or spiked
    std::uint64_t instructions = 0;
    std::uint64_t cycles = 0;  ///< instructions weighted with OpInfo::cycles
    std::uint64_t packets_in = 0;
    std::uint64_t synaptic_events = 0;
    std::uint64_t dropped_pushes = 0;  ///< PSH beyond the core's compartments
    std::uint64_t overflows = 0;       ///< results that .w22, .w24, .wl, .w16 or .sat changed
    LearningActivity learning;
    std::vector<EmittedSpike> spikes;
};

/// What the whole chip did in one step: the functional result that the SystemC model plays out in
/// time.
struct StepActivity {
    std::uint64_t step = 0;
    std::vector<CoreActivity> cores;  ///< by index into Image::cores
    std::vector<SpikePacket> packets;
    std::uint64_t host_spikes = 0;   ///< spikes of host inputs
    std::uint64_t host_packets = 0;  ///< packets of host inputs, within `packets`
    std::uint64_t host_writes = 0;
    std::uint64_t host_rewards = 0;  ///< that the host gave
    std::uint64_t spikes = 0;        ///< sums over cores
    std::uint64_t synaptic_events = 0;
    std::array<std::int64_t, isa::kRewards> rewards{};  ///< r0 r1 that were given in the step
    bool sample_start = false;                          ///< the first step of a dataset sample
    bool sample_end = false;
};

}  // namespace seamount::emu
