#pragma once

#include <cstdint>
#include <vector>

#include "emulator/energy/ledger.hpp"
#include "emulator/mesh/grid/mesh_model.hpp"
#include "emulator/timing/queue_watch.hpp"

namespace seamount::emu {

/// Totals of a run.
struct RunTotals {
    std::uint64_t steps = 0;
    EventCounts counts;  ///< sum over the steps; the start-up counts in the first one
    Picoseconds time{};  ///< of the steps
    PoweredParts powered;
    std::uint64_t max_link_flits = 0;
    Picoseconds contention{};        ///< that packets waited for links
    std::uint64_t wide_packets = 0;  ///< payloads beyond their declared width (packet_flits.hpp)
    std::vector<StageUses> stages;   ///< by core, if RunParams::observe_queues
    std::uint64_t wave_steps = 0;    ///< steps that WaveParams::file shows
    std::vector<LinkUse> links;      ///< likewise: those that carried flits; ticks are picoseconds
};

}  // namespace seamount::emu
