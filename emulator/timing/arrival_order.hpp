#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/base/memory.hpp"
#include "emulator/base/parallel.hpp"
#include "emulator/mesh/grid/ticks.hpp"
#include "emulator/timing/core_timing.hpp"

namespace seamount::emu {

/// Hands the packets of a step to their target cores, in order of arrival (ties: the lower packet
/// index first). Keeps its memory between steps.
class ArrivalOrder {
public:
    explicit ArrivalOrder(std::size_t cores) : cores_{cores}, first_(cores + 1) {}

    /// `arrivals[i]` is when `packets[i]` arrives; a tick is a picosecond.
    void sort(std::span<const SpikePacket> packets, std::span<const Ticks> arrivals,
              Parallel& threads);
    /// Arrivals at one core; valid until the next sort.
    [[nodiscard]] std::span<const Arrival> at(CoreSlot core) const noexcept {
        const std::size_t c = core.index();
        return std::span{arrivals_}.subspan(first_[c], first_[c + 1] - first_[c]);
    }

private:
    void distribute(std::span<const SpikePacket> packets, std::span<const Ticks> arrivals,
                    Parallel& threads);
    void sort_core(std::size_t start, std::size_t count, std::vector<std::uint32_t>& place);

    std::size_t cores_;
    StepVector<Arrival> unordered_;   ///< by core, then packet index
    StepVector<Arrival> arrivals_;    ///< by core, in order
    std::vector<std::size_t> first_;  ///< of each core, into arrivals_
    /// Scratch of distribute: by stretch of the packets and core, the place of the next packet.
    std::vector<std::size_t> next_;
    std::vector<std::vector<std::uint32_t>> places_;  ///< of sort_core, by thread
};

}  // namespace seamount::emu
