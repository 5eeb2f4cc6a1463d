#pragma once

#include <cstdint>

#include "isa/base/ids.hpp"

namespace seamount::emu {

/// A 64-bit hash over all (step, global neuron id, payload) of a run: the sum modulo 2^64 of one
/// well-mixed number per spike. A sum, so that neither the order of spikes nor the mapping or the
/// number of threads changes it; host inputs are not part of it.
///
/// The number of a spike is mix(mix(mix(step) + neuron) + payload), all unsigned (the payload
/// as the 32 bits of its two's complement), with mix the finaliser of splitmix64 after its
/// increment (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators").
class SpikeHash {
public:
    SpikeHash() = default;
    /// Goes on from the value of the steps so far.
    explicit SpikeHash(std::uint64_t so_far) noexcept : sum_{so_far} {}

    void begin_step(std::uint64_t step) noexcept { step_mix_ = mix(step); }
    void add(NeuronId neuron, std::int32_t payload) noexcept {
        sum_ += mix(mix(step_mix_ + neuron.value()) + static_cast<std::uint32_t>(payload));
    }
    /// 0 for a run without spikes.
    [[nodiscard]] std::uint64_t value() const noexcept { return sum_; }

private:
    static constexpr std::uint64_t mix(std::uint64_t x) noexcept {
        x += 0x9E3779B97F4A7C15U;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
        return x ^ (x >> 31);
    }

    std::uint64_t step_mix_ = mix(0);
    std::uint64_t sum_ = 0;
};

}  // namespace seamount::emu
