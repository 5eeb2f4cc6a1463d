#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "compiler/base/huge_pages.hpp"
#include "compiler/partition/fill/group_numbers.hpp"
#include "compiler/partition/hypergraph/hypergraph.hpp"

namespace seamount::compiler {
namespace {

class Builder {
public:
    Builder(const Lowered& lowered, const Mapping& mapping,
            IdSpan<NeuronId, const std::uint32_t> rates)
        : lowered_{lowered}, mapping_{mapping}, rates_{rates} {}

    NetworkGraph build() {
        number_vertices();
        describe_kinds();
        add_nets();
        graph_.connect_vertices();
        return std::move(result_);
    }

private:
    void number_vertices();
    void describe_kinds();
    void add_kind(std::uint32_t vertex, std::uint32_t kind);
    void add_nets();
    void add_net(SourceRef from, std::uint32_t index);

    const Lowered& lowered_;
    const Mapping& mapping_;
    IdSpan<NeuronId, const std::uint32_t> rates_;
    NetworkGraph result_;
    Hypergraph& graph_ = result_.graph;
    std::vector<std::vector<const LoweredProjection*>> outgoing_;  // per input, per population
    std::vector<std::uint32_t> seen_;  // per vertex: the last net that reached it
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> both_kinds_;
};

void Builder::number_vertices() {
    std::uint32_t next = mapping_.shards;
    IdVector<NeuronId, std::uint32_t>& vertex_of = result_.vertex_of;
    vertex_of.reserve(mapping_.shard_of.size());
    // Of the cells of a tree of populations, by its root.
    std::vector<std::vector<std::uint32_t>> cells(lowered_.populations.size());
    for (const LoweredPopulation& population : lowered_.populations) {
        std::vector<std::uint32_t>& cell = cells[population.root];
        cell.resize(population.size, Hypergraph::kNone);
        for (std::uint32_t i = 0; i < population.size; ++i) {
            const ShardId shard = mapping_.shard_of[population.first_neuron + i];
            if (shard == Mapping::kNoShard && cell[i] == Hypergraph::kNone) cell[i] = next++;
            vertex_of.push_back(shard == Mapping::kNoShard ? cell[i] : shard.value());
        }
    }
    graph_.compartments.assign(next, 0);
    for (const std::uint32_t vertex : vertex_of) ++graph_.compartments[vertex];
    graph_.synapses.assign(next, 0);
    graph_.bits.assign(next, 0);
    graph_.kind.assign(next, Hypergraph::kNone);
    graph_.fixed.assign(next, Hypergraph::kNone);
    for (std::uint32_t shard = 0; shard < mapping_.shards; ++shard) graph_.fixed[shard] = shard;
    seen_.assign(next, Hypergraph::kNone);
}

void Builder::describe_kinds() {
    std::vector<std::uint32_t> first_kind;
    std::vector<std::uint32_t> program_feature(lowered_.programs.size(), Hypergraph::kNone);
    std::map<isa::SynapseFormat, std::uint32_t> format_feature;
    const GroupNumbers groups{lowered_};
    std::vector<std::uint32_t> group_feature(groups.count(), Hypergraph::kNone);
    const auto feature = [this](SharedResource resource, std::size_t amount) {
        graph_.features.push_back({resource, static_cast<std::uint32_t>(amount)});
        return static_cast<std::uint32_t>(graph_.features.size() - 1);
    };
    for (std::uint32_t p = 0; p < lowered_.populations.size(); ++p) {
        const LoweredPopulation& population = lowered_.populations[p];
        std::vector<std::uint32_t> common;
        std::uint32_t& program = program_feature[population.program];
        if (program == Hypergraph::kNone) {
            program = feature(SharedResource::kMicrocodeWord,
                              lowered_.programs[population.program]->words.size());
        }
        common.push_back(program);
        for (const LoweredProjection& projection : lowered_.projections) {
            if (projection.to != p) continue;
            const auto [place, is_new] = format_feature.try_emplace(projection.format, 0);
            if (is_new) place->second = feature(SharedResource::kSynapseFormat, 1);
            if (std::ranges::find(common, place->second) == common.end()) {
                common.push_back(place->second);
            }
        }
        const auto first = static_cast<std::uint32_t>(graph_.features_of_kind.size());
        for (std::uint32_t k = 0; k < population.profiles.size(); ++k) {
            graph_.features_of_kind.push_back(common);
            std::uint32_t& group = group_feature[groups.of(p, k)];
            if (group == Hypergraph::kNone) group = feature(SharedResource::kNeuronGroup, 1);
            graph_.features_of_kind.back().push_back(group);
        }
        for (std::uint32_t i = 0; i < population.size; ++i) {
            add_kind(result_.vertex_of[population.first_neuron + i],
                     first + (population.profile_of.empty() ? 0 : population.profile_of[i]));
        }
    }
}

/// A vertex of neurons of several kinds is of a kind that has the features of all.
void Builder::add_kind(std::uint32_t vertex, std::uint32_t kind) {
    std::uint32_t& known = graph_.kind[vertex];
    if (known == kind || graph_.fixed[vertex] != Hypergraph::kNone) return;
    if (known == Hypergraph::kNone) {
        known = kind;
        return;
    }
    const auto next = static_cast<std::uint32_t>(graph_.features_of_kind.size());
    const auto [both, is_new] = both_kinds_.try_emplace({known, kind}, next);
    if (is_new) {
        std::vector<std::uint32_t> features = graph_.features_of_kind[known];
        for (const std::uint32_t feature : graph_.features_of_kind[kind]) {
            if (std::ranges::find(features, feature) == features.end()) features.push_back(feature);
        }
        graph_.features_of_kind.push_back(std::move(features));
    }
    known = both->second;
}

void Builder::add_net(SourceRef from, std::uint32_t index) {
    const std::size_t inputs = lowered_.network.inputs.size();
    const auto net = graph_.net_count();
    std::uint32_t home = Hypergraph::kNone;
    std::uint32_t rate = 1;
    if (!from.is_input) {
        const NeuronId neuron = lowered_.populations[from.index].first_neuron + index;
        home = result_.vertex_of[neuron];
        if (!rates_.empty()) rate = rates_[neuron];
        seen_[home] = net;
        graph_.pins.push_back(home);
    }
    bool home_is_target = false;
    bool reaches = false;
    for (const LoweredProjection* projection :
         outgoing_[from.is_input ? from.index : inputs + from.index]) {
        const SynapseTable& table = projection->synapses;
        const NeuronId first = lowered_.populations[projection->to].first_neuron;
        const isa::SynapseFormat& format = projection->format;
        const std::uint32_t bits = std::uint32_t{format.weight_bits} + format.delay_bits +
                                   format.tag_bits + format.index_bits;
        for (std::uint64_t e = table.first[index]; e < table.first[index + 1]; ++e) {
            const std::uint32_t vertex = result_.vertex_of[first + table.target[e]];
            ++graph_.synapses[vertex];
            graph_.bits[vertex] += bits;
            reaches = true;
            if (seen_[vertex] == net) {
                home_is_target = home_is_target || vertex == home;
                continue;
            }
            seen_[vertex] = net;
            graph_.pins.push_back(vertex);
        }
    }
    if (!reaches) {
        if (home == Hypergraph::kNone) return;
        graph_.pins.pop_back();
        seen_[home] = Hypergraph::kNone;
        return;
    }
    graph_.rate.push_back(rate);
    graph_.axons.push_back(1);
    graph_.home.push_back(home);
    graph_.home_is_target.push_back(home_is_target ? 1 : 0);
    graph_.first_pin.push_back(graph_.pins.size());
}

void Builder::add_nets() {
    const std::size_t inputs = lowered_.network.inputs.size();
    outgoing_.resize(inputs + lowered_.populations.size());
    for (const LoweredProjection& projection : lowered_.projections) {
        outgoing_[projection.from.is_input ? projection.from.index : inputs + projection.from.index]
            .push_back(&projection);
    }
    graph_.pins.reserve(lowered_.synapse_count() + lowered_.neuron_count());
    want_huge_pages(graph_.pins);
    graph_.first_pin.push_back(0);
    for (std::uint32_t i = 0; i < inputs; ++i) {
        for (std::uint32_t k = 0; k < lowered_.network.inputs[i].image.size; ++k) {
            add_net({true, i}, k);
        }
    }
    for (std::uint32_t p = 0; p < lowered_.populations.size(); ++p) {
        for (std::uint32_t k = 0; k < lowered_.populations[p].size; ++k) add_net({false, p}, k);
    }
}

}  // namespace

NetworkGraph make_hypergraph(const Lowered& lowered, const Mapping& mapping,
                             IdSpan<NeuronId, const std::uint32_t> rates) {
    return Builder{lowered, mapping, rates}.build();
}

}  // namespace seamount::compiler
