#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "emulator/energy/ledger.hpp"
#include "emulator/timing/step_report.hpp"
#include "isa/base/units.hpp"

namespace seamount::session {

/// What is counted in each core. A further counter is a row below, beside the place in the core
/// that counts it.
enum class CoreCounter : std::uint8_t {
    kUpdates,
    kActiveUpdates,
    kInstructions,
    kSpikes,
    kPacketsIn,
    kSynapticEvents,
    kDroppedPushes,
    kOverflows,
    kPaddingUpdates,
    kPaddingEvents,
};
struct CoreCounterInfo {
    CoreCounter counter;
    std::string_view column;   ///< of cores.csv; empty: not there
    std::string_view summary;  ///< key of the sum in summary.json; empty: not there by this table
    std::uint64_t (*of)(const emu::CoreActivity&);
};
inline constexpr std::array kCoreCounters{
    CoreCounterInfo{CoreCounter::kUpdates, "updates", "neuron_updates",
                    [](const emu::CoreActivity& core) { return core.updates; }},
    CoreCounterInfo{CoreCounter::kActiveUpdates, "active_updates", "active_updates",
                    [](const emu::CoreActivity& core) { return core.active_updates; }},
    CoreCounterInfo{CoreCounter::kInstructions, "instructions", "instructions",
                    [](const emu::CoreActivity& core) { return core.instructions; }},
    CoreCounterInfo{
        CoreCounter::kSpikes, "spikes", "",
        [](const emu::CoreActivity& core) -> std::uint64_t { return core.spikes.size(); }},
    CoreCounterInfo{CoreCounter::kPacketsIn, "packets_in", "",
                    [](const emu::CoreActivity& core) { return core.packets_in; }},
    CoreCounterInfo{CoreCounter::kSynapticEvents, "synaptic_events", "",
                    [](const emu::CoreActivity& core) { return core.synaptic_events; }},
    CoreCounterInfo{CoreCounter::kDroppedPushes, "dropped_pushes", "dropped_pushes",
                    [](const emu::CoreActivity& core) { return core.dropped_pushes; }},
    CoreCounterInfo{CoreCounter::kOverflows, "overflows", "overflows",
                    [](const emu::CoreActivity& core) { return core.overflows; }},
    CoreCounterInfo{CoreCounter::kPaddingUpdates, "", "padding_updates",
                    [](const emu::CoreActivity& core) { return core.padding_updates; }},
    CoreCounterInfo{CoreCounter::kPaddingEvents, "", "padding_events",
                    [](const emu::CoreActivity& core) { return core.padding_events; }},
};

/// The counters of one core, or of several; in the order of kCoreCounters.
struct CoreCounts {
    std::array<std::uint64_t, kCoreCounters.size()> of{};

    [[nodiscard]] std::uint64_t operator[](CoreCounter counter) const {
        return of[static_cast<std::size_t>(counter)];
    }
    void add(const emu::CoreActivity& core) noexcept;
    CoreCounts& operator+=(const CoreCounts& other) noexcept;
};

/// What happened in a step, a sample or a run. Integers: sums do not depend on their order.
struct Tally {
    std::uint64_t steps = 0;
    std::uint64_t input_spikes = 0;  ///< of host inputs
    std::uint64_t spikes = 0;        ///< of neurons
    std::uint64_t packets = 0;       ///< of neurons and of the host
    std::uint64_t synaptic_events = 0;
    CoreCounts cores;  ///< summed over the cores
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
