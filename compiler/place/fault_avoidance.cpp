#include "compiler/place/fault_avoidance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "compiler/ir/fanout.hpp"
#include "compiler/place/search/shard_regions.hpp"
#include "isa/base/text.hpp"
#include "isa/chip/routes.hpp"

namespace seamount::compiler {
namespace {

class Mover {
public:
    Mover(const Lowered& lowered, const IdVector<ShardId, CoreFill>& fills,
          const isa::ChipSpec& chip, bool keeps_pins, Mapping& mapping)
        : lowered_{lowered},
          fills_{fills},
          chip_{chip},
          mapping_{mapping},
          routes_{chip},
          regions_{lowered, mapping},
          taken_(chip.cores()),
          pinned_(mapping.shards) {
        for (const CoreId core : mapping.core_of) taken_[core] = true;
        for (const LoweredPopulation& population : lowered.populations) {
            if (!keeps_pins || !population.pinned.given()) continue;
            for (std::uint32_t i = 0; i < population.size; ++i) {
                const ShardId shard = mapping.shard_of[population.first_neuron + i];
                pinned_[shard] =
                    pinned_[shard] || mapping.core_of[shard] == population.pinned.at(i);
            }
        }
    }

    void run(Diagnostics& diagnostics) {
        std::vector<ShardId> misplaced;
        for (const ShardId shard : mapping_.shard_ids()) {
            if (can_hold(mapping_.core_of[shard], shard)) continue;
            if (pinned_[shard]) {
                report_pin(shard, diagnostics);
            } else {
                misplaced.push_back(shard);
            }
        }
        std::stable_sort(misplaced.begin(), misplaced.end(), [this](ShardId a, ShardId b) {
            return fills_[a].synapse_bits > fills_[b].synapse_bits;
        });
        for (const ShardId shard : misplaced) {
            if (move(shard) || exchange(shard)) continue;
            report_full(shard, diagnostics);
            return;
        }
    }

private:
    [[nodiscard]] bool can_hold(CoreId core, ShardId shard) const {
        if (!chip_.core_works(core) || !regions_.allows(shard, core)) return false;
        return chip_.limits.synapse_bits == 0 ||
               fills_[shard].synapse_bits <= chip_.limits_of(core).synapse_bits;
    }
    [[nodiscard]] std::uint32_t distance(CoreId a, CoreId b) const {
        const TileId from = chip_.tile_of(a);
        const TileId to = chip_.tile_of(b);
        return routes_.connected(from, to) ? routes_.hops(from, to) : 0xFFFFFFFFU;
    }

    /// Moves the shard to the nearest free core that can hold it.
    bool move(ShardId shard) {
        const CoreId old = mapping_.core_of[shard];
        std::optional<CoreId> best;
        for (const CoreId core : chip_.core_ids()) {
            if (taken_[core] || !can_hold(core, shard)) continue;
            if (!best || distance(old, core) < distance(old, *best)) best = core;
        }
        if (!best) return false;
        taken_[old] = false;
        taken_[*best] = true;
        mapping_.core_of[shard] = *best;
        return true;
    }

    /// Exchanges places with a smaller shard.
    bool exchange(ShardId shard) {
        for (const ShardId other : mapping_.shard_ids()) {
            if (pinned_[other] || !can_hold(mapping_.core_of[other], shard) ||
                !can_hold(mapping_.core_of[shard], other)) {
                continue;
            }
            std::swap(mapping_.core_of[shard], mapping_.core_of[other]);
            return true;
        }
        return false;
    }

    [[nodiscard]] const LoweredPopulation& population_of(ShardId shard) const {
        const auto& shard_of = mapping_.shard_of;
        const NeuronId neuron{static_cast<std::uint32_t>(
            std::find(shard_of.begin(), shard_of.end(), shard) - shard_of.begin())};
        return *std::find_if(lowered_.populations.begin(), lowered_.populations.end(),
                             [&](const auto& p) { return neuron < p.first_neuron + p.size; });
    }

    void report_pin(ShardId shard, Diagnostics& diagnostics) const {
        const LoweredPopulation& population = population_of(shard);
        const CoreId core = mapping_.core_of[shard];
        diagnostics.error(
            "CMP-PIN", population.where,
            chip_.core_works(core)
                ? fmt::format("population '{}' is pinned to core {}, of whose synapse memory {} "
                              "bits work; it needs {}",
                              population.name, core, grouped(chip_.limits_of(core).synapse_bits),
                              grouped(fills_[shard].synapse_bits))
                : fmt::format("population '{}' is pinned to core {}, which is dead on chip '{}'",
                              population.name, core, chip_.name),
            "pin it to another core, or use 'mapping: auto' or --partitioner greedy");
    }

    void report_full(ShardId shard, Diagnostics& diagnostics) const {
        const LoweredPopulation& population = population_of(shard);
        if (regions_.region_of(shard) != nullptr) {
            diagnostics.error(
                "CMP-REGION", population.where,
                fmt::format("no core of the region of population '{}' is left for a part of it "
                            "that needs {} synapse bits",
                            population.name, grouped(fills_[shard].synapse_bits)),
                "make the region larger, or choose cores without dead synapse memory");
            return;
        }
        diagnostics.error(
            "CMP-CORES", population.where,
            fmt::format("no core is left for a part of population '{}' that needs {} synapse bits: "
                        "the network takes {} cores, chip '{}' has {} of which {} are dead and {} "
                        "have dead synapse memory",
                        population.name, grouped(fills_[shard].synapse_bits), mapping_.shards,
                        chip_.name, chip_.cores(), chip_.faults.dead_cores.size(),
                        chip_.faults.dead_synapse_words.size()),
            "use a larger chip, or fewer neurons or connections");
    }

    const Lowered& lowered_;
    const IdVector<ShardId, CoreFill>& fills_;
    const isa::ChipSpec& chip_;
    Mapping& mapping_;
    isa::Routes routes_;
    ShardRegions regions_;
    IdVector<CoreId, bool> taken_;
    IdVector<ShardId, bool> pinned_;
};

}  // namespace

void avoid_faults(const Lowered& lowered, const IdVector<ShardId, CoreFill>& fills,
                  const isa::ChipSpec& chip, bool keeps_pins, Mapping& mapping,
                  Diagnostics& diagnostics) {
    if (chip.faults.dead_cores.empty() && chip.faults.dead_synapse_words.empty()) return;
    Mover{lowered, fills, chip, keeps_pins, mapping}.run(diagnostics);
}

}  // namespace seamount::compiler
