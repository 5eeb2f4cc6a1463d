#include "compiler/partition/partition.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <map>
#include <set>

#include "compiler/codegen/codegen.hpp"
#include "compiler/lower/lower.hpp"
#include "compiler/partition/fill/limits.hpp"
#include "compiler/place/place.hpp"
#include "isa/assembly/assembler.hpp"
#include "isa/image/synapse_cost.hpp"
#include "tests/unit/compiler/golden.hpp"
#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

Lowered lowered_network(const Network& network, const isa::ChipSpec& chip) {
    Diagnostics found;
    Lowered lowered = lower(network, chip, found);
    REQUIRE_FALSE(found.has_errors());
    return lowered;
}

/// Limits that make random networks need several cores.
isa::ChipSpec tight_chip() {
    isa::ChipSpec chip = small_chip();
    chip.width = 16;
    chip.height = 16;
    chip.limits.compartments = 20;
    chip.limits.input_axons = 60;
    chip.limits.output_axons = 300;
    chip.limits.synapse_bits = 12000;
    chip.limits.synapse_formats = 4;
    chip.limits.neuron_groups = 3;
    chip.limits.microcode_words = 64;
    return chip;
}

/// What every shard needs, counted the slow way: from the list of connections.
IdVector<ShardId, CoreFill> count_slowly(const Lowered& lowered, const Mapping& mapping) {
    IdVector<ShardId, CoreFill> fills(mapping.shards);
    using Source = std::pair<bool, std::uint32_t>;
    std::map<ShardId, std::map<std::pair<Source, isa::SynapseFormat>, std::uint64_t>> lists;
    std::map<ShardId, std::set<Source>> inputs;
    std::map<ShardId, std::set<isa::SynapseFormat>> formats;
    std::map<ShardId, std::set<std::pair<std::uint32_t, ShardId>>> outputs;
    for (const Connection& c : connections_of(lowered)) {
        const ShardId shard = mapping.shard_of[c.target];
        const Source source{c.from_input, c.source};
        ++lists[shard][{source, c.format}];
        inputs[shard].insert(source);
        formats[shard].insert(c.format);
        if (!c.from_input) outputs[mapping.shard_of[NeuronId{c.source}]].insert({c.source, shard});
    }
    for (const ShardId s : mapping.shard_ids()) {
        fills[s].input_axons = static_cast<std::uint32_t>(inputs[s].size());
        fills[s].output_axons = static_cast<std::uint32_t>(outputs[s].size());
        fills[s].synapse_formats = static_cast<std::uint32_t>(formats[s].size());
        for (const auto& [key, count] : lists[s]) {
            fills[s].synapses += count;
            fills[s].synapse_bits += synapse_bits(key.second, count);
        }
        std::set<std::pair<std::uint32_t, std::array<std::int32_t, isa::kParameters>>> groups;
        for (const LoweredPopulation& p : lowered.populations) {
            for (std::uint32_t i = 0; i < p.size; ++i) {
                if (mapping.shard_of[p.first_neuron + i] != s) continue;
                ++fills[s].compartments;
                const std::uint32_t profile = p.profile_of.empty() ? 0 : p.profile_of[i];
                groups.insert({p.program, p.profiles[profile]});
            }
        }
        fills[s].neuron_groups = static_cast<std::uint32_t>(groups.size());
        fills[s].microcode_words = 7;  // all populations run the test program
    }
    return fills;
}

bool same(const CoreFill& a, const CoreFill& b) {
    const isa::CoreAmounts& needs = a;
    return needs == b;
}

TEST_CASE("the limits accept and refuse what nengo-loihi's validator does", "[partition]") {
    const auto table = read_golden("validator.json");
    for (const auto& row : table["rows"]) {
        const auto& use = row["utilization"];
        CoreFill fill;
        fill.compartments = use["compartments"][0];
        fill.input_axons = use["in-axons"][0];
        fill.output_axons = use["out-axons"][0];
        fill.synapse_bits = use["synapses"][0];
        const auto excess = exceeded(fill, isa::CoreLimits{});
        CHECK(excess.empty() == row["accept"].get<bool>());
        if (excess.empty()) continue;
        const std::map<std::string, std::string> names{{"compartments", "compartments"},
                                                       {"Input axons", "input_axons"},
                                                       {"Output axons", "output_axons"},
                                                       {"synapse bits", "synapse_bits"}};
        const std::string message = row["message"];
        for (const auto& [theirs, ours] : names) {
            CHECK((message.find(theirs) != std::string::npos) ==
                  (isa::name_of(excess.front().limit) == ours));
        }
    }
    CHECK(table["rows"].size() >= 17);
}

TEST_CASE("the fill of every core is counted exactly", "[partition]") {
    for (std::uint32_t seed = 200; seed < 220; ++seed) {
        const isa::ChipSpec chip = small_chip();
        const Lowered lowered = lowered_network(random_network(seed), chip);
        Dice dice{seed};
        Mapping mapping;
        mapping.shards = 4;
        for (std::uint32_t n = 0; n < lowered.neuron_count(); ++n) {
            mapping.shard_of.push_back(ShardId{static_cast<std::uint32_t>(dice.roll(0, 3))});
        }
        const auto fast = count_fills(lowered, mapping);
        const auto slow = count_slowly(lowered, mapping);
        REQUIRE(fast.size() == slow.size());
        for (const ShardId i : fast.ids()) REQUIRE(same(fast[i], slow[i]));
    }
}

TEST_CASE("greedy partitioning gives every neuron a core and keeps all limits", "[partition]") {
    const isa::ChipSpec chip = tight_chip();
    std::uint32_t cores = 0;
    for (std::uint32_t seed = 300; seed < 330; ++seed) {
        const Lowered lowered = lowered_network(random_network(seed), chip);
        Diagnostics found;
        const Partition result = partition(lowered, chip, Partitioner::kAuto, seed, found);
        INFO(seed << ": " << (found.all().empty() ? "" : to_string(found.all()[0])));
        REQUIRE(found.all().empty());
        REQUIRE(verify(result.mapping, lowered).empty());
        for (const CoreFill& fill : count_slowly(lowered, result.mapping)) {
            REQUIRE(exceeded(fill, chip.limits).empty());
        }
        cores += result.mapping.shards;
    }
    CHECK(cores > 60);  // the limits did bind
}

TEST_CASE("each limit alone opens new cores", "[partition]") {
    const isa::ChipSpec free = small_chip();
    const Lowered lowered = lowered_network(random_network(7, {4, 60, 12, true}), free);
    Diagnostics found;
    REQUIRE(partition(lowered, free, Partitioner::kAuto, 1, found).mapping.shards == 1);
    const auto cores_with = [&](auto set) {
        isa::ChipSpec chip = tight_chip();
        chip.limits = free.limits;
        set(chip.limits);
        const Partition result = partition(lowered, chip, Partitioner::kAuto, 1, found);
        for (const CoreFill& fill : count_slowly(lowered, result.mapping)) {
            CHECK(exceeded(fill, chip.limits).empty());
        }
        return result.mapping.shards;
    };
    CHECK(cores_with([](isa::CoreLimits& l) { l.compartments = 30; }) > 1);
    CHECK(cores_with([](isa::CoreLimits& l) { l.input_axons = 80; }) > 1);
    CHECK(cores_with([](isa::CoreLimits& l) { l.output_axons = 60; }) > 1);
    CHECK(cores_with([](isa::CoreLimits& l) { l.synapse_bits = 10000; }) > 1);
    CHECK(cores_with([](isa::CoreLimits& l) { l.synapse_formats = 4; }) > 1);
    CHECK(cores_with([](isa::CoreLimits& l) { l.neuron_groups = 2; }) > 1);
    CHECK(found.all().empty());
}

TEST_CASE("the same seed gives the same mapping, another seed another one", "[partition]") {
    const isa::ChipSpec chip = tight_chip();
    const Lowered lowered = lowered_network(random_network(11), chip);
    Diagnostics found;
    std::set<std::vector<ShardId>> mappings;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const Partition once = partition(lowered, chip, Partitioner::kAuto, seed, found);
        const Partition again = partition(lowered, chip, Partitioner::kAuto, seed, found);
        CHECK(once.mapping.shard_of == again.mapping.shard_of);
        mappings.insert(once.mapping.shard_of.list());
    }
    CHECK(mappings.size() == 5);
}

TEST_CASE("pinned neurons stay on their core and the others go elsewhere", "[partition]") {
    Network network = random_network(13);
    const std::uint32_t size = network.populations[1].size;
    for (std::uint32_t i = 0; i < size; ++i) {
        network.populations[1].pinned.list.emplace_back(i % 2 == 0 ? 5U : 2U);
    }
    const isa::ChipSpec chip = small_chip();
    const Lowered lowered = lowered_network(network, chip);
    Diagnostics found;
    const Partition mixed = partition(lowered, chip, Partitioner::kAuto, 1, found);
    REQUIRE(found.all().empty());
    CHECK(mixed.mapping.core_of.at(ShardId{0}) == CoreId{2});
    CHECK(mixed.mapping.core_of.at(ShardId{1}) == CoreId{5});
    for (const NeuronId n : mixed.mapping.shard_of.ids()) {
        const std::uint32_t i = n - network.populations[1].first_neuron;
        const ShardId shard = mixed.mapping.shard_of[n];
        if (i < size) {
            REQUIRE(shard == ShardId{i % 2 == 0 ? 1U : 0U});
        } else {
            REQUIRE(shard >= ShardId{2});
        }
    }
    const Partition ignored = partition(lowered, chip, Partitioner::kGreedy, 1, found);
    CHECK(ignored.mapping.shards == 1);
    CHECK(ignored.mapping.core_of.at(ShardId{0}) == Mapping::kUnplaced);
}

TEST_CASE("a fully pinned network is mapped as the user says", "[partition]") {
    Network network = random_network(17);
    for (Population& p : network.populations) p.pinned.list = {CoreId{7}};
    const isa::ChipSpec chip = small_chip();
    Diagnostics found;
    const Partition result =
        partition(lowered_network(network, chip), chip, Partitioner::kAuto, 9, found);
    CHECK(result.mapping.shards == 1);
    CHECK(result.mapping.core_of.list() == std::vector{CoreId{7}});
}

TEST_CASE("the compartments of a cell share a core under every mapping, children first",
          "[partition]") {
    const auto leaf = std::make_shared<const isa::Program>(isa::assemble(
        ".acc input\n.state v\n.state parent\n psh #1, input, parent\n end\n", "leaf.asm"));
    Network network = random_network(77);
    const auto first = static_cast<std::uint32_t>(network.populations.size());
    for (const char* name : {"cell.a", "cell.b", "cell.soma"}) add_population(network, name, 50);
    for (const std::uint32_t p : {first, first + 1}) {
        network.populations[p].program = leaf;
        network.populations[p].args.clear();
        network.populations[p].parent = p + 1;
    }
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        isa::ChipSpec chip = tight_chip();
        const Lowered lowered = lowered_network(network, chip);
        Diagnostics found;
        const Partition cut = partition(lowered, chip, Partitioner::kAuto, seed, found);
        REQUIRE_FALSE(found.has_errors());
        REQUIRE(verify(cut.mapping, lowered).empty());
        Mapping mapping = cut.mapping;
        place(mapping, chip, Placer::kRowMajor, seed);
        const isa::Image image = generate(lowered, mapping, chip);
        std::uint32_t pushes = 0;
        for (const isa::CoreImage& core : image.cores) {
            for (const isa::NeuronGroup& group : core.groups) {
                if (group.population != first && group.population != first + 1) continue;
                for (std::uint32_t k = 0; k < group.count; ++k) {
                    const std::int32_t distance = group.state.at(1).at(k);
                    REQUIRE(distance > 0);
                    const std::uint32_t at = group.first + k;
                    REQUIRE(core.neurons.at(at + static_cast<std::uint32_t>(distance)) ==
                            core.neurons.at(at) + 50);
                    ++pushes;
                }
            }
        }
        CHECK(pushes == 100);
    }
}

}  // namespace
}  // namespace seamount::compiler
