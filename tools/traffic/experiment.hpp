#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emulator/mesh/grid/mesh_model.hpp"
#include "tools/traffic/measure.hpp"
#include "tools/traffic/traffic.hpp"

namespace seamount::traffic {

/// What `seamount mesh` does: traffic of a pattern at some rates, or a trace, on one mesh.
struct Experiment {
    std::uint32_t width = 8;
    std::uint32_t height = 8;
    Pattern pattern = Pattern::kUniform;
    bool exclude_self = false;
    std::optional<std::uint32_t> hotspot;
    std::vector<double> rates;
    std::uint32_t flits = 1;     ///< per packet
    std::uint32_t buffer = 8;    ///< flits per input
    std::uint32_t channels = 1;  ///< virtual ones
    std::uint32_t meshes = 1;
    isa::MeshRouting routing = isa::MeshRouting::kXy;
    isa::MeshPolicy policy = isa::MeshPolicy::kAlternate;
    emu::Pipeline pipeline = emu::Pipeline::kA;
    emu::MeshFidelity fidelity = emu::MeshFidelity::kFlit;
    std::uint64_t cycles = 20'000;
    std::optional<std::uint64_t> warmup;  ///< cycles before; none: a quarter of `cycles`
    std::uint64_t seed = 1;
    std::string trace;  ///< file that is replayed instead of the rates
};

/// One rate of a sweep, or a trace.
struct Point {
    double rate = 0.0;
    std::uint64_t cycles = 0;  ///< measured
    Measured measured;
    double wall_s = 0.0;
};

/// Adds what does not go together to `problems` (CLI-MESH).
void check(const Experiment& experiment, Diagnostics& problems);

/// Runs one point for each rate, or one for the trace. Throws InputError for the trace's file.
[[nodiscard]] std::vector<Point> run(const Experiment& experiment);

}  // namespace seamount::traffic
