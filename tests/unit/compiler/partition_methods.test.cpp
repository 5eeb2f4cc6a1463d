#include <catch2/catch.hpp>

#include <filesystem>
#include <set>
#include <string>

#include "compiler/driver/driver.hpp"
#include "compiler/lower/lower.hpp"
#include "compiler/partition/fill/limits.hpp"
#include "compiler/partition/graph/graph_partition.hpp"
#include "compiler/partition/partition.hpp"
#include "isa/assembly/assembler.hpp"
#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

Lowered lowered_network(std::uint32_t seed, const isa::ChipSpec& chip) {
    Diagnostics found;
    Lowered lowered = lower(random_network(seed), chip, found);
    REQUIRE_FALSE(found.has_errors());
    return lowered;
}

isa::ChipSpec tight_chip() {
    isa::ChipSpec chip = small_chip();
    chip.width = 16;
    chip.height = 16;
    chip.limits.compartments = 20;
    chip.limits.input_axons = 60;
    chip.limits.output_axons = 300;
    chip.limits.synapse_bits = 12000;
    chip.limits.synapses = 300;
    chip.limits.synapse_formats = 4;
    chip.limits.neuron_groups = 3;
    chip.limits.microcode_words = 64;
    return chip;
}

TEST_CASE("every partitioner gives each neuron one core and keeps all limits",
          "[partition_methods]") {
    const isa::ChipSpec chip = tight_chip();
    std::set<std::string> methods;
    for (const Partitioner partitioner : values(kPartitionerNames)) {
        for (std::uint32_t seed = 300; seed < 312; ++seed) {
            const Lowered lowered = lowered_network(seed, chip);
            Diagnostics found;
            const Partition result = partition(lowered, chip, partitioner, seed, found);
            INFO(name_of(kPartitionerNames, partitioner)
                 << ' ' << seed << ": " << (found.all().empty() ? "" : to_string(found.all()[0])));
            REQUIRE(found.all().empty());
            REQUIRE(verify(result.mapping, lowered).empty());
            for (const CoreFill& fill : count_fills(lowered, result.mapping)) {
                REQUIRE(exceeded(fill, chip.limits).empty());
            }
            methods.insert(result.how);
        }
    }
    CHECK(methods.size() >= 4);  // they do not all fall back to next-fit
}

TEST_CASE("a partitioner repeats its mapping for the same seed", "[partition_methods]") {
    const isa::ChipSpec chip = tight_chip();
    for (const Partitioner partitioner : values(kPartitionerNames)) {
        const Lowered lowered = lowered_network(400, chip);
        Diagnostics found;
        const Partition once = partition(lowered, chip, partitioner, 5, found);
        const Partition again = partition(lowered, chip, partitioner, 5, found);
        CHECK(once.mapping.shard_of == again.mapping.shard_of);
        CHECK(once.how == again.how);
    }
}

TEST_CASE("the automatic choice sends no more packets than next-fit", "[partition_methods]") {
    const isa::ChipSpec chip = tight_chip();
    std::uint64_t fewer = 0;
    for (std::uint32_t seed = 500; seed < 512; ++seed) {
        const Lowered lowered = lowered_network(seed, chip);
        Diagnostics found;
        const Partition best = partition(lowered, chip, Partitioner::kAuto, 1, found);
        const Partition packed = partition(lowered, chip, Partitioner::kGreedy, 1, found);
        REQUIRE_FALSE(found.has_errors());
        const std::uint64_t cost = mapping_cost(lowered, best.mapping, {});
        const std::uint64_t packed_cost = mapping_cost(lowered, packed.mapping, {});
        REQUIRE(cost <= packed_cost);
        if (cost < packed_cost) ++fewer;
    }
    CHECK(fewer > 6);
}

/// Neurons on a ring, each of which reaches the `reach` that follow it.
Network ring(std::uint32_t neurons, std::uint32_t reach) {
    Network network;
    add_population(network, "ring", neurons);
    std::vector<std::vector<RawSynapse>> rows(neurons);
    for (std::uint32_t i = 0; i < neurons; ++i) {
        for (std::uint32_t k = 1; k <= reach; ++k) rows[i].push_back({(i + k) % neurons, 2.0, 0});
    }
    add_projection(network, {false, 0}, 0, rows);
    return network;
}

TEST_CASE("neurons in order cost less than by chance, neurons dealt out like cards as much",
          "[partition_methods]") {
    constexpr std::uint32_t kNeurons = 640;
    constexpr std::uint32_t kCores = 8;
    Diagnostics found;
    const Lowered lowered = lower(ring(kNeurons, 20), small_chip(), found);
    REQUIRE_FALSE(found.has_errors());
    Mapping ordered;
    Mapping dealt;
    for (Mapping* const mapping : {&ordered, &dealt}) {
        mapping->shards = kCores;
        for (std::uint32_t i = 0; i < kNeurons; ++i) {
            const std::uint32_t shard = mapping == &ordered ? i * kCores / kNeurons : i % kCores;
            mapping->shard_of.push_back(ShardId{shard});
        }
    }
    CHECK(share_of_chance(lowered, ordered, {}) < 0.1);
    CHECK(share_of_chance(lowered, dealt, {}) > 0.95);
}

TEST_CASE(
    "a quick effort keeps the order of a large network that has one, a longer one is no worse",
    "[partition_methods]") {
    isa::ChipSpec chip = small_chip();
    chip.limits = {};
    chip.limits.compartments = 256;
    chip.width = 8;
    chip.height = 8;
    Diagnostics found;
    const Lowered lowered = lower(ring(4096, 250), chip, found);
    REQUIRE_FALSE(found.has_errors());
    REQUIRE(lowered.synapse_count() > 1'000'000);
    MappingMethod quick;
    quick.effort = 1;
    const Partition fast = partition(lowered, chip, quick, found);
    const Partition longer = partition(lowered, chip, MappingMethod{}, found);
    REQUIRE_FALSE(found.has_errors());
    CHECK(fast.how == "greedy");
    CHECK(mapping_cost(lowered, longer.mapping, {}) <= mapping_cost(lowered, fast.mapping, {}));
}

TEST_CASE(
    "a quick effort searches no structure where sources reach all cores but a nearly empty one",
    "[partition_methods]") {
    // A sheet on three cores, each of which nearly all neurons reach. One pass over the graph opens
    // a fourth for what is left in a corner.
    const std::filesystem::path configs = std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "configs";
    CompileOptions options;
    options.neuron_library = configs / "neurons";
    options.effort = 1;
    for (const char* set : {"rows=35", "columns=56", "radius=0.777"}) options.settings.add(set);
    std::string told;
    options.progress = [&told](const std::string& what) { told += what + "\n"; };
    const CompileResult quick = compile_file(
        configs / "networks/huge.yaml", isa::ChipSpec::load(configs / "chips/big.yaml"), options);
    REQUIRE(quick.report.synapses > 1'000'000);
    CHECK(quick.image.cores.size() == 3);
    CHECK_THAT(told, Catch::Contains("streaming") && !Catch::Contains("metis"));
}

/// Cells of three compartments; the soma of each reaches a tuft of the cells that follow it in a
/// scattered order.
Network scattered_cells(std::uint32_t cells) {
    const auto leaf = std::make_shared<const isa::Program>(isa::assemble(
        ".acc input\n.state v\n.state parent\n psh #1, input, parent\n end\n", "leaf.asm"));
    Network network;
    for (const char* name : {"cell.a", "cell.b", "cell.soma"}) add_population(network, name, cells);
    for (const std::uint32_t p : {0U, 1U}) {
        network.populations[p].program = leaf;
        network.populations[p].args.clear();
        network.populations[p].parent = p + 1;
    }
    for (const std::uint32_t to : {0U, 1U}) {
        std::vector<std::vector<RawSynapse>> rows(cells);
        for (std::uint32_t i = 0; i < cells; ++i) {
            for (std::uint32_t k = 1; k < 5; ++k) {
                rows[i].push_back({(i + (4 * k + to) * 37) % cells, 2.0, 0});
            }
        }
        add_projection(network, {false, 2}, to, rows);
    }
    return network;
}

TEST_CASE("cells of several compartments are grouped by who talks to whom", "[partition_methods]") {
    isa::ChipSpec chip = small_chip();
    chip.limits.compartments = 60;
    for (const Partitioner partitioner : values(kPartitionerNames)) {
        Diagnostics found;
        const Lowered lowered = lower(scattered_cells(200), chip, found);
        const Partition packed = partition(lowered, chip, Partitioner::kGreedy, 1, found);
        const Partition grouped = partition(lowered, chip, partitioner, 1, found);
        INFO(name_of(kPartitionerNames, partitioner));
        REQUIRE(found.all().empty());
        REQUIRE(verify(grouped.mapping, lowered).empty());
        const IdVector<NeuronId, ShardId>& shard_of = grouped.mapping.shard_of;
        for (const NeuronId i : IdRange<NeuronId>{200}) {
            CHECK(shard_of[i] == shard_of[i + 200]);
            CHECK(shard_of[i] == shard_of[i + 400]);
        }
        for (const CoreFill& fill : count_fills(lowered, grouped.mapping)) {
            CHECK(exceeded(fill, chip.limits).empty());
        }
        if (partitioner == Partitioner::kGreedy) continue;
        CHECK(mapping_cost(lowered, grouped.mapping, {}) * 2 <
              mapping_cost(lowered, packed.mapping, {}));
    }
}

TEST_CASE("neurons that send more are kept nearer to their targets", "[partition_methods]") {
    const isa::ChipSpec chip = tight_chip();
    std::uint64_t with_rates = 0;
    std::uint64_t without = 0;
    for (std::uint32_t seed = 300; seed < 312; ++seed) {
        const Lowered lowered = lowered_network(seed, chip);
        MappingMethod options;
        IdVector<NeuronId, std::uint32_t> rates(lowered.neuron_count(), 1);
        for (std::uint32_t n = 0; n < rates.size(); n += 5) rates[NeuronId{n}] = 200;
        Diagnostics found;
        const Partition uniform = partition(lowered, chip, options, found);
        options.rates = rates;
        const Partition profiled = partition(lowered, chip, options, found);
        REQUIRE_FALSE(found.has_errors());
        without += mapping_cost(lowered, uniform.mapping, rates);
        with_rates += mapping_cost(lowered, profiled.mapping, rates);
    }
    CHECK(with_rates * 10 < without * 9);
}

}  // namespace
}  // namespace seamount::compiler
