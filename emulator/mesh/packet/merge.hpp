#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "emulator/mesh/packet/packet_head.hpp"

namespace seamount::emu {

/// The heads of two sorted streams in order of both together, at `out`, where there is room for
/// them; no head is in both. Which stream is next is as good as random in a mesh, so the choice is
/// made without a branch; each one waits for the one before, so two chains of them run side by
/// side, from both ends.
[[gnu::noinline]] inline void merge_streams(std::span<const PacketHead> a,
                                            std::span<const PacketHead> b, PacketHead* out) {
    const PacketHead* at_a = a.data();
    const PacketHead* at_b = b.data();
    const PacketHead* end_a = at_a + a.size();
    const PacketHead* end_b = at_b + b.size();
    PacketHead* last = out + a.size() + b.size();
    for (;;) {
        // So many turns of both ends leave no stream empty before the last one.
        std::ptrdiff_t turns = std::min(end_a - at_a, end_b - at_b) / 2;
        if (turns == 0) break;
        for (; turns != 0; --turns) {
            const std::size_t take_b = at_b->before(*at_a) ? 1 : 0;
            const PacketHead* const choice[2] = {at_a, at_b};
            *out++ = *choice[take_b];
            at_a += 1 - take_b;
            at_b += take_b;

            const std::size_t take_a = end_b[-1].before(end_a[-1]) ? 1 : 0;
            const PacketHead* const latest[2] = {end_b - 1, end_a - 1};
            *--last = *latest[take_a];
            end_a -= take_a;
            end_b -= 1 - take_a;
        }
    }
    while (at_a != end_a && at_b != end_b) *out++ = at_b->before(*at_a) ? *at_b++ : *at_a++;
    out = std::copy(at_a, end_a, out);
    std::copy(at_b, end_b, out);
}

/// How many heads of a sorted stream lie before `until`; what lies after is little.
[[nodiscard]] inline std::size_t count_before(const HeadStream& stream, Ticks until) {
    std::size_t count = stream.size();
    while (count != 0 && stream[count - 1].time >= until) --count;
    return count;
}

inline void drop_front(HeadStream& stream, std::size_t count) {
    stream.erase(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(count));
}

/// Brings streams of heads into the order in which a link serves them. Every stream keeps its own
/// memory: a buffer that went from stream to stream would grow each of them to the largest.
class StreamSorter {
public:
    /// Natural merge sort: the packets of one core are in time order already, so a tile injects as
    /// many sorted runs as it has cores.
    void sort(HeadStream& stream) {
        runs_.assign(1, 0);
        for (std::size_t i = 1; i < stream.size(); ++i) {
            if (stream[i].before(stream[i - 1])) runs_.push_back(i);
        }
        runs_.push_back(stream.size());
        bool away = false;  // from its own buffer
        for (; runs_.size() > 2; away = !away) merge_pairs(stream);
        if (away) take_back(stream);
    }

    /// Merges `from`, which is sorted, into `into`, which is too, and empties it.
    void join(HeadStream& from, HeadStream& into) {
        if (from.empty()) return;
        scratch_.resize(from.size() + into.size());
        merge_streams(from, into, scratch_.data());
        into.resize(scratch_.size());
        std::copy(scratch_.begin(), scratch_.end(), into.begin());
        from.clear();
    }

private:
    /// `stream` is in scratch_'s buffer, scratch_ in that of `stream`.
    void take_back(HeadStream& stream) {
        std::copy(stream.begin(), stream.end(), scratch_.begin());
        stream.swap(scratch_);
    }

    void merge_pairs(HeadStream& stream) {
        const std::size_t last = runs_.size() - 1;
        const auto run = [&](std::size_t i) {
            const std::size_t first = runs_[std::min(i, last)];
            return std::span<const PacketHead>{stream}.subspan(
                first, runs_[std::min(i + 1, last)] - first);
        };
        scratch_.resize(stream.size());
        std::size_t kept = 0;
        for (std::size_t i = 0; i < last; i += 2) {
            merge_streams(run(i), run(i + 1), scratch_.data() + runs_[i]);
            runs_[kept++] = runs_[i];
        }
        runs_[kept++] = stream.size();
        runs_.resize(kept);
        stream.swap(scratch_);
    }

    HeadStream scratch_;
    std::vector<std::size_t> runs_;  ///< where sorted runs begin, and the end
};

}  // namespace seamount::emu
