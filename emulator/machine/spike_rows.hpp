#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/base/memory.hpp"
#include "emulator/core/neurocore.hpp"
#include "emulator/machine/activity.hpp"
#include "emulator/machine/router.hpp"
#include "isa/base/id_vector.hpp"

namespace seamount::emu {

/// The synapses of the whole machine once more, in order of their sources: all rows that a spike
/// reaches stand together, whatever cores they belong to, so that it touches each line of memory
/// once. Routing and integration are one pass over them, for one thread.
///
/// Holds the rows of which this is worth it: one block of a plain format
/// (Neurocore::plain_row). All others are handed to inboxes, as FanOut::route does.
class SpikeRows {
public:
    /// Machines with more words of synapse memory get none: a copy would be the larger part of what
    /// they hold. 2^26 words are 256 MiB.
    static constexpr std::uint64_t kMostWords = std::uint64_t{1} << 26U;

    /// None: nothing is routed by this.
    SpikeRows() = default;
    /// `fan_outs` (by core) and `cores` must outlive it and stay where they are. `packets`: whether
    /// route() writes packets.
    SpikeRows(std::span<const FanOut> fan_outs, IdSpan<CoreSlot, Neurocore> cores, bool packets);

    [[nodiscard]] bool usable() const noexcept { return !source_first_.empty(); }

    /// Routes all spikes of `activity`, the cores' counts of which it completes, and adds what is
    /// held here to slot `slot` of its targets; the rest goes to `inboxes`. Packets go to `packets`
    /// in the order of SpikePacket, as many as FanOut::packets says; unused without packets.
    void route(StepActivity& activity, std::uint64_t slot, std::span<SpikePacket> packets,
               Inboxes& inboxes);

private:
    /// Where the rows of one source are, in words_.
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

    void add_source(const FanOut& fan_out, std::uint32_t source);
    void find_ranges(const StepActivity& activity);
    template <bool kPackets>
    void route_all(StepActivity& activity, std::span<SpikePacket> packets, Inboxes& inboxes);
    template <bool kPackets>
    SpikePacket* route_spike(Range range, CoreSlot source, std::uint32_t number,
                             const EmittedSpike& spike, SpikePacket* next, Inboxes& inboxes);
    // Inlined by force: GCC takes a function that only fetches for one without effect, and drops
    // the calls.
    [[gnu::always_inline]] inline void prefetch(std::size_t spike) const noexcept;
    [[gnu::always_inline]] inline void prefetch_route(std::size_t spike,
                                                      const FanOut& fan_out) const noexcept;

    std::span<const FanOut> fan_outs_;
    IdSpan<CoreSlot, Neurocore> cores_;
    bool packets_ = false;
    std::vector<std::uint32_t> source_first_;  ///< by core: its first source in first_
    std::vector<std::uint32_t> first_;         ///< by source: its first word; one more at the end
    HugeVector<std::uint32_t> words_;
    std::vector<Target> targets_;  ///< by core
    std::vector<Range> ranges_;    ///< of the spikes of the step
};

}  // namespace seamount::emu
