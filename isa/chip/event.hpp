#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "isa/base/name_table.hpp"
#include "isa/base/units.hpp"

namespace seamount::isa {

/// The event classes that are counted and priced. A further one is a value here and a row of
/// kEventTable, from which the readers and writers of chips, the data sheet, the overrides of the
/// command line and the reports take it; the code that counts it comes with it.
enum class Event : std::uint8_t {
    kUpdateActive,    ///< neuron update that changed state or spiked
    kUpdateInactive,  ///< neuron update that left everything as it was
    kInstruction,     ///< microcode cycle (0 for fixed-function cores)
    kSpikeOut,        ///< a compartment spiked
    kAxonOut,         ///< a packet was made for one output axon
    kAxonIn,          ///< a packet was looked up in the input axon table
    kSynapse,         ///< a synaptic operation of a sparse format
    kTileSpike,       ///< a packet entered or left a router within its tile
    kHopEastWest,     ///< a flit crossed a horizontal link
    kHopNorthSouth,   ///< a flit crossed a vertical link
    kHopOffChip,      ///< a flit crossed a link between two chips
    kHostPacket,      ///< the host port injected a packet
    kHostWrite,       ///< the host port wrote a state word
    kBarrier,         ///< one barrier of the whole chip; its time comes from the barrier model
    kSynapseDense,    ///< a synaptic operation of a dense format; costs as kSynapse if not priced
    kSynapseFetch,    ///< an access to synapse memory (CoreTimingSpec::fetch_words)
    kSynapseUpdate,   ///< learning: a rule was applied to one synapse
    kTraceUpdate,     ///< learning: a trace was brought up to date
    kHostStep,        ///< management of a step by the host, after its barrier
    kStartUp,         ///< start of a run, counted in its first step; not part of the time of a step
    kHostReward,      ///< the host told the cores a reward
};

/// What is said of one event class.
struct EventInfo {
    Event event{};
    std::string_view name;  ///< in chip files, with _ns and _pj, and in reports: "hop_ew"
    /// The mesh makes it: `--set` knows its price as "mesh.hop_ew_ns" too.
    bool in_mesh = false;
    bool has_time = true;  ///< a price in nanoseconds, beside that in picojoules
    /// An earlier one, whose prices it has until it has its own.
    std::optional<Event> follows = std::nullopt;
    /// Every chip has it: a profile must price it, or say that the others are free.
    bool everywhere = false;
};

inline constexpr auto kEventTable = std::to_array<EventInfo>({
    {.event = Event::kUpdateActive, .name = "update_active", .everywhere = true},
    {.event = Event::kUpdateInactive, .name = "update_inactive", .everywhere = true},
    {Event::kInstruction, "instruction"},
    {.event = Event::kSpikeOut, .name = "spike_out", .everywhere = true},
    {.event = Event::kAxonOut, .name = "axon_out", .everywhere = true},
    {.event = Event::kAxonIn, .name = "axon_in", .everywhere = true},
    {.event = Event::kSynapse, .name = "synapse", .everywhere = true},
    {.event = Event::kTileSpike, .name = "tile_spike", .in_mesh = true, .everywhere = true},
    {.event = Event::kHopEastWest, .name = "hop_ew", .in_mesh = true, .everywhere = true},
    {.event = Event::kHopNorthSouth, .name = "hop_ns", .in_mesh = true, .everywhere = true},
    {.event = Event::kHopOffChip, .name = "hop_offchip", .in_mesh = true},
    {Event::kHostPacket, "host_packet"},
    {Event::kHostWrite, "host_write"},
    {.event = Event::kBarrier, .name = "barrier", .has_time = false},
    {.event = Event::kSynapseDense, .name = "synapse_dense", .follows = Event::kSynapse},
    {Event::kSynapseFetch, "synapse_fetch"},
    {Event::kSynapseUpdate, "synapse_update"},
    {Event::kTraceUpdate, "trace_update"},
    {Event::kHostStep, "host_step"},
    {Event::kStartUp, "start_up"},
    {Event::kHostReward, "host_reward"},
});
inline constexpr std::size_t kEvents = kEventTable.size();
static_assert(has_row_for_each(kEventTable, &EventInfo::event));
static_assert(std::all_of(kEventTable.begin(), kEventTable.end(),
                          [](const EventInfo& row) {
                              return !row.follows || (*row.follows < row.event && row.has_time);
                          }),
              "an event follows one that is read after it");

[[nodiscard]] constexpr const EventInfo& info(Event event) {
    return kEventTable[static_cast<std::size_t>(event)];
}
/// Spelling in chip files and reports: "update_active", "hop_ew", ...
[[nodiscard]] constexpr std::string_view name_of(Event event) {
    return info(event).name;
}

/// What one event costs: a fixed-function compartment (per update) or a programmable one (per
/// instruction). Time of one compartment = active or inactive price + per_instruction * instruction
/// cycles executed.
struct EventPrice {
    Picoseconds time{};
    Picojoules energy{};
    friend bool operator==(const EventPrice&, const EventPrice&) = default;
};

}  // namespace seamount::isa
