#include "tools/traffic/replay.hpp"

#include <algorithm>
#include <queue>
#include <utility>

namespace seamount::traffic {

namespace {

class Replay {
public:
    Replay(emu::MeshModel& mesh, std::span<const TracedPacket> trace)
        : mesh_{mesh},
          trace_{trace},
          made_(trace.size()),
          first_waiting_(trace.size(), kNone),
          next_waiting_(trace.size(), kNone) {}

    Measured run(std::uint32_t tiles, std::uint64_t window) {
        mesh_.begin();
        bool chained = false;
        for (std::uint32_t i = 0; i < trace_.size(); ++i) {
            const std::uint32_t after = trace_[i].after;
            if (after == TracedPacket::kNone) {
                ready_.emplace(trace_[i].cycle, i);
                continue;
            }
            chained = true;
            next_waiting_[i] = std::exchange(first_waiting_[after], i);
        }
        // Without dependencies nothing that is delivered makes new packets.
        constexpr std::uint64_t kLongWindow = 512;
        if (!chained) window = kLongWindow;
        std::uint64_t now = 0;
        while (result_.latencies.packets() < trace_.size()) {
            if (offered_ == result_.latencies.packets()) now = std::max(now, ready_.top().first);
            now += window;
            play(now);
        }
        return finish(tiles);
    }

private:
    static constexpr std::uint32_t kNone = TracedPacket::kNone;
    using Ready = std::pair<std::uint64_t, std::uint32_t>;

    void play(std::uint64_t until) {
        while (!ready_.empty() && ready_.top().first < until) {
            const auto [cycle, index] = ready_.top();
            ready_.pop();
            const TracedPacket& packet = trace_[index];
            emu::MeshPacket made;
            made.inject = emu::Ticks{cycle};
            made.source_tile = packet.source;
            made.target_tile = packet.target;
            made.flits = packet.flits;
            made_[index] = cycle;
            flits_ += packet.flits;
            ++offered_;
            mesh_.offer(made, index);
        }
        delivered_.clear();
        mesh_.advance(emu::Ticks{until}, delivered_);
        for (const emu::MeshDelivery& delivery : delivered_) {
            const std::uint64_t at = delivery.at.count();
            result_.latencies.add(at - made_[delivery.packet]);
            last_ = std::max(last_, at);
            for (std::uint32_t i = first_waiting_[delivery.packet]; i != kNone;
                 i = next_waiting_[i]) {
                ready_.emplace(std::max(at, trace_[i].cycle), i);
            }
        }
    }

    Measured finish(std::uint32_t tiles) {
        result_.links = mesh_.links();
        result_.packets = trace_.size();
        result_.drained = true;
        result_.simulated_cycles = last_;
        result_.flit_hops = mesh_.counters().hops();
        if (flits_ != 0) {
            result_.mean_hops =
                static_cast<double>(result_.flit_hops) / static_cast<double>(flits_);
        }
        if (last_ != 0) {
            result_.accepted = static_cast<double>(flits_) / static_cast<double>(last_) / tiles;
            result_.offered = result_.accepted;
        }
        return std::move(result_);
    }

    emu::MeshModel& mesh_;
    std::span<const TracedPacket> trace_;
    std::vector<std::uint64_t> made_;           ///< by packet
    std::vector<std::uint32_t> first_waiting_;  ///< by packet: a list of those that come after it
    std::vector<std::uint32_t> next_waiting_;
    std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready_;
    std::uint64_t offered_ = 0;
    std::uint64_t flits_ = 0;
    std::uint64_t last_ = 0;
    std::vector<emu::MeshDelivery> delivered_;
    Measured result_;
};

}  // namespace

Measured replay(emu::MeshModel& mesh, std::span<const TracedPacket> trace, std::uint32_t tiles,
                std::uint64_t window) {
    return Replay{mesh, trace}.run(tiles, window);
}

}  // namespace seamount::traffic
