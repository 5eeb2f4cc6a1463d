#include "emulator/machine/spike_rows.hpp"

#include <algorithm>
#include <array>
#include <numeric>

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
//   word 2: words of memory that the chip reads, 0 for a row that is not here; above them the
//           packet's place among those of the spike, and above that its payload bits
constexpr unsigned kCountShift = 16;
constexpr unsigned kShiftShift = 28;
constexpr std::uint32_t kOffsetMask = (1U << kShiftShift) - 1;
constexpr int kLeastShift = 16;
constexpr unsigned kPlaceShift = 12;
constexpr std::uint32_t kMostRowWords = (1U << kPlaceShift) - 1;
constexpr unsigned kPayloadShift = 26;
constexpr std::uint32_t kMostPlace = (1U << (kPayloadShift - kPlaceShift)) - 1;
static_assert(isa::OutputAxon::kMaxPayloadBits < (1U << (32 - kPayloadShift)));

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
                     std::uint32_t threads, bool packets)
    : fan_outs_{fan_outs}, cores_{cores}, packets_{packets} {
    const std::uint64_t words = words_of(fan_outs);
    if (words > kMostWords) return;
    words_.reserve(words);
    divide(threads);
    targets_.resize(cores.size());
    found_first_.resize(cores.size() + 1);
    packet_first_.resize(cores.size() + 1);
    source_first_.reserve(fan_outs.size());
    for (const FanOut& fan_out : fan_outs) {
        source_first_.push_back(static_cast<std::uint32_t>(first_.size()));
        for (std::uint32_t source = 0; source < fan_out.sources(); ++source) {
            add_source(fan_out, source);
        }
    }
    first_.push_back(static_cast<std::uint32_t>(words_.size()));
    if (2 * held_ < rows_) *this = {};
}

/// How many words all rows take at most; more than kMostWords if some of them cannot be written.
std::uint64_t SpikeRows::words_of(std::span<const FanOut> fan_outs) const {
    std::uint64_t words = 0;
    for (const FanOut& fan_out : fan_outs) {
        words += fan_out.synapses() + (packets_ ? 3U : 2U) * fan_out.routes().size();
        for (std::uint32_t source = 0; source < fan_out.sources(); ++source) {
            if (fan_out.of(source).size() > kMostPlace) return kMostWords + 1;
        }
    }
    return words;
}

/// Divides the cores so that each thread adds about as many synapses.
void SpikeRows::divide(std::uint32_t threads) {
    std::vector<std::uint64_t> synapses(cores_.size());
    std::uint64_t left = 0;
    for (const FanOut& fan_out : fan_outs_) {
        for (const Route& route : fan_out.routes()) {
            synapses[CoreSlot{route.core}.index()] += route.synapses;
            left += route.synapses;
        }
    }
    std::uint32_t core = 0;
    for (std::uint32_t others = threads; others != 0; --others) {
        const std::uint64_t share = left / others;
        std::uint64_t taken = 0;
        while (core < cores_.size() && (others == 1 || taken < share)) taken += synapses[core++];
        left -= taken;
        part_end_.push_back(core);
    }
}

/// The route's packet is the n-th of a spike: only those of its channel are sent.
void SpikeRows::number_routes(std::span<const Route> routes) {
    std::array<std::uint32_t, isa::kChannels> next{};
    numbers_.clear();
    for (const Route& route : routes) numbers_.push_back(next[route.channel]++);
}

void SpikeRows::add_source(const FanOut& fan_out, std::uint32_t source) {
    const std::span<const Route> routes = fan_out.of(source);
    number_routes(routes);
    for (std::uint32_t part = 0; part < parts(); ++part) {
        first_.push_back(static_cast<std::uint32_t>(words_.size()));
        for (std::size_t i = 0; i < routes.size(); ++i) {
            const std::uint32_t core = CoreSlot{routes[i].core}.value();
            if (core < first_core(part) || core >= part_end_[part]) continue;
            add_row(fan_out, routes[i], numbers_[i]);
        }
    }
}

void SpikeRows::add_row(const FanOut& fan_out, const Route& route, std::uint32_t number) {
    const CoreSlot core = route.core;
    const PlainRow row = cores_[core].plain_row(route.offset, route.base);
    const bool here = fan_out.has_one_channel() && !row.words.empty() &&
                      row.words.size() < (1U << kCountShift) && row.first <= kOffsetMask &&
                      row.shift >= kLeastShift && route.words <= kMostRowWords;
    ++rows_;
    held_ += here ? 1 : 0;
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
        words_.push_back((here ? route.words : 0) | number << kPlaceShift |
                         std::uint32_t{route.payload_bits} << kPayloadShift);
    }
    if (here) words_.insert(words_.end(), row.words.begin(), row.words.end());
}

/// Looks up all spikes first: then rows can be fetched ahead from one core to the next, and each
/// thread knows where its packets go.
std::uint64_t SpikeRows::find(const StepActivity& activity, Parallel& parallel) {
    const std::size_t cores = activity.cores.size();
    for (std::size_t c = 0; c < cores; ++c) {
        found_first_[c + 1] =
            found_first_[c] + static_cast<std::uint32_t>(activity.cores[c].spikes.size());
    }
    found_.resize(found_first_[cores]);
    parallel.for_each(cores, [&](std::size_t c, std::size_t) {
        packet_first_[c + 1] = find_of_core(activity, c);
    });
    std::partial_sum(packet_first_.begin(), packet_first_.end(), packet_first_.begin());
    return packet_first_[cores];
}

/// Returns how many packets the core sends.
std::uint32_t SpikeRows::find_of_core(const StepActivity& activity, std::size_t core) {
    const FanOut& fan_out = fan_outs_[core];
    Found* next = found_.data() + found_first_[core];
    std::uint32_t packets = 0;
    for (const EmittedSpike& spike : activity.cores[core].spikes) {
        const auto made = static_cast<std::uint32_t>(fan_out.packets(spike));
        const std::uint32_t rows = source_first_[core] + spike.compartment * parts();
        __builtin_prefetch(first_.data() + rows);
        *next++ = {made == 0 ? kSilent : rows, packets};
        packets += made;
    }
    return packets;
}

void SpikeRows::prefetch(std::size_t spike, std::uint32_t part) const noexcept {
    if (spike >= found_.size() || found_[spike].rows == kSilent) return;
    const auto [begin, end] = range(found_[spike], part);
    const std::size_t last = std::min<std::size_t>(end, begin + kPrefetchLines * kLineWords);
    // From the start of the line on, or the last line would be left out.
    for (std::size_t at = begin & ~(kLineWords - 1); at < last; at += kLineWords) {
        __builtin_prefetch(words_.data() + at);
    }
}

/// Of a spike of `fan_out` whose rows were fetched: the first route that its rows send to.
void SpikeRows::prefetch_route(std::size_t spike, std::uint32_t part,
                               const FanOut& fan_out) const noexcept {
    if (found_[spike].rows == kSilent) return;
    const auto [begin, end] = range(found_[spike], part);
    if (begin == end || words_[begin] >> kCountShift != 0) return;
    __builtin_prefetch(fan_out.routes().data() + words_[begin + 1]);
}

void SpikeRows::route(StepActivity& activity, std::uint64_t slot, std::span<SpikePacket> packets,
                      std::span<Inboxes> inboxes, Parallel& parallel) {
    if (found_.empty()) return;
    parallel.for_each(parts(), [&](std::size_t part, std::size_t) {
        route_part(activity, slot,
                   {static_cast<std::uint32_t>(part), packets.data(), inboxes[part]});
    });
}

void SpikeRows::route_part(StepActivity& activity, std::uint64_t slot, const Part& part) {
    const std::uint32_t first = first_core(part.number);
    const std::uint32_t end = part_end_[part.number];
    for (std::uint32_t c = first; c < end; ++c) {
        targets_[c] = {cores_[CoreSlot{c}].due(slot), 0, 0};
    }
    packets_ ? route_all<true>(activity, part) : route_all<false>(activity, part);
    for (std::uint32_t c = first; c < end; ++c) {
        if (targets_[c].packets == 0) continue;
        activity.cores[c].packets_in += targets_[c].packets;
        activity.cores[c].synaptic_events += targets_[c].events;
        cores_[CoreSlot{c}].expect_input(slot);
    }
}

/// Each thread begins with the spikes of another core: packets of one spike are neighbours, and two
/// threads that write neighbours at a time take the line from each other again and again.
template <bool kPackets>
void SpikeRows::route_all(const StepActivity& activity, const Part& part) {
    const std::size_t cores = activity.cores.size();
    const std::size_t first = cores * part.number / parts();
    for (std::size_t i = 0; i < kPrefetchSpikes; ++i) {
        prefetch(found_first_[first] + i, part.number);
    }
    for (std::size_t c = first; c < cores; ++c) route_core<kPackets>(activity, c, part);
    for (std::size_t c = 0; c < first; ++c) route_core<kPackets>(activity, c, part);
}

template <bool kPackets>
void SpikeRows::route_core(const StepActivity& activity, std::size_t c, const Part& part) {
    const CoreSlot core{static_cast<std::uint32_t>(c)};
    const std::span<const EmittedSpike> spikes = activity.cores[c].spikes;
    SpikePacket* const packets = kPackets ? part.packets + packet_first_[c] : nullptr;
    std::size_t k = found_first_[c];
    for (std::uint32_t s = 0; s < spikes.size(); ++s, ++k) {
        prefetch(k + kPrefetchSpikes, part.number);
        if (s + kPrefetchRoutes < spikes.size()) {
            prefetch_route(k + kPrefetchRoutes, part.number, fan_outs_[c]);
        }
        const Found& found = found_[k];
        if (found.rows == kSilent) continue;
        route_spike<kPackets>(range(found, part.number),
                              {spikes[s], core, s, kPackets ? packets + found.packet : nullptr},
                              part.inboxes);
    }
}

template <bool kPackets>
void SpikeRows::route_spike(Range range, const Spike& spike, Inboxes& inboxes) {
    const std::uint32_t* const end = words_.data() + range.end;
    for (const std::uint32_t* row = words_.data() + range.begin; row != end;) {
        const std::uint32_t core = row[0] & ((1U << kCountShift) - 1);
        const std::uint32_t count = row[0] >> kCountShift;
        const std::uint32_t place = row[1];
        const std::uint32_t sent = kPackets ? row[2] : 0;
        SpikePacket* const packet =
            kPackets ? spike.packets + (sent >> kPlaceShift & kMostPlace) : nullptr;
        row += kPackets ? 3 : 2;
        if (count == 0) {
            const Route& route = fan_outs_[spike.core.index()].routes()[place];
            if (route.channel != spike.emitted.channel) continue;
            if constexpr (kPackets) {
                *packet = packet_of(route, spike.core, spike.number, spike.emitted.payload);
            }
            inboxes.add(route.core, arrival_of(route, spike.emitted.payload));
            continue;
        }
        Target& target = targets_[core];
        target.events += count;
        ++target.packets;
        add_words({row, count}, target.due + (place & kOffsetMask),
                  static_cast<int>(place >> kShiftShift) + kLeastShift);
        row += count;
        if constexpr (kPackets) {
            // Field by field: a whole record would be put together elsewhere and copied, which
            // waits until its last small field has arrived there.
            const auto payload_bits = static_cast<std::uint8_t>(sent >> kPayloadShift);
            packet->source_core = spike.core;
            packet->spike = spike.number;
            packet->target_core = CoreSlot{core};
            packet->synapses = count;
            packet->dense = 0;
            packet->words = sent & kMostRowWords;
            packet->payload_bits = payload_bits;
            packet->value_bits =
                payload_bits != 0 ? bits_of(spike.emitted.payload) : std::uint8_t{0};
        }
    }
}

}  // namespace seamount::emu
