#include "emulator/machine/spike_rows.hpp"

#include <algorithm>

namespace seamount::emu {
namespace {

/// While the rows of a spike are added, those of the one so many places behind it are fetched: its
/// 2 to 4 lines come from a distant cache or from memory in 30 to 100 ns, 32 synapses take 15.
constexpr std::size_t kPrefetchSpikes = 8;
/// By then a row that was fetched is there and says where its route is.
constexpr std::size_t kPrefetchRoutes = 4;
constexpr std::size_t kLineWords = 16;
/// Lines that are fetched ahead; of longer rows the machine guesses the rest.
constexpr std::size_t kPrefetchLines = 6;

// A row: two words of header, one more if there are packets, then `count` synapse words.
//   word 0: core, and the number of synapses above it; 0 synapses: the row is not here
//   word 1: where the row's targets begin in the ring of the core, and the shift of the increments,
//           less 16, above it; of a row that is not here, the route in its core's fan-out
//   word 2: words of memory that the chip reads, and the payload bits of its packet above them
constexpr unsigned kCountShift = 16;
constexpr unsigned kShiftShift = 28;
constexpr std::uint32_t kOffsetMask = (1U << kShiftShift) - 1;
constexpr int kLeastShift = 16;
constexpr unsigned kPayloadShift = 24;
constexpr std::uint32_t kMostRowWords = (1U << kPayloadShift) - 1;

/// Adds `words` to the sums behind `due`.
inline void add_words(std::span<const std::uint32_t> words, std::int32_t* due, int shift) noexcept {
    for (const std::uint32_t word : words) {
        std::int32_t& sum = due[isa::SynapseWord::target(word)];
        const auto add = static_cast<std::int32_t>(word & 0xFF800000U) >> shift;
        sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) +
                                        static_cast<std::uint32_t>(add));
    }
}

}  // namespace

SpikeRows::SpikeRows(std::span<const FanOut> fan_outs, IdSpan<CoreSlot, Neurocore> cores,
                     bool packets)
    : fan_outs_{fan_outs}, cores_{cores}, packets_{packets}, targets_(cores.size()) {
    std::uint64_t words = 0;
    std::size_t sources = 0;
    for (const FanOut& fan_out : fan_outs) {
        sources += fan_out.sources();
        words += fan_out.synapses() + (packets ? 3U : 2U) * fan_out.routes().size();
    }
    if (words > kMostWords) return;
    words_.reserve(words);
    first_.reserve(sources + 1);
    source_first_.reserve(fan_outs.size());
    for (const FanOut& fan_out : fan_outs) {
        source_first_.push_back(static_cast<std::uint32_t>(first_.size()));
        for (std::uint32_t source = 0; source < fan_out.sources(); ++source) {
            first_.push_back(static_cast<std::uint32_t>(words_.size()));
            add_source(fan_out, source);
        }
    }
    first_.push_back(static_cast<std::uint32_t>(words_.size()));
}

void SpikeRows::add_source(const FanOut& fan_out, std::uint32_t source) {
    for (const Route& route : fan_out.of(source)) {
        const CoreSlot core = route.core;
        const PlainRow row = cores_[core].plain_row(route.offset, route.base);
        const bool here = fan_out.has_one_channel() && !row.words.empty() &&
                          row.words.size() < (1U << kCountShift) && row.first <= kOffsetMask &&
                          row.shift >= kLeastShift && route.words <= kMostRowWords;
        if (here) {
            words_.push_back(core.value() | static_cast<std::uint32_t>(row.words.size())
                                                << kCountShift);
            words_.push_back(row.first | static_cast<std::uint32_t>(row.shift - kLeastShift)
                                             << kShiftShift);
        } else {
            words_.push_back(core.value());
            words_.push_back(static_cast<std::uint32_t>(&route - fan_out.routes().data()));
        }
        if (packets_) {
            words_.push_back((here ? route.words : 0) | std::uint32_t{route.payload_bits}
                                                            << kPayloadShift);
        }
        if (here) words_.insert(words_.end(), row.words.begin(), row.words.end());
    }
}

/// Looks up all spikes first: then rows can be fetched ahead from one core to the next.
void SpikeRows::find_ranges(const StepActivity& activity) {
    ranges_.clear();
    for (std::size_t c = 0; c < activity.cores.size(); ++c) {
        const FanOut& fan_out = fan_outs_[c];
        const std::uint32_t* const first = first_.data() + source_first_[c];
        for (const EmittedSpike& spike : activity.cores[c].spikes) {
            const bool silent = fan_out.has_one_channel() && spike.channel != fan_out.channel();
            ranges_.push_back(
                silent ? Range{} : Range{first[spike.compartment], first[spike.compartment + 1]});
        }
    }
}

void SpikeRows::prefetch(std::size_t spike) const noexcept {
    if (spike >= ranges_.size()) return;
    const auto [begin, end] = ranges_[spike];
    const std::size_t last = std::min<std::size_t>(end, begin + kPrefetchLines * kLineWords);
    // From the start of the line on, or the last line would be left out.
    for (std::size_t at = begin & ~(kLineWords - 1); at < last; at += kLineWords) {
        __builtin_prefetch(words_.data() + at);
    }
}

/// Of a spike of `fan_out` whose rows were fetched: the first route that its rows send to.
void SpikeRows::prefetch_route(std::size_t spike, const FanOut& fan_out) const noexcept {
    const auto [begin, end] = ranges_[spike];
    if (begin == end || words_[begin] >> kCountShift != 0) return;
    __builtin_prefetch(fan_out.routes().data() + words_[begin + 1]);
}

void SpikeRows::route(StepActivity& activity, std::uint64_t slot, std::span<SpikePacket> packets,
                      Inboxes& inboxes) {
    find_ranges(activity);
    if (ranges_.empty()) return;
    for (std::size_t c = 0; c < targets_.size(); ++c) {
        targets_[c] = {cores_[CoreSlot{static_cast<std::uint32_t>(c)}].due(slot), 0, 0};
    }
    packets_ ? route_all<true>(activity, packets, inboxes)
             : route_all<false>(activity, packets, inboxes);
    for (std::size_t c = 0; c < targets_.size(); ++c) {
        if (targets_[c].packets == 0) continue;
        activity.cores[c].packets_in += targets_[c].packets;
        activity.cores[c].synaptic_events += targets_[c].events;
        cores_[CoreSlot{static_cast<std::uint32_t>(c)}].expect_input(slot);
    }
}

template <bool kPackets>
void SpikeRows::route_all(StepActivity& activity, std::span<SpikePacket> packets,
                          Inboxes& inboxes) {
    for (std::size_t k = 0; k < std::min(kPrefetchSpikes, ranges_.size()); ++k) prefetch(k);
    SpikePacket* next = packets.data();
    std::size_t k = 0;
    for (std::size_t c = 0; c < activity.cores.size(); ++c) {
        const CoreSlot source{static_cast<std::uint32_t>(c)};
        const std::span<const EmittedSpike> spikes = activity.cores[c].spikes;
        for (std::uint32_t s = 0; s < spikes.size(); ++s, ++k) {
            prefetch(k + kPrefetchSpikes);
            if (s + kPrefetchRoutes < spikes.size()) {
                prefetch_route(k + kPrefetchRoutes, fan_outs_[c]);
            }
            next = route_spike<kPackets>(ranges_[k], source, s, spikes[s], next, inboxes);
        }
    }
}

/// Returns the place behind the packets that it wrote.
template <bool kPackets>
SpikePacket* SpikeRows::route_spike(Range range, CoreSlot source, std::uint32_t number,
                                    const EmittedSpike& spike, SpikePacket* next,
                                    Inboxes& inboxes) {
    const std::uint32_t* const end = words_.data() + range.end;
    for (const std::uint32_t* row = words_.data() + range.begin; row != end;) {
        const std::uint32_t core = row[0] & ((1U << kCountShift) - 1);
        const std::uint32_t count = row[0] >> kCountShift;
        const std::uint32_t place = row[1];
        const std::uint32_t cost = kPackets ? row[2] : 0;
        row += kPackets ? 3 : 2;
        if (count == 0) {
            const Route& route = fan_outs_[source.index()].routes()[place];
            if (route.channel != spike.channel) continue;
            if constexpr (kPackets) *next++ = packet_of(route, source, number, spike.payload);
            inboxes.add(route.core, arrival_of(route, spike.payload));
            continue;
        }
        Target& target = targets_[core];
        target.events += count;
        ++target.packets;
        add_words({row, count}, target.due + (place & kOffsetMask),
                  static_cast<int>(place >> kShiftShift) + kLeastShift);
        row += count;
        if constexpr (kPackets) {
            const auto payload_bits = static_cast<std::uint8_t>(cost >> kPayloadShift);
            *next++ = {.source_core = source,
                       .spike = number,
                       .target_core = CoreSlot{core},
                       .synapses = count,
                       .dense = 0,
                       .words = cost & kMostRowWords,
                       .payload_bits = payload_bits,
                       .value_bits = payload_bits != 0 ? bits_of(spike.payload) : std::uint8_t{0}};
        }
    }
    return next;
}

}  // namespace seamount::emu
