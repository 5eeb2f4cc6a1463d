#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "emulator/base/memory.hpp"
#include "emulator/core/core_activity.hpp"
#include "isa/base/ids.hpp"
#include "isa/learning/microcode.hpp"

namespace seamount::emu {

/// A spike on its way to one core. Order: by source (core ascending, then the host), emission,
/// fan-out list.
struct SpikePacket {
    static constexpr CoreSlot kFromHost = CoreSlot::none();
    CoreSlot source_core;  ///< or kFromHost
    std::uint32_t spike =
        0;  ///< index into CoreActivity::spikes of the source (host: running number)
    CoreSlot target_core;
    std::uint32_t synapses = 0;     ///< synaptic operations that it caused there, padding included
    std::uint32_t dense = 0;        ///< of these, in blocks of a dense format
    std::uint32_t words = 0;        ///< of synapse memory that were read for it, headers included
    std::uint8_t payload_bits = 0;  ///< that its output axon declares; 0: a plain spike
    std::uint8_t value_bits = 0;    ///< that its payload needs as a signed number; 0: plain

    [[nodiscard]] bool graded() const noexcept { return payload_bits != 0; }
};

/// A spike of a host input, by the input's place in Image::inputs.
struct HostEmission {
    std::uint32_t input = 0;
    std::uint32_t source = 0;  ///< of the input
    std::int32_t payload = 1;
};

/// What the whole chip did in one step: the functional result that the SystemC model plays out in
/// time.
struct StepActivity {
    std::uint64_t step = 0;
    std::vector<CoreActivity> cores;  ///< by index into Image::cores
    StepVector<SpikePacket> packets;  ///< empty without Machine::Params::packets
    std::uint64_t packet_count = 0;
    std::vector<HostEmission> host;  ///< spikes of host inputs: those of the image, then the given
    std::uint64_t host_spikes = 0;   ///< how many
    std::uint64_t host_packets = 0;  ///< of these, packets of host inputs
    std::uint64_t host_writes = 0;
    std::uint64_t host_rewards = 0;  ///< that the host gave
    std::uint64_t spikes = 0;        ///< sums over cores
    std::uint64_t synaptic_events = 0;
    std::array<std::int64_t, isa::kRewards> rewards{};  ///< r0 r1 that were given in the step
    bool sample_start = false;                          ///< the first step of a dataset sample
    bool sample_end = false;
};

}  // namespace seamount::emu
