#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/base/memory.hpp"
#include "emulator/base/parallel.hpp"
#include "emulator/core/neurocore.hpp"
#include "emulator/machine/activity.hpp"
#include "emulator/machine/router.hpp"
#include "isa/base/id_vector.hpp"

namespace seamount::emu {

/// The synapses of the whole machine once more, in order of their sources: all rows that a spike
/// reaches stand together, whatever cores they belong to, so that it touches each line of memory
/// once. Routing and integration are one pass over them.
///
/// For several threads the cores are divided among them: of a source, the rows of each thread's
/// cores stand together. Every thread looks at all spikes and adds to its own cores.
///
/// Holds the rows of which this is worth it: one block of a plain format
/// (Neurocore::plain_row). All others are handed to inboxes, as FanOut::route does, by a detour: if
/// they are more than half of all, nothing is routed by this.
class SpikeRows {
public:
    /// Machines with more words of synapse memory get none: a copy would be the larger part of what
    /// they hold. 2^26 words are 256 MiB.
    static constexpr std::uint64_t kMostWords = std::uint64_t{1} << 26U;

    /// None: nothing is routed by this.
    SpikeRows() = default;
    /// `fan_outs` (by core) and `cores` must outlive it and stay where they are. `threads` that
    /// route() will run on. `packets`: whether it writes packets.
    SpikeRows(std::span<const FanOut> fan_outs, IdSpan<CoreSlot, Neurocore> cores,
              std::uint32_t threads, bool packets);

    [[nodiscard]] bool usable() const noexcept { return !part_end_.empty(); }

    /// Finds the rows of all spikes of `activity`. Returns how many packets they make.
    std::uint64_t find(const StepActivity& activity, Parallel& parallel);
    /// Routes the spikes that were found, completes the counts of their target cores, and adds what
    /// is held here to slot `slot` of these; the rest goes to `inboxes`, one per thread. Packets go
    /// to the first places of `packets`, in the order of SpikePacket; unused without packets.
    void route(StepActivity& activity, std::uint64_t slot, std::span<SpikePacket> packets,
               std::span<Inboxes> inboxes, Parallel& parallel);

private:
    /// A spike of the step.
    struct Found {
        std::uint32_t rows = 0;    ///< index into first_ of its rows for part 0, or kSilent
        std::uint32_t packet = 0;  ///< its first one, among those of its core
    };
    static constexpr std::uint32_t kSilent = 0xFFFFFFFF;  ///< no row belongs to its channel
    struct Range {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
    };
    /// What a target core gets in this step.
    struct Target {
        std::int32_t* due = nullptr;  ///< its ring in the slot of the step
        std::uint64_t events = 0;
        std::uint64_t packets = 0;
    };
    struct Spike {
        const EmittedSpike& emitted;
        CoreSlot core;
        std::uint32_t number;  ///< of its core
        SpikePacket* packets;  ///< its first one
    };
    /// What one thread does in a step.
    struct Part {
        std::uint32_t number;
        SpikePacket* packets;  ///< of the step
        Inboxes& inboxes;
    };

    [[nodiscard]] std::uint64_t words_of(std::span<const FanOut> fan_outs) const;
    void divide(std::uint32_t threads);
    void add_source(const FanOut& fan_out, std::uint32_t source);
    void add_row(const FanOut& fan_out, const Route& route, std::uint32_t number);
    void number_routes(std::span<const Route> routes);
    [[nodiscard]] std::uint32_t parts() const noexcept {
        return static_cast<std::uint32_t>(part_end_.size());
    }
    [[nodiscard]] std::uint32_t first_core(std::uint32_t part) const noexcept {
        return part == 0 ? 0 : part_end_[part - 1];
    }
    /// Of a spike that is not silent.
    [[nodiscard]] Range range(const Found& found, std::uint32_t part) const noexcept {
        return {first_[found.rows + part], first_[found.rows + part + 1]};
    }
    std::uint32_t find_of_core(const StepActivity& activity, std::size_t core);
    void route_part(StepActivity& activity, std::uint64_t slot, const Part& part);
    template <bool kPackets>
    void route_all(const StepActivity& activity, const Part& part);
    template <bool kPackets>
    void route_core(const StepActivity& activity, std::size_t c, const Part& part);
    template <bool kPackets>
    void route_spike(Range range, const Spike& spike, Inboxes& inboxes);
    // Inlined by force: GCC takes a function that only fetches for one without effect, and drops
    // the calls.
    [[gnu::always_inline]] inline void prefetch(std::size_t spike,
                                                std::uint32_t part) const noexcept;
    [[gnu::always_inline]] inline void prefetch_route(std::size_t spike, std::uint32_t part,
                                                      const FanOut& fan_out) const noexcept;

    std::span<const FanOut> fan_outs_;
    IdSpan<CoreSlot, Neurocore> cores_;
    bool packets_ = false;
    std::vector<std::uint32_t> part_end_;      ///< by part: behind its last core
    std::vector<std::uint32_t> source_first_;  ///< by core: its first source in first_
    std::vector<std::uint32_t> first_;  ///< by source and part: its first word; one more at the end
    HugeVector<std::uint32_t> words_;
    std::uint64_t rows_ = 0;
    std::uint64_t held_ = 0;              ///< of them
    std::vector<std::uint32_t> numbers_;  ///< of a source's routes, among those of its channel

    // Of the step.
    std::vector<Target> targets_;  ///< by core
    std::vector<Found> found_;
    std::vector<std::uint32_t> found_first_;   ///< by core: its first spike in found_
    std::vector<std::uint32_t> packet_first_;  ///< by core: its first packet, and one more
};

}  // namespace seamount::emu
