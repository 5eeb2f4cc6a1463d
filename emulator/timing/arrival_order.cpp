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

/// Stretches of packets that a thread takes in turn. Neighbours often have the same target, whose
/// place the second would wait for: 4 to 5 cycles.
constexpr std::size_t kInTurn = 2;

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

/// Brings the arrivals of each core together, in order of packets. Stretches of these are counted
/// and distributed side by side.
void ArrivalOrder::distribute(std::span<const SpikePacket> packets, std::span<const Ticks> arrivals,
                              Parallel& threads) {
    const std::size_t stretches = kInTurn * threads.threads();
    const auto first_of = [&](std::size_t stretch) { return packets.size() * stretch / stretches; };
    next_.assign(stretches * cores_, 0);
    // Calls visit(places of its stretch, i) for the packets of a thread.
    const auto for_packets = [&](std::size_t thread, auto visit) {
        static_assert(kInTurn == 2);
        const std::size_t one = kInTurn * thread;
        std::size_t* const places = next_.data() + one * cores_;
        std::size_t i = first_of(one);
        std::size_t j = first_of(one + 1);
        const std::size_t end_i = j;
        const std::size_t end_j = first_of(one + 2);
        for (; i < end_i && j < end_j; ++i, ++j) {
            visit(places, i);
            visit(places + cores_, j);
        }
        for (; i < end_i; ++i) visit(places, i);
        for (; j < end_j; ++j) visit(places + cores_, j);
    };
    threads.for_each(threads.threads(), [&](std::size_t thread, std::size_t) {
        for_packets(thread, [&](std::size_t* count, std::size_t i) {
            ++count[packets[i].target_core.index()];
        });
    });
    std::size_t next = 0;
    for (std::size_t core = 0; core < cores_; ++core) {
        first_[core] = next;
        for (std::size_t stretch = 0; stretch < stretches; ++stretch) {
            next += std::exchange(next_[stretch * cores_ + core], next);
        }
    }
    first_[cores_] = next;
    threads.for_each(threads.threads(), [&](std::size_t thread, std::size_t) {
        for_packets(thread, [&](std::size_t* place, std::size_t i) {
            unordered_[place[packets[i].target_core.index()]++] = {
                to_picoseconds(arrivals[i]).count(), static_cast<std::uint32_t>(i),
                packets[i].synapses};
        });
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
