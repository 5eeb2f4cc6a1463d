#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "emulator/mesh/packet/packet_head.hpp"

namespace seamount::emu {

/// Calls `use(head)` for the heads of two sorted streams in order of both together; returns `use`.
/// Which stream is next is as good as random in a mesh, so the choice is made without a branch. By
/// value and not inlined: what `use` adds up stays in registers.
template <class Use>
[[gnu::noinline]] Use merge_streams(std::span<const PacketHead> a, std::span<const PacketHead> b,
                                    Use use) {
    const PacketHead* at_a = a.data();
    const PacketHead* at_b = b.data();
    const PacketHead* const end_a = at_a + a.size();
    const PacketHead* const end_b = at_b + b.size();
    while (at_a != end_a && at_b != end_b) {
        const std::size_t take_b = at_b->before(*at_a) ? 1 : 0;
        const PacketHead* const choice[2] = {at_a, at_b};
        const PacketHead* const first = choice[take_b];
        at_a += 1 - take_b;
        at_b += take_b;
        use(*first);
    }
    for (; at_a != end_a; ++at_a) use(*at_a);
    for (; at_b != end_b; ++at_b) use(*at_b);
    return use;
}

/// How many heads of a sorted stream lie before `until`; what lies after is little.
[[nodiscard]] inline std::size_t count_before(const std::vector<PacketHead>& stream, Ticks until) {
    std::size_t count = stream.size();
    while (count != 0 && stream[count - 1].time >= until) --count;
    return count;
}

inline void drop_front(std::vector<PacketHead>& stream, std::size_t count) {
    stream.erase(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(count));
}

/// Brings streams of heads into the order in which a link serves them.
class StreamSorter {
public:
    /// Natural merge sort: the packets of one core are in time order already, so a tile injects as
    /// many sorted runs as it has cores.
    void sort(std::vector<PacketHead>& stream) {
        runs_.assign(1, 0);
        for (std::size_t i = 1; i < stream.size(); ++i) {
            if (stream[i].before(stream[i - 1])) runs_.push_back(i);
        }
        runs_.push_back(stream.size());
        while (runs_.size() > 2) merge_pairs(stream);
    }

    /// Merges `from`, which is sorted, into `into`, which is too, and empties it.
    void join(std::vector<PacketHead>& from, std::vector<PacketHead>& into) {
        if (from.empty()) return;
        if (into.empty()) return into.swap(from);
        scratch_.resize(from.size() + into.size());
        PacketHead* out = scratch_.data();
        merge_streams(from, into, [&](const PacketHead& head) { *out++ = head; });
        into.swap(scratch_);
        from.clear();
    }

private:
    void merge_pairs(std::vector<PacketHead>& stream) {
        const std::size_t last = runs_.size() - 1;
        const auto run = [&](std::size_t i) {
            const std::size_t first = runs_[std::min(i, last)];
            return std::span<const PacketHead>{stream}.subspan(
                first, runs_[std::min(i + 1, last)] - first);
        };
        scratch_.resize(stream.size());
        PacketHead* out = scratch_.data();
        std::size_t kept = 0;
        for (std::size_t i = 0; i < last; i += 2) {
            merge_streams(run(i), run(i + 1), [&](const PacketHead& head) { *out++ = head; });
            runs_[kept++] = runs_[i];
        }
        runs_[kept++] = stream.size();
        runs_.resize(kept);
        stream.swap(scratch_);
    }

    std::vector<PacketHead> scratch_;
    std::vector<std::size_t> runs_;  ///< where sorted runs begin, and the end
};

}  // namespace seamount::emu
