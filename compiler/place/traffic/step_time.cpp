#include "compiler/place/traffic/step_time.hpp"

#include <algorithm>
#include <vector>

#include "compiler/place/traffic/core_clock.hpp"
#include "isa/microcode/program.hpp"

namespace seamount::compiler {
namespace {

using isa::Event;

Picoseconds slowest_core(const Lowered& lowered, const Mapping& mapping, const isa::ChipSpec& chip,
                         const Traffic& traffic) {
    IdVector<ShardId, std::uint64_t> updates(mapping.shards);
    IdVector<ShardId, std::uint64_t> cycles(mapping.shards);
    for (const LoweredPopulation& population : lowered.populations) {
        const auto longest = static_cast<std::uint64_t>(
            isa::worst_case_cycles(lowered.programs[population.program]->words));
        for (std::uint32_t i = 0; i < population.size; ++i) {
            const ShardId shard = mapping.shard_of[population.first_neuron + i];
            ++updates[shard];
            cycles[shard] += longest;
        }
    }
    const std::uint64_t fetch_words = std::max(chip.core_timing.fetch_words, 1U);
    std::uint64_t slowest = 0;
    for (const ShardId shard : mapping.shard_ids()) {
        const CoreWork& work = traffic.work[shard];
        const CoreLoad<std::uint64_t> load{.updates = updates[shard],
                                           .cycles = cycles[shard],
                                           .spikes = updates[shard],
                                           .packets_out = work.packets_out,
                                           .packets_in = work.packets_in,
                                           .fetches = work.words / fetch_words,
                                           .synapses = work.synapses,
                                           .dense = work.dense};
        slowest = std::max(slowest, core_time(load, chip));
    }
    return Picoseconds{slowest};
}

Picoseconds slowest_link(const isa::ChipSpec& chip, const Traffic& traffic) {
    // Two meshes share the packets unless one of them is for graded spikes.
    const std::uint64_t meshes =
        chip.mesh.policy == isa::MeshPolicy::kType ? 1 : std::max(chip.mesh.meshes, 1U);
    const std::uint64_t flits = chip.mesh.flits(0);
    return Picoseconds{std::max(traffic.max_link * chip.link_occupancy.count(),
                                traffic.max_off_chip_link * chip.mesh.offchip_occupancy.count()) *
                       flits / meshes};
}

}  // namespace

std::vector<TileId> tiles_in_use(const Lowered& lowered, const Mapping& mapping,
                                 const isa::ChipSpec& chip) {
    std::vector<TileId> tiles;
    for (const CoreId core : mapping.core_of) tiles.push_back(chip.tile_of(core));
    if (!lowered.network.inputs.empty()) tiles.push_back(chip.host_tile());
    std::sort(tiles.begin(), tiles.end());
    tiles.erase(std::unique(tiles.begin(), tiles.end()), tiles.end());
    return tiles;
}

Picoseconds barrier_time(const Lowered& lowered, const Mapping& mapping,
                         const isa::ChipSpec& chip) {
    const std::vector<TileId> tiles = tiles_in_use(lowered, mapping, chip);
    if (tiles.empty()) return {};
    std::uint32_t west = chip.width;
    std::uint32_t east = 0;
    for (const TileId tile : tiles) {
        west = std::min(west, chip.column_of(tile));
        east = std::max(east, chip.column_of(tile));
    }
    const std::uint32_t rows = chip.row_of(tiles.back()) - chip.row_of(tiles.front());
    return chip.barrier.time(east - west + rows, static_cast<std::uint32_t>(tiles.size())) +
           chip.price(Event::kHostStep).time;
}

StepTime expected_step_time(const Lowered& lowered, const Mapping& mapping,
                            const isa::ChipSpec& chip, const Traffic& traffic) {
    return {slowest_core(lowered, mapping, chip, traffic), slowest_link(chip, traffic),
            barrier_time(lowered, mapping, chip)};
}

}  // namespace seamount::compiler
