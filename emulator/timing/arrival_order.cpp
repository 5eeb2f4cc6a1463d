#include "emulator/timing/arrival_order.hpp"

#include <algorithm>
#include <bit>

#include "isa/base/assert.hpp"

namespace seamount::emu {

namespace {

bool before(const Arrival& a, const Arrival& b) noexcept {
    return a.at_ps != b.at_ps ? a.at_ps < b.at_ps : a.packet < b.packet;
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
    arrivals_.resize(packets.size());
    for (std::size_t i = 0; i < packets.size(); ++i) {
        arrivals_[next_[packets[i].target_core.index()]++] = {to_picoseconds(arrivals[i]).count(),
                                                              static_cast<std::uint32_t>(i),
                                                              packets[i].synapses};
    }
    for (std::size_t core = 0; core < next_.size(); ++core) {
        sort_core(std::span{arrivals_}.subspan(first_[core], first_[core + 1] - first_[core]));
    }
}

/// Distributes over equal spans of time, about two arrivals each, then sorts within these.
void ArrivalOrder::sort_core(std::span<Arrival> arrivals) {
    constexpr std::size_t kSmall = 16;
    if (arrivals.size() <= kSmall) return std::sort(arrivals.begin(), arrivals.end(), before);

    std::uint64_t earliest = arrivals.front().at_ps;
    std::uint64_t latest = earliest;
    for (const Arrival& arrival : arrivals) {
        earliest = std::min(earliest, arrival.at_ps);
        latest = std::max(latest, arrival.at_ps);
    }
    const auto shift =
        static_cast<int>(std::bit_width((latest - earliest) / (arrivals.size() / 2)));
    const auto bucket = [&](const Arrival& arrival) {
        return static_cast<std::size_t>((arrival.at_ps - earliest) >> shift);
    };
    const std::size_t buckets = ((latest - earliest) >> shift) + 1;
    place_.assign(buckets + 1, 0);
    for (const Arrival& arrival : arrivals) ++place_[bucket(arrival) + 1];
    for (std::size_t i = 0; i < buckets; ++i) place_[i + 1] += place_[i];
    scratch_.resize(std::max(scratch_.size(), arrivals.size()));
    for (const Arrival& arrival : arrivals) scratch_[place_[bucket(arrival)]++] = arrival;

    // place_[b] is now the end of bucket b.
    std::size_t first = 0;
    for (std::size_t b = 0; b < buckets; ++b) {
        const auto begin = scratch_.begin() + static_cast<std::ptrdiff_t>(first);
        const auto end = scratch_.begin() + static_cast<std::ptrdiff_t>(place_[b]);
        if (end - begin > 1) std::sort(begin, end, before);
        first = place_[b];
    }
    std::copy_n(scratch_.begin(), arrivals.size(), arrivals.begin());
}

}  // namespace seamount::emu
