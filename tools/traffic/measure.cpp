#include "tools/traffic/measure.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace seamount::traffic {

namespace {

/// Cycles that are generated and played at once: enough to make a pass over all links worth while.
constexpr std::uint64_t kWindow = 1024;

/// Numbers for the packets on their way, and when each was made.
class InFlight {
public:
    std::uint32_t add(std::uint64_t made) {
        if (free_.empty()) {
            made_.push_back(made);
            return static_cast<std::uint32_t>(made_.size() - 1);
        }
        const std::uint32_t id = free_.back();
        free_.pop_back();
        made_[id] = made;
        return id;
    }
    std::uint64_t take(std::uint32_t id) {
        free_.push_back(id);
        return made_[id];
    }

private:
    std::vector<std::uint64_t> made_;
    std::vector<std::uint32_t> free_;
};

class Experiment {
public:
    Experiment(emu::MeshModel& mesh, const TrafficParams& traffic, const MeasureParams& params)
        : mesh_{mesh},
          params_{traffic},
          traffic_{traffic},
          from_{params.warmup},
          until_{params.warmup + params.cycles} {}

    Measured run() {
        mesh_.begin();
        play_until(from_);
        const std::vector<emu::LinkUse> before = mesh_.links();
        const std::uint64_t hops_before = mesh_.counters().hops();
        const std::uint64_t packets_before = mesh_.counters().packets;
        play_until(until_);
        const std::uint64_t packets = mesh_.counters().packets - packets_before;
        if (packets != 0) {
            result_.mean_hops = static_cast<double>(mesh_.counters().hops() - hops_before) /
                                static_cast<double>(packets * params_.flits);
        }
        result_.links = mesh_.links();
        subtract(before);
        while (outstanding() && now_ < until_ + (until_ - from_)) play_until(now_ + kWindow);
        result_.drained = !outstanding();
        result_.simulated_cycles = now_;
        result_.flit_hops = mesh_.counters().hops();
        const double node_cycles =
            static_cast<double>(until_ - from_) * params_.width * params_.height;
        result_.offered = static_cast<double>(result_.packets * params_.flits) / node_cycles;
        result_.accepted = static_cast<double>(accepted_ * params_.flits) / node_cycles;
        return std::move(result_);
    }

private:
    [[nodiscard]] bool outstanding() const { return result_.latencies.packets() < result_.packets; }

    void play_until(std::uint64_t end) {
        while (now_ < end) {
            const std::uint64_t next = std::min(now_ + kWindow, end);
            traffic_.generate(next, [&](const emu::MeshPacket& packet) {
                const std::uint64_t made = packet.inject.count();
                if (made >= from_ && made < until_) ++result_.packets;
                mesh_.offer(packet, in_flight_.add(made));
            });
            delivered_.clear();
            mesh_.advance(emu::Ticks{next}, delivered_);
            for (const emu::MeshDelivery& delivery : delivered_) {
                const std::uint64_t made = in_flight_.take(delivery.packet);
                const std::uint64_t at = delivery.at.count();
                if (at >= from_ && at < until_) ++accepted_;
                if (made >= from_ && made < until_) result_.latencies.add(at - made);
            }
            now_ = next;
        }
    }

    /// Leaves in the result what the links did since `before`.
    void subtract(const std::vector<emu::LinkUse>& before) {
        const auto key = [](const emu::LinkUse& use) {
            return std::make_tuple(use.mesh, use.tile, use.way);
        };
        std::map<decltype(key(before[0])), const emu::LinkUse*> earlier;
        for (const emu::LinkUse& use : before) earlier[key(use)] = &use;
        for (emu::LinkUse& use : result_.links) {
            const auto found = earlier.find(key(use));
            if (found == earlier.end()) continue;
            use.flits -= found->second->flits;
            use.busy = use.busy - found->second->busy;
            use.wait = use.wait - found->second->wait;
        }
    }

    emu::MeshModel& mesh_;
    TrafficParams params_;
    Traffic traffic_;
    std::uint64_t from_;
    std::uint64_t until_;
    std::uint64_t now_ = 0;
    InFlight in_flight_;
    std::uint64_t accepted_ = 0;  ///< packets
    std::vector<emu::MeshDelivery> delivered_;
    Measured result_;
};

}  // namespace

double Latencies::mean() const noexcept {
    return packets_ == 0 ? 0.0 : static_cast<double>(sum_) / static_cast<double>(packets_);
}

std::uint64_t Latencies::quantile(double fraction) const noexcept {
    const double needed = fraction * static_cast<double>(packets_);
    std::uint64_t seen = 0;
    std::uint64_t last = 0;
    for (std::uint64_t cycles = 0; cycles < counts_.size(); ++cycles) {
        if (counts_[cycles] == 0) continue;
        seen += counts_[cycles];
        last = cycles;
        if (static_cast<double>(seen) >= needed) break;
    }
    return last;
}

Measured measure(emu::MeshModel& mesh, const TrafficParams& traffic, const MeasureParams& params) {
    return Experiment{mesh, traffic, params}.run();
}

double max_utilisation(const std::vector<emu::LinkUse>& links, std::uint64_t cycles) {
    emu::Ticks most{};
    for (const emu::LinkUse& use : links) most = std::max(most, use.busy);
    return cycles == 0 ? 0.0 : static_cast<double>(most.count()) / static_cast<double>(cycles);
}

}  // namespace seamount::traffic
