#include "emulator/timing/arrival_order.hpp"

#include <algorithm>
#include <bit>
#include <utility>

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

void ArrivalOrder::sort(std::span<const SpikePacket> packets, std::span<const Ticks> arrivals,
                        Parallel& threads) {
    SM_ASSERT(packets.size() == arrivals.size(), "one arrival per packet");
    unordered_.resize(packets.size());
    arrivals_.resize(packets.size());
    places_.resize(threads.threads());
    distribute(packets, arrivals, threads);
    threads.for_each(cores_, [&](std::size_t core, std::size_t thread) {
        sort_core(first_[core], first_[core + 1] - first_[core], places_[thread]);
    });
}

/// Brings the arrivals of each core together, in order of packets: stretches of these are counted
/// and distributed side by side.
void ArrivalOrder::distribute(std::span<const SpikePacket> packets, std::span<const Ticks> arrivals,
                              Parallel& threads) {
    const std::size_t stretches = threads.threads();
    const auto first_of = [&](std::size_t stretch) { return packets.size() * stretch / stretches; };
    next_.assign(stretches * cores_, 0);
    threads.for_each(stretches, [&](std::size_t stretch, std::size_t) {
        std::size_t* const count = next_.data() + stretch * cores_;
        for (std::size_t i = first_of(stretch); i < first_of(stretch + 1); ++i) {
            ++count[packets[i].target_core.index()];
        }
    });
    std::size_t next = 0;
    for (std::size_t core = 0; core < cores_; ++core) {
        first_[core] = next;
        for (std::size_t stretch = 0; stretch < stretches; ++stretch) {
            next += std::exchange(next_[stretch * cores_ + core], next);
        }
    }
    first_[cores_] = next;
    threads.for_each(stretches, [&](std::size_t stretch, std::size_t) {
        std::size_t* const place = next_.data() + stretch * cores_;
        for (std::size_t i = first_of(stretch); i < first_of(stretch + 1); ++i) {
            unordered_[place[packets[i].target_core.index()]++] = {
                to_picoseconds(arrivals[i]).count(), static_cast<std::uint32_t>(i),
                packets[i].synapses};
        }
    });
}

/// Distributes over equal spans of time, one or two arrivals each, then sorts within these.
void ArrivalOrder::sort_core(std::size_t start, std::size_t count,
                             std::vector<std::uint32_t>& place) {
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
    place.assign(buckets + 1, 0);
    for (const Arrival& arrival : from) ++place[bucket(arrival) + 1];
    std::uint32_t most = 0;
    for (std::size_t i = 0; i < buckets; ++i) {
        most = std::max(most, place[i + 1]);
        place[i + 1] += place[i];
    }
    for (const Arrival& arrival : from) into[place[bucket(arrival)]++] = arrival;
    if (most <= kFew) return insertion_sort(into);  // nobody has far to go

    // place[b] is now the end of bucket b.
    std::size_t first = 0;
    for (std::size_t b = 0; b < buckets; ++b) {
        std::sort(into.begin() + static_cast<std::ptrdiff_t>(first),
                  into.begin() + static_cast<std::ptrdiff_t>(place[b]), before);
        first = place[b];
    }
}

}  // namespace seamount::emu
