#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "emulator/base/memory.hpp"
#include "emulator/core/neurocore.hpp"
#include "emulator/machine/activity.hpp"
#include "emulator/machine/ranks/division.hpp"
#include "isa/base/id_vector.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// An output axon with what its packets need at the target, looked up once at load: saves two
/// dependent, cache-missing look-ups per packet.
struct Route {
    std::uint32_t offset = 0;    ///< of the synapse row
    std::uint32_t synapses = 0;  ///< that one packet activates
    std::uint32_t dense = 0;     ///< of these, in blocks of a dense format
    std::uint32_t words = 0;     ///< of the row, headers included
    std::uint16_t base = 0;
    PackedId<CoreSlot, std::uint16_t> core;
    std::uint8_t channel = 0;
    std::uint8_t payload_bits = 0;  ///< that a packet carries; 0: none
};

/// Bits that a value needs as a signed number (two's complement).
[[nodiscard]] inline std::uint8_t bits_of(std::int32_t value) {
    const auto bits = static_cast<std::uint32_t>(value < 0 ? ~value : value);
    return static_cast<std::uint8_t>(std::bit_width(bits) + 1);
}

[[nodiscard]] inline SpikePacket packet_of(const Route& route, CoreSlot source_core,
                                           std::uint32_t spike, std::int32_t payload) {
    return {.source_core = source_core,
            .spike = spike,
            .target_core = route.core,
            .synapses = route.synapses,
            .dense = route.dense,
            .words = route.words,
            .payload_bits = route.payload_bits,
            .value_bits = route.payload_bits != 0 ? bits_of(payload) : std::uint8_t{0}};
}

[[nodiscard]] inline AxonArrival arrival_of(const Route& route, std::int32_t payload) {
    return {.offset = route.offset,
            .base = route.base,
            .payload = route.payload_bits != 0 ? payload : 1,
            .synapses = route.synapses};
}

/// Arrivals of one phase, by target core. Keeps its memory between steps.
class Inboxes {
public:
    explicit Inboxes(std::size_t cores) : arrivals_(cores) {}
    void clear() noexcept {
        for (auto& box : arrivals_) box.clear();
    }
    void add(CoreSlot core, const AxonArrival& arrival) { arrivals_[core].push_back(arrival); }
    [[nodiscard]] std::span<const AxonArrival> of(CoreSlot core) const noexcept {
        return arrivals_[core];
    }

private:
    IdVector<CoreSlot, std::vector<AxonArrival>> arrivals_;
};

/// Finds the place in Image::cores of a core of the chip.
class CoreSlots {
public:
    explicit CoreSlots(const isa::Image& image);
    [[nodiscard]] CoreSlot of(CoreId core) const { return slots_[core]; }

private:
    IdVector<CoreId, CoreSlot> slots_;  // none: not used
};

/// Which routes are kept of a machine that is divided.
struct KeptRoutes {
    const Division* division = nullptr;  ///< null: it is not
    /// Those to cores of other ranks too; what rows cost there is for FanOut::fill().
    bool all = true;
};

/// The fan-out lists of one core or of one host input.
class FanOut {
public:
    /// `first` (one offset per source and one more) must outlive the object.
    FanOut(std::span<const std::uint32_t> first, std::span<const isa::OutputAxon> outputs,
           IdSpan<CoreSlot, const Neurocore> cores, const CoreSlots& slots,
           const KeptRoutes& keep = {});
    FanOut(const FanOut&) = delete;
    FanOut& operator=(const FanOut&) = delete;
    FanOut(FanOut&&) = default;
    FanOut& operator=(FanOut&&) = default;
    ~FanOut() = default;

    /// Packets that a spike of this core makes.
    [[nodiscard]] std::size_t packets(const EmittedSpike& spike) const {
        const std::span<const Route> routes = of(spike.compartment);
        // The usual case needs no look at the routes.
        if (one_channel_) return spike.channel == channel_ ? routes.size() : 0;
        return static_cast<std::size_t>(
            std::count_if(routes.begin(), routes.end(),
                          [&](const Route& route) { return route.channel == spike.channel; }));
    }
    /// The same for those of one step.
    [[nodiscard]] std::size_t packets(std::span<const EmittedSpike> spikes) const {
        return std::accumulate(
            spikes.begin(), spikes.end(), std::size_t{0},
            [this](std::size_t sum, const EmittedSpike& spike) { return sum + packets(spike); });
    }

    /// Turns them into packets, in order of spike and list, written to `packets` from the front if
    /// there is any room, and into arrivals at their targets. Returns how many.
    std::size_t route(std::span<const EmittedSpike> spikes, CoreSlot source_core,
                      std::span<SpikePacket> packets, Inboxes& inboxes) const;

    /// The same for one spike of a host source, on all channels; appends to `packets`.
    void route_host(std::uint32_t source, std::uint32_t spike, std::int32_t payload,
                    std::vector<SpikePacket>& packets, Inboxes& inboxes) const;

    [[nodiscard]] std::size_t sources() const noexcept {
        return first_.empty() ? 0 : first_.size() - 1;
    }
    [[nodiscard]] std::span<const Route> routes() const noexcept { return routes_; }
    /// Calls `fill(route)` for each route, in order, to enter what its row costs.
    template <class Fill>
    void fill(Fill fill) {
        for (Route& route : routes_) fill(route);
    }
    /// Those of a source.
    [[nodiscard]] std::span<const Route> of(std::uint32_t source) const {
        return {routes_.data() + first_[source], first_[source + 1] - first_[source]};
    }
    /// Synapses of all routes.
    [[nodiscard]] std::uint64_t synapses() const noexcept;
    /// Whether all routes are on one channel(), so that a spike takes all of them or none.
    [[nodiscard]] bool has_one_channel() const noexcept { return one_channel_; }
    [[nodiscard]] std::uint8_t channel() const noexcept { return channel_; }

private:
    void add(const isa::OutputAxon& output, CoreSlot core, const SynapseRow& row);

    std::span<const std::uint32_t> first_;
    std::vector<std::uint32_t> own_first_;  ///< first_, if not all routes are kept
    LineVector<Route> routes_;
    bool one_channel_ = true;  ///< all routes are on channel_
    std::uint8_t channel_ = 0;
};

}  // namespace seamount::emu
