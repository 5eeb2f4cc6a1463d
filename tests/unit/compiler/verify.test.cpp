#include <catch2/catch.hpp>

#include <functional>

#include "compiler/lower/lower.hpp"
#include "compiler/partition/partition.hpp"
#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

using Catch::Contains;

/// Two populations of 4 and 3 neurons, an input of 2; projections with and without delays.
Network small_network() {
    Network network;
    network.name = "small";
    add_population(network, "a", 4);
    add_population(network, "b", 3);
    add_input(network, "in", 2);
    add_projection(network, {false, 0}, 1, {{{0, 8.0, 0}, {2, -6.0, 5}}, {}, {{1, 4.0, 1}}, {}});
    add_projection(network, {true, 0}, 0, {{{3, 100.0, 0}}, {{0, 7.0, 0}}});
    network.probes = {{1, "v", {0}, 1, {}}};
    network.readout.by = isa::ReadoutBy::kSpikeCount;
    network.readout.population = 1;
    return network;
}

Lowered small_lowered() {
    Network network = small_network();
    network.populations[0].args["decay"] = {{1, 2, 1, 2}};
    Diagnostics found;
    Lowered lowered = lower(std::move(network), small_chip(), found);
    REQUIRE(found.all().empty());
    return lowered;
}

Mapping small_mapping(const Lowered& lowered) {
    isa::ChipSpec chip = small_chip();
    chip.limits.compartments = 3;
    Diagnostics found;
    Mapping mapping = partition(lowered, chip, Partitioner::kGreedy, 1, found).mapping;
    REQUIRE(found.all().empty());
    REQUIRE(mapping.shards == 3);
    mapping.core_of = {CoreId{4}, CoreId{2}, CoreId{15}};
    return mapping;
}

/// One invariant broken, and what the verifier must say.
template <class T>
struct Break {
    const char* says;
    std::function<void(T&)> damage;
};

std::string text_of(const std::vector<std::string>& faults) {
    std::string text;
    for (const std::string& fault : faults) text += fault + "\n";
    return text;
}

TEST_CASE("the verifier of networks finds every broken invariant", "[verify]") {
    const std::vector<Break<Network>> breaks{
        {"population 'b' is empty", [](Network& n) { n.populations[1].size = 0; }},
        {"population 'b' starts at neuron 5",
         [](Network& n) { n.populations[1].first_neuron = NeuronId{5}; }},
        {"population 'a' has no program", [](Network& n) { n.populations[0].program.reset(); }},
        {"population 'a': 2 pinned cores",
         [](Network& n) {
             n.populations[0].pinned.list = {CoreId{1}, CoreId{2}};
         }},
        {"population 'a': 3 values of 'vth'",
         [](Network& n) {
             n.populations[0].args["vth"].list = {1, 2, 3};
         }},
        {"projection 'a->b' comes from nowhere",
         [](Network& n) {
             n.projections[0].from = {false, 2};
         }},
        {"projection 'in->a' comes from nowhere",
         [](Network& n) {
             n.projections[1].from = {true, 1};
         }},
        {"projection 'a->b' goes nowhere", [](Network& n) { n.projections[0].to = 2; }},
        {"projection 'a->b' has no rows", [](Network& n) { n.projections[0].rows.reset(); }},
        {"projection 'a->b' has exponent 8", [](Network& n) { n.projections[0].exponent = 8; }},
        {"projection 'a->b' has 7 bits", [](Network& n) { n.projections[0].bits = 7; }},
        {"projection 'a->b' has an unknown sign mode",
         [](Network& n) { n.projections[0].sign_mode = std::uint8_t{0}; }},
        {"projection 'a->b' goes to accumulator 4",
         [](Network& n) { n.projections[0].accumulator = 4; }},
        {"input 'in' has a fan-out already",
         [](Network& n) { n.inputs[0].image.outputs.emplace_back(); }},
        {"a probe of population 2", [](Network& n) { n.probes[0].population = 2; }},
        {"the readout is population 2", [](Network& n) { n.readout.population = 2; }},
    };
    const Network good = small_network();
    REQUIRE(verify(good).empty());
    for (const auto& [says, damage] : breaks) {
        Network bad = good;
        damage(bad);
        CHECK_THAT(text_of(verify(bad)), Contains(says));
    }
}

TEST_CASE("the verifier of lowered networks finds every broken invariant", "[verify]") {
    const std::vector<Break<Lowered>> breaks{
        {"1 populations and 2 projections were lowered",
         [](Lowered& l) { l.populations.pop_back(); }},
        {"2 populations and 1 projections were lowered",
         [](Lowered& l) { l.projections.pop_back(); }},
        {"1 losses of 2 projections", [](Lowered& l) { l.losses.pop_back(); }},
        {"population 'b' starts at neuron 3",
         [](Lowered& l) { l.populations[1].first_neuron = NeuronId{3}; }},
        {"population 'a' has no program", [](Lowered& l) { l.populations[0].program = 1; }},
        {"population 'b' has no profile", [](Lowered& l) { l.populations[1].profiles.clear(); }},
        {"population 'a' has 3 profile numbers",
         [](Lowered& l) { l.populations[0].profile_of.pop_back(); }},
        {"population 'a' uses profile 2", [](Lowered& l) { l.populations[0].profile_of[3] = 2; }},
        {"population 'a' initialises 2 state words",
         [](Lowered& l) { l.populations[0].state.pop_back(); }},
        {"population 'a' has 0 values of a state word",
         [](Lowered& l) { l.populations[0].state[0].list.clear(); }},
        {"population 'a' has 2 values of a state word",
         [](Lowered& l) {
             l.populations[0].state[0].list = {1, 2};
         }},
        {"projection 'a->b': rows do not cover",
         [](Lowered& l) { l.projections[0].synapses.first.pop_back(); }},
        {"projection 'a->b': rows do not cover",
         [](Lowered& l) { l.projections[0].synapses.first[1] = 4; }},
        {"projection 'a->b': rows do not cover",
         [](Lowered& l) { l.projections[0].from.index = 2; }},
        {"projection 'a->b': 3 targets, 2 weights, 3 delays",
         [](Lowered& l) { l.projections[0].synapses.weight.pop_back(); }},
        {"projection 'a->b': 3 targets, 3 weights, 2 delays",
         [](Lowered& l) { l.projections[0].synapses.delay.pop_back(); }},
        {"projection 'a->b' has target 3",
         [](Lowered& l) { l.projections[0].synapses.target[2] = 3; }},
        {"projection 'a->b' has no legal format",
         [](Lowered& l) { l.projections[0].format.weight_bits = 7; }},
        {"projection 'a->b' has no legal format",
         [](Lowered& l) { l.projections[0].format.sign_mode = 0; }},
        {"projection 'a->b' has no legal format",
         [](Lowered& l) { l.projections[0].format.index_bits = 17; }},
        {"projection 'a->b' has mantissas outside [-256, 255]",
         [](Lowered& l) { l.projections[0].synapses.weight[0] = 256; }},
        {"projection 'in->a' has mantissas outside [0, 255]",
         [](Lowered& l) { l.projections[1].synapses.weight[0] = -1; }},
        {"projection 'a->b' has mantissas that are no multiple of 2",
         [](Lowered& l) { l.projections[0].synapses.weight[0] = 7; }},
        {"projection 'a->b' has mantissas that are no multiple of 16",
         [](Lowered& l) { l.projections[0].format.weight_bits = 5; }},
        {"projection 'a->b' has a delay of 8 in 3 bits",
         [](Lowered& l) { l.projections[0].synapses.delay[0] = 8; }},
        {"projection 'a->b' has a delay of 64 in 6 bits",
         [](Lowered& l) {
             l.projections[0].format.delay_bits = 6;
             l.projections[0].synapses.delay[0] = 64;
         }},
    };
    const Lowered good = small_lowered();
    REQUIRE(verify(good).empty());
    for (const auto& [says, damage] : breaks) {
        Lowered bad = good;
        damage(bad);
        CHECK_THAT(text_of(verify(bad)), Contains(says));
    }
}

TEST_CASE("the verifier of mappings finds every broken invariant", "[verify]") {
    const std::vector<Break<Mapping>> breaks{
        {"6 of 7 neurons are mapped", [](Mapping& m) { m.shard_of.list().pop_back(); }},
        {"shard 3 of 3", [](Mapping& m) { m.shard_of[NeuronId{0}] = ShardId{3}; }},
        {"shard 4294967295 of 3", [](Mapping& m) { m.shard_of[NeuronId{0}] = Mapping::kNoShard; }},
        {"a shard is empty",
         [](Mapping& m) {
             for (ShardId& shard : m.shard_of) shard = shard == ShardId{1} ? ShardId{0} : shard;
         }},
        {"2 of 3 shards have a place", [](Mapping& m) { m.core_of.list().pop_back(); }},
        {"two shards on one core", [](Mapping& m) { m.core_of[ShardId{0}] = CoreId{15}; }},
        {"a shard is on core 16 of 16", [](Mapping& m) { m.core_of[ShardId{1}] = CoreId{16}; }},
    };
    const Lowered lowered = small_lowered();
    const Mapping good = small_mapping(lowered);
    REQUIRE(verify(good, lowered, 16).empty());
    Mapping unplaced = good;
    unplaced.core_of[ShardId{1}] = Mapping::kUnplaced;
    REQUIRE(verify(unplaced, lowered, 16).empty());
    for (const auto& [says, damage] : breaks) {
        Mapping bad = good;
        damage(bad);
        CHECK_THAT(text_of(verify(bad, lowered, 16)), Contains(says));
    }
}

}  // namespace
}  // namespace seamount::compiler
