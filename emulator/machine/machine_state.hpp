#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "emulator/learning/learning_state.hpp"

namespace seamount::emu {

/// What a dendritic accumulator holds for a coming step.
struct PendingSum {
    std::uint32_t neuron = 0;       ///< global id
    std::uint16_t accumulator = 0;  ///< 0..3
    std::uint16_t delay = 0;        ///< steps from MachineState::step on
    /// What was added up, never 0; the register holds its lower 32 bits.
    std::int64_t value = 0;
    friend bool operator==(const PendingSum&, const PendingSum&) = default;
};

/// A spike that the host has given for the coming step.
struct HostSpike {
    std::uint32_t input = 0;  ///< index into Image::inputs
    std::uint32_t source = 0;
    std::int32_t payload = 1;
    friend bool operator==(const HostSpike&, const HostSpike&) = default;
};

/// A state word that the host has written for the coming step.
struct HostWrite {
    std::uint32_t neuron = 0;  ///< global id
    std::uint32_t state = 0;   ///< index of the word
    std::int32_t value = 0;
    friend bool operator==(const HostWrite&, const HostWrite&) = default;
};

/// Everything that a Machine holds between two steps beside its image: a machine of the same
/// network that takes it continues as if it had never stopped, whatever its mapping, its threads or
/// the mesh around it. Neurons, sources and synapses go by their numbers in the network. Random
/// numbers are a function of seed and step, so these two are their position.
struct MachineState {
    std::uint64_t step = 0;                ///< that comes next
    std::uint64_t skipped = 0;             ///< steps of samples that ended early, before it
    std::uint64_t seed = 1;                ///< of run-time randomness
    std::vector<std::int32_t> words;       ///< state words, by neuron, then word
    std::vector<std::int32_t> traces;      ///< trace registers of programs that use them, likewise
    std::vector<PendingSum> sums;          ///< by neuron, accumulator, delay
    std::vector<ProjectionState> learned;  ///< by entry of LearningImage::projections
    std::optional<bool> learning;          ///< set over the network's schedule

    // What the host has given for the coming step.
    std::vector<HostSpike> host_spikes;
    std::vector<HostWrite> host_writes;
    std::array<std::int64_t, isa::kRewards> rewards{};
    std::uint32_t reward_messages = 0;
    std::uint64_t learning_messages = 0;  ///< to the learning engines, not counted yet

    /// By entry of LearningImage::rule_spikes: 1 if the rule is on.
    std::vector<std::uint8_t> rules_on;

    friend bool operator==(const MachineState&, const MachineState&) = default;
};

}  // namespace seamount::emu
