// Speed of the mesh models on uniform traffic. Arguments: packets steps
// 1. Steps of a chip: 8x4 tiles, 128 cores that each emit in time order over 8 us, as a busy step
//    does. Prints the best wall time of a step.
// 2. Traffic without end as in `seamount mesh`: single flits at 40 % of saturation on pipeline A,
//    8x8 and 16x16 tiles. Prints cycles and flit-hops per CPU second, traffic included, best of 5.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <vector>

#include "emulator/mesh/make_mesh.hpp"
#include "tools/traffic/measure.hpp"

namespace {

using namespace seamount;

isa::ChipSpec davies_mesh() {
    isa::ChipSpec chip;
    const auto set = [&](isa::Event event, std::uint64_t ps) {
        chip.prices[static_cast<std::size_t>(event)].time = Picoseconds{ps};
    };
    set(isa::Event::kTileSpike, 2100);
    set(isa::Event::kHopEastWest, 4100);
    set(isa::Event::kHopNorthSouth, 6500);
    chip.link_occupancy = Picoseconds{1160};
    return chip;
}

std::vector<emu::MeshPacket> traffic(const isa::ChipSpec& chip, std::size_t count) {
    std::mt19937_64 random{1};
    std::vector<emu::MeshPacket> packets(count);
    const std::uint64_t cores = chip.cores();
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t core = i * cores / count;
        const std::uint64_t rank = i - (core * count + cores - 1) / cores;
        const std::uint64_t spacing = 8'000'000 * cores / count;
        packets[i].inject = emu::Ticks{rank * spacing + random() % spacing};
        packets[i].source_tile = chip.tile_of(CoreId{static_cast<std::uint32_t>(core)});
        packets[i].source = static_cast<std::uint32_t>(core);
        const auto target = static_cast<std::uint32_t>(random() % (chip.width * chip.height));
        packets[i].target_tile = TileId{target};
    }
    return packets;
}

void measure(const char* name, emu::MeshFidelity fidelity, std::size_t count, int steps) {
    const isa::ChipSpec chip = davies_mesh();
    const auto packets = traffic(chip, count);
    std::vector<emu::Ticks> arrival(count);
    const auto mesh = emu::make_mesh(fidelity, chip);
    mesh->carry(packets, arrival);  // warm up: buffers grow
    const auto hops = static_cast<double>(mesh->counters().hops());
    double best_ns = 1e18;  // the least disturbed step
    for (int i = 0; i < steps; ++i) {
        const auto start = std::chrono::steady_clock::now();
        mesh->carry(packets, arrival);
        const std::chrono::duration<double, std::nano> wall =
            std::chrono::steady_clock::now() - start;
        best_ns = std::min(best_ns, wall.count());
    }
    std::printf("%-6s %zu packets: %.3f ms/step, %.2f hops/packet, %.2f ns/hop\n", name, count,
                best_ns * 1e-6, hops / static_cast<double>(count), best_ns / hops);
}

/// Returns CPU nanoseconds per flit-hop.
double measure_traffic(const char* name, emu::MeshFidelity fidelity, std::uint32_t side,
                       double rate) {
    traffic::TrafficParams params;
    params.width = params.height = side;
    params.rate = rate;
    double best_s = 1e18;
    traffic::Measured measured;
    for (int i = 0; i < 5; ++i) {
        const auto mesh =
            emu::make_mesh(fidelity, emu::MeshParams::of(emu::Pipeline::kA, side, side));
        const std::clock_t start = std::clock();
        measured = traffic::measure(*mesh, params, {1000, 30'000});
        best_s = std::min(best_s, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    }
    const auto hops = static_cast<double>(measured.flit_hops);
    std::printf("%-6s %ux%u rate %.3f: %.0f k cycles/s, %.1f M flit-hops/s, %.1f ns/hop\n", name,
                side, side, rate, static_cast<double>(measured.simulated_cycles) / best_s * 1e-3,
                hops / best_s * 1e-6, best_s / hops * 1e9);
    return best_s / hops * 1e9;
}

void compare_sizes(const char* name, emu::MeshFidelity fidelity) {
    const double small = measure_traffic(name, fidelity, 8, 0.1519);
    const double large = measure_traffic(name, fidelity, 16, 0.076);
    std::printf("%-6s a hop on 16x16 costs %.2f times one on 8x8\n", name, large / small);
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 57'000;
    const int steps = argc > 2 ? std::atoi(argv[2]) : 100;
    measure("flit", seamount::emu::MeshFidelity::kFlit, count, steps / 10 + 1);
    measure("packet", seamount::emu::MeshFidelity::kPacket, count, steps);
    measure("ideal", seamount::emu::MeshFidelity::kIdeal, count, steps);
    compare_sizes("flit", seamount::emu::MeshFidelity::kFlit);
    compare_sizes("packet", seamount::emu::MeshFidelity::kPacket);
    compare_sizes("ideal", seamount::emu::MeshFidelity::kIdeal);
}
