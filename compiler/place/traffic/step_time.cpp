#include "compiler/place/traffic/step_time.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "isa/microcode/program.hpp"

namespace seamount::compiler {
namespace {

using isa::Event;
using isa::Stage;
using StageTimes = std::array<std::uint64_t, isa::kStages>;  // picoseconds

class CoreClock {
public:
    explicit CoreClock(const isa::ChipSpec& chip) : chip_{chip} {}

    /// `updates` and `cycles` are those of the compartments.
    [[nodiscard]] std::uint64_t time(const CoreWork& work, std::uint64_t updates,
                                     std::uint64_t cycles) const {
        StageTimes stages{};
        const auto stage = [&stages](Stage s) -> std::uint64_t& {
            return stages[static_cast<std::size_t>(s)];
        };
        const std::uint64_t fetch_words = std::max(chip_.core_timing.fetch_words, 1U);
        stage(Stage::kUpdate) =
            updates * ps(Event::kUpdateActive) + cycles * ps(Event::kInstruction);
        stage(Stage::kSpikeOut) = updates * ps(Event::kSpikeOut);
        stage(Stage::kAxonOut) = work.packets_out * ps(Event::kAxonOut);
        stage(Stage::kAxonIn) = work.packets_in * ps(Event::kAxonIn);
        stage(Stage::kSynapseFetch) = work.words / fetch_words * ps(Event::kSynapseFetch);
        stage(Stage::kAccumulate) =
            work.synapses * ps(Event::kSynapse) + work.dense * ps(Event::kSynapseDense);
        return slowest_line(stages);
    }

private:
    [[nodiscard]] std::uint64_t ps(Event event) const { return chip_.price(event).time.count(); }

    /// Stages that do not overlap share a time line.
    [[nodiscard]] std::uint64_t slowest_line(const StageTimes& stages) const {
        std::uint64_t slowest = 0;
        std::uint64_t line = 0;
        for (std::size_t s = 0; s < isa::kStages; ++s) {
            line = (s != 0 && chip_.core_timing.overlaps[s] ? 0 : line) + stages[s];
            slowest = std::max(slowest, line);
        }
        return slowest;
    }

    const isa::ChipSpec& chip_;
};

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
    const CoreClock clock{chip};
    std::uint64_t slowest = 0;
    for (const ShardId shard : mapping.shard_ids()) {
        slowest = std::max(slowest, clock.time(traffic.work[shard], updates[shard], cycles[shard]));
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

Picoseconds barrier_time(const Lowered& lowered, const Mapping& mapping,
                         const isa::ChipSpec& chip) {
    std::vector<TileId> tiles;
    for (const CoreId core : mapping.core_of) tiles.push_back(chip.tile_of(core));
    if (!lowered.network.inputs.empty()) tiles.push_back(chip.host_tile());
    if (tiles.empty()) return {};
    std::sort(tiles.begin(), tiles.end());
    tiles.erase(std::unique(tiles.begin(), tiles.end()), tiles.end());
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

}  // namespace

StepTime expected_step_time(const Lowered& lowered, const Mapping& mapping,
                            const isa::ChipSpec& chip, const Traffic& traffic) {
    return {slowest_core(lowered, mapping, chip, traffic), slowest_link(chip, traffic),
            barrier_time(lowered, mapping, chip)};
}

}  // namespace seamount::compiler
