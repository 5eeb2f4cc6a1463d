#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "compiler/driver/driver.hpp"
#include "compiler/partition/partition.hpp"
#include "compiler/place/place.hpp"
#include "compiler/verify/verify.hpp"
#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

using Catch::Contains;
using Cores = std::set<CoreId>;

/// 4 x 4 tiles of 2 cores of 10 compartments.
isa::ChipSpec chip_of_32(const std::string& faults = {}) {
    return isa::ChipSpec::parse(
        "prices: none\n"
        "topology: {width: 4, height: 4, cores_per_tile: 2}\n"
        "limits: {compartments: 10, input_axons: 0, output_axons: 0, synapse_bits: 64000,\n"
        "  synapse_formats: 0, neuron_groups: 0, microcode_words: 0}\n" +
            faults,
        "chip.yaml");
}

/// Populations a, b and c of 30 neurons, connected all around.
Network three_populations() {
    Network network;
    network.name = "three";
    network.file = "net.yaml";
    for (const char* const name : {"a", "b", "c"}) add_population(network, name, 30);
    for (std::uint32_t from = 0; from < 3; ++from) {
        std::vector<std::vector<RawSynapse>> rows(30);
        for (std::uint32_t i = 0; i < 30; ++i) {
            for (std::uint32_t k = 0; k < 5; ++k) rows[i].push_back({(i * 7 + k) % 30, 3.0, 0});
        }
        add_projection(network, {false, from}, (from + 1) % 3, rows);
    }
    return network;
}

Region tiles(std::uint32_t x, std::uint32_t y, std::uint32_t width, std::uint32_t height) {
    return {{"net.yaml", 7, 9}, {}, std::array<std::uint32_t, 4>{x, y, width, height}};
}
Region cores(std::initializer_list<std::uint32_t> list) {
    Region region{{"net.yaml", 7, 9}, {}, {}};
    for (const std::uint32_t core : list) region.cores.emplace_back(core);
    return region;
}

Cores set_of(std::initializer_list<std::uint32_t> list) {
    Cores cores;
    for (const std::uint32_t core : list) cores.emplace(core);
    return cores;
}

/// The cores that hold neurons [first, first + 30).
Cores cores_of(const isa::Image& image, std::uint32_t first) {
    Cores found;
    for (const isa::CoreImage& core : image.cores) {
        for (const NeuronId neuron : core.neurons) {
            if (neuron - NeuronId{first} < 30) found.insert(core.core);
        }
    }
    return found;
}

bool within(const Cores& some, const Cores& all) {
    return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

std::string failure(Network network, const isa::ChipSpec& chip) {
    try {
        (void)compile(std::move(network), chip, {});
    } catch (const InputError& e) {
        return e.what();
    }
    return {};
}

}  // namespace

TEST_CASE("a population with a region stays within it and alone on its cores, whatever the method",
          "[regions]") {
    const isa::ChipSpec chip = chip_of_32();
    const Cores right = set_of({4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31});
    const Cores few = set_of({5, 9, 16, 23});
    Network network = three_populations();
    network.populations[0].region = tiles(2, 0, 2, 4);
    network.populations[2].region = cores({23, 5, 16, 9});  // the two regions overlap
    for (const Partitioner partitioner : values(kPartitionerNames)) {
        for (const Placer placer : values(kPlacerNames)) {
            for (const std::uint64_t seed : {1U, 2U}) {
                CompileOptions options;
                options.partitioner = partitioner;
                options.placer = placer;
                options.mapping_seed = seed;
                INFO(name_of(kPartitionerNames, partitioner)
                     << ' ' << name_of(kPlacerNames, placer) << ' ' << seed);
                const CompileResult result = compile(network, chip, options);
                const Cores a = cores_of(result.image, 0);
                const Cores b = cores_of(result.image, 30);
                const Cores c = cores_of(result.image, 60);
                CHECK(within(a, right));
                CHECK(within(c, few));
                CHECK(a.size() + b.size() + c.size() == result.image.cores.size());
                CHECK(verify_image(network, result.image, chip, "image").found == 0);
            }
        }
    }
}

TEST_CASE("a region may fill the chip to its last core, and no more", "[regions]") {
    for (const Partitioner partitioner : values(kPartitionerNames)) {
        INFO(name_of(kPartitionerNames, partitioner));
        const auto filling = [](std::uint32_t size) {
            Network network;
            network.name = "one";
            network.file = "net.yaml";
            add_population(network, "a", size);
            network.populations[0].region = tiles(0, 0, 4, 4);
            return network;
        };
        CompileOptions options;
        options.partitioner = partitioner;
        CHECK(compile(filling(320), chip_of_32(), options).image.cores.size() == 32);
        CHECK_THAT(failure(filling(321), chip_of_32()),
                   Contains("the network needs 33 cores, chip") && Contains("has 32") &&
                       !Contains("pinned"));
    }
}

TEST_CASE("dead cores of a region are left out", "[regions]") {
    Network network = three_populations();
    network.populations[0].region = tiles(0, 0, 2, 1);
    const isa::ChipSpec chip = chip_of_32("faults: {dead_cores: [1]}\n");
    CHECK(cores_of(compile(network, chip, {}).image, 0) == set_of({0, 2, 3}));
}

TEST_CASE("a region that is too small or outside the chip is an error", "[regions]") {
    Network network = three_populations();
    network.populations[0].region = tiles(0, 0, 1, 1);
    CHECK_THAT(failure(network, chip_of_32()),
               Contains("the region of population 'a' has 2 cores, its neurons need 3") &&
                   Contains("[CMP-REGION]") && Contains("make the region larger"));
    network.populations[0].region = tiles(3, 1, 2, 3);
    CHECK_THAT(failure(network, chip_of_32()),
               Contains("net.yaml:7:9: error: population 'a' belongs on tiles 3 to 4 of rows 1 to "
                        "3, chip") &&
                   Contains("has tiles 0 to 3 in rows 0 to 3"));
    network.populations[0].region = cores({3, 32});
    CHECK_THAT(failure(network, chip_of_32()),
               Contains("population 'a' belongs on core 32, chip") && Contains("cores 0 to 31"));
}

}  // namespace seamount::compiler
