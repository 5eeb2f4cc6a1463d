#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "compiler/driver/driver.hpp"
#include "compiler/verify/verify.hpp"
#include "isa/chip/routes.hpp"
#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

using Catch::Contains;

/// 4 x 2 tiles of 2 cores of 10 compartments, with faults.
isa::ChipSpec faulty(const std::string& faults) {
    return isa::ChipSpec::parse(
        "prices: none\n"
        "topology: {width: 4, height: 2, cores_per_tile: 2}\n"
        "limits: {compartments: 10, input_axons: 0, output_axons: 0, synapse_bits: 64000,\n"
        "  synapse_formats: 0, neuron_groups: 0, microcode_words: 0}\n" +
            faults,
        "chip.yaml");
}

Network sixty_neurons() {
    Network network;
    network.name = "sixty";
    for (const char* const name : {"a", "b"}) add_population(network, name, 30);
    for (std::uint32_t to = 0; to < 2; ++to) {
        std::vector<std::vector<RawSynapse>> rows(30);
        for (std::uint32_t i = 0; i < 30; ++i) {
            for (std::uint32_t k = 0; k <= i / 2; ++k) {
                rows[i].push_back({(i + 7 * k) % 30, 3.0 + k, k % 3});
            }
        }
        add_projection(network, {false, 0}, to, rows);
    }
    return network;
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

TEST_CASE("nothing is put on dead cores, whatever the placer", "[faults]") {
    const isa::ChipSpec chip = faulty("faults: {dead_cores: [0, 1, 4, 5, 9]}\n");
    for (const Placer placer : {Placer::kRowMajor, Placer::kHilbert}) {
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
            CompileOptions options;
            options.placer = placer;
            options.mapping_seed = seed;
            const CompileResult result = compile(sixty_neurons(), chip, options);
            REQUIRE(result.image.cores.size() > 1);
            for (const isa::CoreImage& core : result.image.cores) CHECK(chip.core_works(core.core));
            CHECK(verify_image(sixty_neurons(), result.image, chip, "image").found == 0);
        }
    }
}

TEST_CASE("cores with dead words of synapse memory get what still fits", "[faults]") {
    const CompileResult whole = compile(sixty_neurons(), faulty(""), {});
    std::uint64_t most = 0;
    for (const CoreFill& fill : whole.report.fills) most = std::max(most, fill.synapse_bits);
    // All cores but the last eight have room for one word less than the fullest core needs.
    std::string words;
    for (int core = 0; core < 8; ++core) {
        words += fmt::format("[{}, {}], ", core, 1000 - most / 64 + 1);
    }
    const isa::ChipSpec chip = faulty("faults: {dead_synapse_words: [" + words + "]}\n");
    const CompileResult result = compile(sixty_neurons(), chip, {});
    CHECK(verify_image(sixty_neurons(), result.image, chip, "image").found == 0);
    std::size_t moved = 0;
    for (const PlacedFill& fill : result.report.fills) {
        CHECK(fill.synapse_bits <= chip.limits_of(fill.core).synapse_bits);
        moved += fill.core >= CoreId{8} ? 1U : 0U;
    }
    CHECK(moved != 0);
}

TEST_CASE("faults that leave no room are named", "[faults]") {
    CHECK_THAT(failure(sixty_neurons(),
                       faulty("faults: {dead_cores: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, "
                              "15]}\n")),
               Contains("CMP-CORES") && Contains("of which 14 are dead"));
    Network kept = sixty_neurons();
    const IdRange<CoreId> first{8};
    for (Population& population : kept.populations) {
        population.region.emplace().cores.assign(first.begin(), first.end());
    }
    CHECK_THAT(failure(kept, faulty("faults: {dead_synapse_words: [[0, 999], [1, 999], [2, 999], "
                                    "[3, 999], [4, 999], [5, 999], [6, 999], [7, 999]]}\n")),
               Contains("CMP-REGION") && Contains("no core of the region of population"));
    Network small;
    small.name = "pinned";
    add_population(small, "a", 4).pinned.list = {CoreId{3}};
    CHECK_THAT(failure(small, faulty("faults: {dead_cores: [3]}\n")),
               Contains("CMP-PIN") && Contains("pinned to core 3, which is dead"));
}

TEST_CASE("hops and link loads are counted over the routes around dead links", "[faults]") {
    const isa::ChipSpec chip = faulty("faults: {dead_links: [[0, 1], [1, 5]]}\n");
    CompileOptions options;
    options.placer = Placer::kRowMajor;  // uses the tiles beside the dead links
    const CompileResult around = compile(sixty_neurons(), chip, options);
    const CompileResult direct = compile(sixty_neurons(), faulty(""), options);
    CHECK(around.report.packets_per_step == direct.report.packets_per_step);
    CHECK(around.report.hops_per_step > direct.report.hops_per_step);
    const isa::Routes routes{chip};
    std::uint64_t hops = 0;
    for (const isa::CoreImage& core : around.image.cores) {
        for (const isa::OutputAxon& output : core.outputs) {
            hops += routes.hops(chip.tile_of(core.core), chip.tile_of(output.core));
        }
    }
    CHECK(around.report.hops_per_step == hops);
}

}  // namespace seamount::compiler
