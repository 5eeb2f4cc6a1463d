#include "compiler/fit/rate_estimate.hpp"

#include <algorithm>
#include <array>

#include "compiler/ir/fanout.hpp"
#include "compiler/place/traffic/core_clock.hpp"
#include "compiler/place/traffic/mesh_links.hpp"
#include "compiler/place/traffic/step_time.hpp"
#include "isa/chip/routes.hpp"
#include "isa/image/synapse_cost.hpp"
#include "isa/microcode/program.hpp"

namespace seamount::compiler {
namespace {

using isa::Event;

/// Counts what one step is expected to bring.
class RateCounter {
public:
    RateCounter(const Lowered& lowered, const Mapping& mapping, const isa::ChipSpec& chip,
                const SourceRates& rates)
        : lowered_{lowered},
          mapping_{mapping},
          chip_{chip},
          rates_{rates},
          links_{chip},
          link_packets_(links_.count()),
          loads_(mapping.shards) {}

    RateEstimate run() {
        count_updates();
        count_packets();
        result_.layer_j.assign(lowered_.populations.size(), 0.0);
        share_out();
        find_time();
        find_energy();
        return std::move(result_);
    }

private:
    double& events(Event event) { return events_[static_cast<std::size_t>(event)]; }
    [[nodiscard]] double joules(Event event) const {
        return chip_.price(event).energy.count() * 1e-12;
    }
    [[nodiscard]] double rate_of(SourceRef source) const {
        return source.is_input ? rates_.inputs[source.index] : rates_.populations[source.index];
    }
    [[nodiscard]] double cycles_of(const LoweredPopulation& population) const {
        return static_cast<double>(
            isa::worst_case_cycles(lowered_.programs[population.program]->words));
    }

    void count_updates() {
        for (std::uint32_t p = 0; p < lowered_.populations.size(); ++p) {
            const LoweredPopulation& population = lowered_.populations[p];
            const double cycles = cycles_of(population);
            const double rate = rates_.populations[p];
            for (std::uint32_t i = 0; i < population.size; ++i) {
                CoreLoad<double>& load = loads_[mapping_.shard_of[population.first_neuron + i]];
                load.updates += 1.0;
                load.cycles += cycles;
                load.spikes += rate;
            }
            result_.spikes += rate * population.size;
        }
    }

    void count_packets() {
        Fanout fanout{lowered_, mapping_.shard_of, mapping_.shards};
        const std::vector<SynapseKind>& kinds = fanout.kinds();
        const double fetch_words = std::max(chip_.core_timing.fetch_words, 1U);
        fanout.for_each_source([&](const Fanout::Source& source,
                                   std::span<const FanoutGroup> groups) {
            const double rate = rate_of(source.ref);
            if (rate == 0.0) return;
            for (std::size_t g = 0; g < groups.size(); ++g) {
                const FanoutGroup& group = groups[g];
                const SynapseKind& kind = kinds[group.kind];
                CoreLoad<double>& there = loads_[group.shard];
                (kind.dense != 0 ? there.dense : there.synapses) += rate * group.count;
                const std::uint64_t words = (isa::synapse_bits(kind.format, group.count) + 31) / 32;
                there.fetches += rate * static_cast<double>(words) / fetch_words;
                if (g != 0 && fanout.same_axon(group, groups[g - 1])) continue;
                send(source, group.shard, rate);
            }
        });
    }

    /// A packet of each spike.
    void send(const Fanout::Source& source, ShardId to, double rate) {
        const bool is_host = source.neuron == Fanout::kFromHost;
        TileId from = chip_.host_tile();
        if (is_host) {
            events(Event::kHostPacket) += rate;
        } else {
            const ShardId home = mapping_.shard_of[source.neuron];
            loads_[home].packets_out += rate;
            from = chip_.tile_of(mapping_.core_of[home]);
        }
        loads_[to].packets_in += rate;
        result_.packets += rate;
        links_.for_each(from, chip_.tile_of(mapping_.core_of[to]),
                        [&](std::size_t link) { link_packets_[link] += rate; });
    }

    /// What each population causes on its own cores.
    void share_out() {
        for (std::uint32_t p = 0; p < lowered_.populations.size(); ++p) {
            const LoweredPopulation& population = lowered_.populations[p];
            const double each = joules(Event::kUpdateActive) +
                                cycles_of(population) * joules(Event::kInstruction) +
                                rates_.populations[p] * joules(Event::kSpikeOut);
            result_.layer_j[p] += population.size * each;
        }
        for (const LoweredProjection& projection : lowered_.projections) {
            const bool is_dense = (projection.format.flags & isa::SynapseFormat::kDense) != 0;
            const double operations =
                rate_of(projection.from) * static_cast<double>(projection.synapses.target.size());
            result_.synaptic_events += operations;
            result_.layer_j[projection.to] +=
                operations * joules(is_dense ? Event::kSynapseDense : Event::kSynapse);
        }
    }

    void find_time() {
        double slowest = 0.0;
        for (const CoreLoad<double>& load : loads_) {
            slowest = std::max(slowest, core_time(load, chip_));
        }
        double busiest = 0.0;  // picoseconds
        for (std::size_t link = 0; link < link_packets_.size(); ++link) {
            const bool is_off_chip = links_.is_off_chip(link);
            const std::uint64_t each =
                (is_off_chip ? chip_.mesh.offchip_occupancy : chip_.link_occupancy).count();
            busiest = std::max(busiest, link_packets_[link] * static_cast<double>(each));
        }
        const double meshes =
            chip_.mesh.policy == isa::MeshPolicy::kType ? 1 : std::max(chip_.mesh.meshes, 1U);
        result_.core_time_s = slowest * 1e-12;
        result_.link_time_s = busiest * chip_.mesh.flits(0) / meshes * 1e-12;
        result_.barrier_time_s =
            static_cast<double>(barrier_time(lowered_, mapping_, chip_).count()) * 1e-12;
        result_.step_time_s =
            std::max(result_.core_time_s, result_.link_time_s) + result_.barrier_time_s;
    }

    void count_links() {
        constexpr std::size_t kWays = 4;
        for (std::size_t link = 0; link < link_packets_.size(); ++link) {
            const double flits = link_packets_[link] * chip_.mesh.flits(0);
            const auto way = static_cast<isa::Way>(link % kWays);
            const bool is_across = way == isa::Way::kEast || way == isa::Way::kWest;
            events(links_.is_off_chip(link) ? Event::kHopOffChip
                   : is_across              ? Event::kHopEastWest
                                            : Event::kHopNorthSouth) += flits;
            result_.hops += flits;
        }
    }

    void find_energy() {
        count_links();
        for (const CoreLoad<double>& load : loads_) {
            events(Event::kUpdateActive) += load.updates;
            events(Event::kInstruction) += load.cycles;
            events(Event::kSpikeOut) += load.spikes;
            events(Event::kAxonOut) += load.packets_out;
            events(Event::kAxonIn) += load.packets_in;
            events(Event::kSynapseFetch) += load.fetches;
            events(Event::kSynapse) += load.synapses;
            events(Event::kSynapseDense) += load.dense;
        }
        events(Event::kTileSpike) = result_.packets;
        events(Event::kBarrier) = 1.0;
        events(Event::kHostStep) = 1.0;
        for (std::size_t i = 0; i < isa::kEvents; ++i) {
            result_.dynamic_j += events_[i] * joules(static_cast<Event>(i));
        }
        const double chips = chip_.mesh.chips_x * chip_.mesh.chips_y;
        const double tiles = static_cast<double>(tiles_in_use(lowered_, mapping_, chip_).size());
        const double milliwatts =
            chips * (chip_.idle_power.count() + chip_.step_power.count()) +
            tiles * (chip_.idle_tile_power.count() + chip_.step_tile_power.count());
        result_.static_j = milliwatts * 1e-3 * result_.step_time_s;
    }

    const Lowered& lowered_;
    const Mapping& mapping_;
    const isa::ChipSpec& chip_;
    const SourceRates& rates_;
    MeshLinks links_;
    std::vector<double> link_packets_;
    IdVector<ShardId, CoreLoad<double>> loads_;
    std::array<double, isa::kEvents> events_{};
    RateEstimate result_;
};

}  // namespace

RateEstimate estimate(const Lowered& lowered, const Mapping& mapping, const isa::ChipSpec& chip,
                      const SourceRates& rates) {
    return RateCounter{lowered, mapping, chip, rates}.run();
}

}  // namespace seamount::compiler
