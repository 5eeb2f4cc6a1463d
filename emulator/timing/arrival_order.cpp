#include "emulator/timing/arrival_order.hpp"

#include <algorithm>
#include <bit>

#include "isa/base/assert.hpp"

namespace seamount::emu {

namespace {

bool before(const Arrival& a, const Arrival& b) noexcept {
    return a.at_ps != b.at_ps ? a.at_ps < b.at_ps : a.packet < b.packet;
}

/// Arrivals among which each looks at all before it.
constexpr std::size_t kFew = 16;

void insertion_sort(std::span<Arrival> arrivals) noexcept {
    for (std::size_t i = 1; i < arrivals.size(); ++i) {
        if (!before(arrivals[i], arrivals[i - 1])) continue;
        const Arrival moved = arrivals[i];
        std::size_t at = i;
        for (; at != 0 && before(moved, arrivals[at - 1]); --at) arrivals[at] = arrivals[at - 1];
        arrivals[at] = moved;
    }
}

}  // namespace

void ArrivalOrder::sort(std::span<const SpikePacket> packets, std::span<const Ticks> arrivals) {
    SM_ASSERT(packets.size() == arrivals.size(), "one arrival per packet");
    std::fill(first_.begin(), first_.end(), 0);
    for (const SpikePacket& packet : packets) ++first_[packet.target_core.index() + 1];
    for (std::size_t core = 0; core < next_.size(); ++core) {
        next_[core] = first_[core];
        first_[core + 1] += first_[core];
    }
    unordered_.resize(packets.size());
    arrivals_.resize(packets.size());
    for (std::size_t i = 0; i < packets.size(); ++i) {
        unordered_[next_[packets[i].target_core.index()]++] = {to_picoseconds(arrivals[i]).count(),
                                                               static_cast<std::uint32_t>(i),
                                                               packets[i].synapses};
    }
    for (std::size_t core = 0; core < next_.size(); ++core) {
        sort_core(first_[core], first_[core + 1] - first_[core]);
    }
}

/// Distributes over equal spans of time, one or two arrivals each, then sorts within these.
void ArrivalOrder::sort_core(std::size_t start, std::size_t count) {
    const std::span<const Arrival> from{unordered_.data() + start, count};
    const std::span<Arrival> into{arrivals_.data() + start, count};
    if (count <= kFew) {
        std::copy(from.begin(), from.end(), into.begin());
        return insertion_sort(into);
    }
    std::uint64_t earliest = from.front().at_ps;
    std::uint64_t latest = earliest;
    for (const Arrival& arrival : from) {
        earliest = std::min(earliest, arrival.at_ps);
        latest = std::max(latest, arrival.at_ps);
    }
    const auto shift = static_cast<int>(std::bit_width((latest - earliest) / count));
    const auto bucket = [=](const Arrival& arrival) {
        return static_cast<std::size_t>((arrival.at_ps - earliest) >> shift);
    };
    const std::size_t buckets = ((latest - earliest) >> shift) + 1;
    place_.assign(buckets + 1, 0);
    for (const Arrival& arrival : from) ++place_[bucket(arrival) + 1];
    std::uint32_t most = 0;
    for (std::size_t i = 0; i < buckets; ++i) {
        most = std::max(most, place_[i + 1]);
        place_[i + 1] += place_[i];
    }
    for (const Arrival& arrival : from) into[place_[bucket(arrival)]++] = arrival;
    if (most <= kFew) return insertion_sort(into);  // nobody has far to go

    // place_[b] is now the end of bucket b.
    std::size_t first = 0;
    for (std::size_t b = 0; b < buckets; ++b) {
        std::sort(into.begin() + static_cast<std::ptrdiff_t>(first),
                  into.begin() + static_cast<std::ptrdiff_t>(place_[b]), before);
        first = place_[b];
    }
}

}  // namespace seamount::emu
