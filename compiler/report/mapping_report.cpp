#include "compiler/report/mapping_report.hpp"

#include <algorithm>

#include "compiler/ir/lowered.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/chip/routes.hpp"

namespace seamount::compiler {
namespace {

/// A set of shards that is emptied in no time.
class ShardSet {
public:
    explicit ShardSet(std::uint32_t shards) : round_of_(shards, 0) {}
    void clear() noexcept {
        ++round_;
        members_.clear();
    }
    /// True if it was not in yet.
    bool insert(ShardId shard) {
        if (round_of_[shard] == round_) return false;
        round_of_[shard] = round_;
        members_.push_back(shard);
        return true;
    }
    [[nodiscard]] const std::vector<ShardId>& members() const noexcept { return members_; }

private:
    IdVector<ShardId, std::uint64_t> round_of_;
    std::uint64_t round_ = 0;
    std::vector<ShardId> members_;
};

class Walk {
public:
    Walk(const Lowered& lowered, const Mapping& mapping, const isa::ChipSpec& chip)
        : lowered_{lowered}, mapping_{mapping}, chip_{chip}, routes_{chip}, seen_{mapping.shards} {}

    MappingReport report() {
        MappingReport report;
        traffic_.resize(mapping_.shards);
        for (const ShardId shard : mapping_.shard_ids()) {
            traffic_[shard].core = mapping_.core_of[shard];
        }
        for (const LoweredProjection& projection : lowered_.projections) {
            report.costliest.push_back(cost_of(projection));
        }
        keep_costliest(report.costliest);
        for (std::uint32_t i = 0; i < lowered_.network.inputs.size(); ++i) {
            walk_sources({true, i}, lowered_.network.inputs[i].image.size, report);
        }
        for (std::uint32_t p = 0; p < lowered_.populations.size(); ++p) {
            walk_sources({false, p}, lowered_.populations[p].size, report);
        }
        report.cores = std::move(traffic_.list());
        std::sort(report.cores.begin(), report.cores.end(),
                  [](const auto& a, const auto& b) { return a.core < b.core; });
        return report;
    }

private:
    void add_targets(const LoweredProjection& projection, std::uint32_t source) {
        const SynapseTable& table = projection.synapses;
        const NeuronId first = lowered_.populations[projection.to].first_neuron;
        for (std::uint64_t e = table.first[source]; e < table.first[source + 1]; ++e) {
            seen_.insert(mapping_.shard_of[first + table.target[e]]);
        }
    }

    MappingReport::Cost cost_of(const LoweredProjection& projection) {
        MappingReport::Cost cost{projection.name, projection.where,
                                 projection.synapses.target.size(), 0, 0};
        const auto sources = static_cast<std::uint32_t>(projection.synapses.first.size() - 1);
        for (std::uint32_t s = 0; s < sources; ++s) {
            seen_.clear();
            add_targets(projection, s);
            cost.packets += seen_.members().size();
            if (projection.from.is_input) continue;
            const TileId from = tile_of(
                mapping_.shard_of[lowered_.populations[projection.from.index].first_neuron + s]);
            for (const ShardId shard : seen_.members()) {
                cost.hops += routes_.hops(from, tile_of(shard));
            }
        }
        return cost;
    }

    static void keep_costliest(std::vector<MappingReport::Cost>& costs) {
        std::stable_sort(costs.begin(), costs.end(),
                         [](const auto& a, const auto& b) { return a.packets > b.packets; });
        if (costs.size() > MappingReport::kCostliest) costs.resize(MappingReport::kCostliest);
    }

    void walk_sources(SourceRef source, std::uint32_t size, MappingReport& report) {
        std::vector<const LoweredProjection*> outgoing;
        for (const LoweredProjection& projection : lowered_.projections) {
            if (projection.from == source) outgoing.push_back(&projection);
        }
        for (std::uint32_t i = 0; i < size; ++i) {
            seen_.clear();
            for (const LoweredProjection* projection : outgoing) add_targets(*projection, i);
            for (const ShardId shard : seen_.members()) ++traffic_[shard].packets_in;
            if (source.is_input) continue;
            const ShardId own =
                mapping_.shard_of[lowered_.populations[source.index].first_neuron + i];
            traffic_[own].packets_out += seen_.members().size();
            seen_.insert(own);
            const std::size_t cores = seen_.members().size();
            if (report.nets_on_cores.size() <= cores) report.nets_on_cores.resize(cores + 1);
            ++report.nets_on_cores[cores];
        }
    }

    [[nodiscard]] TileId tile_of(ShardId shard) const {
        return chip_.tile_of(mapping_.core_of[shard]);
    }

    const Lowered& lowered_;
    const Mapping& mapping_;
    const isa::ChipSpec& chip_;
    isa::Routes routes_;
    ShardSet seen_;
    IdVector<ShardId, MappingReport::CoreTraffic> traffic_;
};

}  // namespace

MappingReport report_mapping(const Lowered& lowered, const Mapping& mapping,
                             const isa::ChipSpec& chip) {
    return Walk{lowered, mapping, chip}.report();
}

}  // namespace seamount::compiler
