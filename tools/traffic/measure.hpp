#pragma once

#include <cstdint>
#include <vector>

#include "emulator/mesh/grid/mesh_model.hpp"
#include "tools/traffic/traffic.hpp"

namespace seamount::traffic {

/// Latencies of packets, in cycles.
class Latencies {
public:
    void add(std::uint64_t cycles) {
        if (cycles >= counts_.size()) counts_.resize(cycles + cycles / 2 + 64);
        ++counts_[cycles];
        ++packets_;
        sum_ += cycles;
    }
    [[nodiscard]] std::uint64_t packets() const noexcept { return packets_; }
    [[nodiscard]] double mean() const noexcept;  ///< 0 without packets
    /// Least latency that at least this fraction of the packets do not exceed.
    [[nodiscard]] std::uint64_t quantile(double fraction) const noexcept;

private:
    std::vector<std::uint64_t> counts_;  ///< by cycles
    std::uint64_t packets_ = 0;
    std::uint64_t sum_ = 0;
};

struct MeasureParams {
    std::uint64_t warmup = 0;       ///< cycles before what is measured
    std::uint64_t cycles = 10'000;  ///< measured
};

/// What a mesh does under traffic; its ticks are cycles.
struct Measured {
    Latencies latencies;        ///< of packets made while measuring: from made to tail delivered
    double offered = 0.0;       ///< flits per node and cycle that were made
    double accepted = 0.0;      ///< that were delivered while measuring
    double mean_hops = 0.0;     ///< links per packet made
    std::uint64_t packets = 0;  ///< made while measuring
    bool drained = false;  ///< all of them were delivered before as many cycles again had passed
    std::vector<emu::LinkUse> links;  ///< while measuring; waiting times since the beginning
    std::uint64_t simulated_cycles = 0;
    std::uint64_t flit_hops = 0;  ///< in the whole time, the way out of the mesh not counted
};

/// Runs open-loop traffic through `mesh`: warm-up, measurement, then until all measured packets
/// have arrived, but not longer than the measurement. Traffic goes on all the time.
[[nodiscard]] Measured measure(emu::MeshModel& mesh, const TrafficParams& traffic,
                               const MeasureParams& params);

/// Share of the measured cycles in which the busiest link was busy.
[[nodiscard]] double max_utilisation(const std::vector<emu::LinkUse>& links, std::uint64_t cycles);

}  // namespace seamount::traffic
