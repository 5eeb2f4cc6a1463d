#include "emulator/machine/router.hpp"

#include <numeric>

#include "isa/base/assert.hpp"

namespace seamount::emu {
namespace {

/// While a spike is routed, the fan-out list of the one so many places behind it is prefetched:
/// enough places to cover a memory access at 5 to 10 ns a spike. Chosen, not swept.
constexpr std::size_t kPrefetchSpikes = 16;

}  // namespace

CoreSlots::CoreSlots(const isa::Image& image) {
    CoreSlot slot;
    for (const isa::CoreImage& core : image.cores) {
        const std::size_t needed = core.core.index() + 1;
        if (needed > slots_.size()) slots_.resize(needed, CoreSlot::none());
        slots_[core.core] = slot;
        ++slot;
    }
}

FanOut::FanOut(std::span<const std::uint32_t> first, std::span<const isa::OutputAxon> outputs,
               IdSpan<CoreSlot, const Neurocore> cores, const CoreSlots& slots,
               const KeptRoutes& keep)
    : first_{first} {
    if (keep.all) routes_.reserve(outputs.size());
    const bool some = !keep.all && !first.empty();
    if (some) own_first_.reserve(first.size());
    std::size_t source = 0;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        for (; some && first[source] <= i; ++source) {
            own_first_.push_back(static_cast<std::uint32_t>(routes_.size()));
        }
        const CoreSlot core = slots.of(outputs[i].core);
        SM_ASSERT(core.index() < cores.size(), "an output axon leads to a core that is not used");
        if (keep.division == nullptr || keep.division->owns(core)) {
            add(outputs[i], core, cores[core].row(outputs[i].axon, outputs[i].atom));
        } else if (keep.all) {
            add(outputs[i], core, {});
        }
    }
    if (some) {
        own_first_.resize(first.size(), static_cast<std::uint32_t>(routes_.size()));
        first_ = own_first_;
    }
    if (!routes_.empty()) channel_ = routes_.front().channel;
}

void FanOut::add(const isa::OutputAxon& output, CoreSlot core, const SynapseRow& row) {
    routes_.push_back({.offset = row.offset,
                       .synapses = row.synapses,
                       .dense = row.dense,
                       .words = row.words,
                       .base = static_cast<std::uint16_t>(row.base),
                       .core = core,
                       .channel = output.channel,
                       .payload_bits = output.payload_bits});
    if (output.channel != routes_.front().channel) one_channel_ = false;
}

std::uint64_t FanOut::synapses() const noexcept {
    return std::accumulate(
        routes_.begin(), routes_.end(), std::uint64_t{0},
        [](std::uint64_t sum, const Route& route) { return sum + route.synapses; });
}

std::size_t FanOut::route(std::span<const EmittedSpike> spikes, CoreSlot source_core,
                          std::span<SpikePacket> packets, Inboxes& inboxes) const {
    std::size_t next = 0;
    for (std::size_t s = 0; s < spikes.size(); ++s) {
        if (s + kPrefetchSpikes < spikes.size()) {
            const std::span<const Route> ahead = of(spikes[s + kPrefetchSpikes].compartment);
            __builtin_prefetch(ahead.data());
            __builtin_prefetch(ahead.data() + ahead.size());
        }
        for (const Route& route : of(spikes[s].compartment)) {
            if (route.channel != spikes[s].channel) continue;
            if (!packets.empty()) {
                packets[next] =
                    packet_of(route, source_core, static_cast<std::uint32_t>(s), spikes[s].payload);
            }
            ++next;
            inboxes.add(route.core, arrival_of(route, spikes[s].payload));
        }
    }
    return next;
}

void FanOut::route_host(std::uint32_t source, std::uint32_t spike, std::int32_t payload,
                        std::vector<SpikePacket>& packets, Inboxes& inboxes) const {
    for (const Route& route : of(source)) {
        packets.push_back(packet_of(route, SpikePacket::kFromHost, spike, payload));
        inboxes.add(route.core, arrival_of(route, payload));
    }
}

}  // namespace seamount::emu
