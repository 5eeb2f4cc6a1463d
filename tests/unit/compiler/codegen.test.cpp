#include "compiler/codegen/codegen.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "compiler/lower/lower.hpp"
#include "compiler/partition/partition.hpp"
#include "compiler/place/place.hpp"
#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

struct Compiled {
    Lowered lowered;
    Mapping mapping;
    isa::Image image;
};

Compiled compiled(const Network& network, std::uint64_t seed) {
    isa::ChipSpec chip = small_chip();
    chip.width = 16;
    chip.height = 16;
    chip.limits.compartments = 16;
    Diagnostics found;
    Compiled result{lower(network, chip, found), {}, {}};
    result.mapping = partition(result.lowered, chip, Partitioner::kAuto, seed, found).mapping;
    REQUIRE_FALSE(found.has_errors());
    place(result.mapping, chip, Placer::kHilbert, seed);
    result.image = generate(result.lowered, result.mapping, chip);
    return result;
}

TEST_CASE("every synapse is in the image exactly once, with its weight and delay", "[codegen]") {
    std::size_t cores = 0;
    for (std::uint32_t seed = 500; seed < 530; ++seed) {
        const Compiled c = compiled(random_network(seed), seed);
        INFO(seed);
        REQUIRE(isa::check_image(c.image).empty());
        REQUIRE(connections_of(c.image) == connections_of(c.lowered));
        cores = std::max(cores, c.image.cores.size());
    }
    CHECK(cores > 4);
}

TEST_CASE("every neuron is in one compartment of its core, in a group with its words",
          "[codegen]") {
    for (std::uint32_t seed = 600; seed < 620; ++seed) {
        const Compiled c = compiled(random_network(seed), seed);
        IdVector<NeuronId, int> seen(c.lowered.neuron_count());
        for (const isa::CoreImage& core : c.image.cores) {
            for (const isa::NeuronGroup& group : core.groups) {
                const LoweredPopulation& population = c.lowered.populations.at(group.population);
                REQUIRE(group.program == population.program);
                for (std::uint32_t k = 0; k < group.count; ++k) {
                    const NeuronId neuron = core.neurons.at(group.first + k);
                    const std::uint32_t i = neuron - population.first_neuron;
                    ++seen[neuron];
                    REQUIRE(c.mapping.core_of.at(c.mapping.shard_of.at(neuron)) == core.core);
                    REQUIRE(group.params == population.profiles.at(population.profile_of.empty()
                                                                       ? 0
                                                                       : population.profile_of[i]));
                    for (std::size_t w = 0; w < population.state.size(); ++w) {
                        const auto& words = group.state.at(w);
                        REQUIRE(words.at(words.size() == 1 ? 0 : k) == population.state[w].at(i));
                    }
                }
            }
        }
        REQUIRE(std::all_of(seen.begin(), seen.end(), [](int times) { return times == 1; }));
    }
}

TEST_CASE("compartments are grouped: one group per population and parameter set of a core",
          "[codegen]") {
    const Compiled c = compiled(random_network(3), 2);
    for (const isa::CoreImage& core : c.image.cores) {
        for (std::size_t g = 1; g < core.groups.size(); ++g) {
            const isa::NeuronGroup& a = core.groups[g - 1];
            const isa::NeuronGroup& b = core.groups[g];
            CHECK(b.first == a.first + a.count);
            CHECK((a.population < b.population ||
                   (a.population == b.population && a.params != b.params)));
        }
    }
}

TEST_CASE("a source has one axon per target core, with all its formats in one row", "[codegen]") {
    const Compiled c = compiled(random_network(21), 1);
    for (const isa::CoreImage& core : c.image.cores) {
        CHECK(core.rows.size() == core.input_axons.size());
        for (std::size_t n = 0; n < core.neurons.size(); ++n) {
            for (std::uint32_t o = core.output_first[n] + 1; o < core.output_first[n + 1]; ++o) {
                CHECK(core.outputs[o - 1].core < core.outputs[o].core);
            }
        }
    }
}

TEST_CASE("the same network and seed give the same image", "[codegen]") {
    CHECK(compiled(random_network(31), 4).image == compiled(random_network(31), 4).image);
    CHECK_FALSE(compiled(random_network(31), 4).image == compiled(random_network(31), 5).image);
}

TEST_CASE("what the network says about inputs, probes and datasets reaches the image",
          "[codegen]") {
    Network network = random_network(41);
    network.seed = 77;
    network.dataset = {2, 10, 3, false, {1, 0}};
    network.readout.by = isa::ReadoutBy::kSpikeCount;
    network.readout.reference = "paper";
    network.probes = {{0, "v", {0}, 2, {"net.yaml", 7, 5}}};
    const Compiled c = compiled(network, 1);
    CHECK(c.image.network == "random");
    CHECK(c.image.seed == 77);
    CHECK(c.image.dataset == network.dataset);
    CHECK(c.image.readout == network.readout);
    CHECK(c.image.probes == network.probes);
    REQUIRE(c.image.inputs.size() == 2);
    CHECK(c.image.inputs[0].spike_steps == std::vector<std::uint64_t>{0});
    REQUIRE(c.image.programs.size() == 1);
    CHECK(c.image.programs[0].words == test_program()->words);
    CHECK(c.image.programs[0].states == std::vector<std::string>{"v", "bias", "threshold"});
    CHECK(c.image.programs[0].file == "test.asm");
    CHECK(c.image.populations[1].where == network.populations[1].where);
    REQUIRE(c.image.projections.size() == network.projections.size());
    std::vector<RawSynapse> row;
    for (std::size_t i = 0; i < network.projections.size(); ++i) {
        const Projection& asked = network.projections[i];
        std::uint64_t synapses = 0;
        for (std::uint32_t source = 0; source < network.source_size(asked.from); ++source) {
            asked.rows->row(source, row);
            synapses += row.size();
        }
        CHECK(c.image.projections[i] == isa::ProjectionImage{asked.name,
                                                             network.source_name(asked.from),
                                                             asked.to, synapses, asked.where});
    }
}

}  // namespace
}  // namespace seamount::compiler
