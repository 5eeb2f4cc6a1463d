#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/mesh/grid/ticks.hpp"
#include "emulator/timing/core_timing.hpp"

namespace seamount::emu {

/// Hands the packets of a step to their target cores, in order of arrival (ties: the lower packet
/// index first). Keeps its memory between steps.
class ArrivalOrder {
public:
    explicit ArrivalOrder(std::size_t cores) : first_(cores + 1), next_(cores) {}

    /// `arrivals[i]` is when `packets[i]` arrives; a tick is a picosecond.
    void sort(std::span<const SpikePacket> packets, std::span<const Ticks> arrivals);
    /// Arrivals at one core; valid until the next sort.
    [[nodiscard]] std::span<const Arrival> at(CoreSlot core) const noexcept {
        const std::size_t c = core.index();
        return std::span{arrivals_}.subspan(first_[c], first_[c + 1] - first_[c]);
    }

private:
    void sort_core(std::size_t start, std::size_t count);

    std::vector<Arrival> unordered_;    ///< by core, then packet index
    std::vector<Arrival> arrivals_;     ///< by core, in order
    std::vector<std::size_t> first_;    ///< of each core, into arrivals_
    std::vector<std::size_t> next_;     ///< scratch of sort
    std::vector<std::uint32_t> place_;  ///< of sort_core
};

}  // namespace seamount::emu
