#pragma once

#include <cstdint>

#include "emulator/chip/simulation.hpp"
#include "emulator/energy/ledger.hpp"
#include "isa/base/units.hpp"

namespace seamount::session {

/// What happened in a step, a sample or a run. Integers: sums do not depend on their order.
struct Tally {
    std::uint64_t steps = 0;
    std::uint64_t input_spikes = 0;  ///< of host inputs
    std::uint64_t spikes = 0;        ///< of neurons
    std::uint64_t packets = 0;       ///< of neurons and of the host
    std::uint64_t synaptic_events = 0;
    std::uint64_t updates = 0;
    std::uint64_t active_updates = 0;
    std::uint64_t instructions = 0;
    std::uint64_t dropped_pushes = 0;
    std::uint64_t overflows = 0;
    emu::LearningActivity learning;
    emu::EventCounts counts;
    Picoseconds time{};

    /// Flits over links.
    [[nodiscard]] std::uint64_t hops() const noexcept;
    Tally& operator+=(const Tally& other) noexcept;
};

[[nodiscard]] Tally tally_of(const emu::StepReport& report);

[[nodiscard]] constexpr double seconds(Picoseconds time) {
    return static_cast<double>(time.count()) * 1e-12;
}
[[nodiscard]] constexpr double joules(Picojoules energy) {
    return energy.count() * 1e-12;
}

}  // namespace seamount::session
