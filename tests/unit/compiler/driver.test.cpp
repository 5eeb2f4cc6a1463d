#include "compiler/driver/driver.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <set>
#include <utility>

#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

using Catch::Contains;

TEST_CASE("compiling reports sizes, fills and losses", "[driver]") {
    isa::ChipSpec chip = small_chip();
    chip.limits.compartments = 30;
    Network network = random_network(51);
    const std::uint32_t neurons = network.neuron_count();
    const std::size_t projections = network.projections.size();
    const CompileResult result = compile(std::move(network), chip, {});
    const auto json = nlohmann::json::parse(report_json(result.report));
    CHECK(json["neurons"] == neurons);
    CHECK(json["synapses"] == connections_of(result.image).size());
    CHECK(json["cores"] == result.image.cores.size());
    CHECK(json["fills"].size() == result.image.cores.size());
    CHECK(json["quantisation"].size() == projections);
    std::size_t outputs = 0;
    for (std::size_t c = 0; c < result.image.cores.size(); ++c) {
        const isa::CoreImage& core = result.image.cores[c];
        const auto& fill = json["fills"][c];
        CHECK(fill["core"] == core.core.value());
        CHECK(fill["compartments"] == core.neurons.size());
        CHECK(fill["input_axons"] == core.input_axons.size());
        CHECK(fill["output_axons"] == core.outputs.size());
        std::set<std::pair<std::uint32_t, std::array<std::int32_t, isa::kParameters>>> groups;
        for (const isa::NeuronGroup& group : core.groups) {
            groups.insert({group.program, group.params});
        }
        CHECK(fill["neuron_groups"] == groups.size());
        CHECK(fill["synapse_formats"] == core.formats.size());
        CHECK(fill["microcode_words"] == test_program()->words.size());
        outputs += core.outputs.size();
    }
    CHECK(json["packets_per_step"].get<std::size_t>() +
              json["local_packets_per_step"].get<std::size_t>() ==
          outputs);
    for (const char* key : {"hops_per_step", "max_link_load", "partition_s", "place_s", "compile_s",
                            "peak_rss_bytes"}) {
        CHECK(json[key].is_number());
    }
    for (const char* key : {"expected_step_time_ns", "expected_core_time_ns",
                            "expected_link_time_ns", "expected_barrier_time_ns"}) {
        CHECK_FALSE(json.contains(key));  // the chip has no prices
    }
    CHECK(json["peak_rss_bytes"] > 1000000);
}

TEST_CASE("clipped weights do not stop a compilation but are warned of", "[driver]") {
    Network network;
    add_population(network, "a", 2);
    add_projection(network, {false, 0}, 0, {{{1, 1000.0, 0}}});
    const CompileResult result = compile(std::move(network), small_chip(), {});
    REQUIRE(result.warnings.size() == 1);
    CHECK(result.warnings[0].code == "CMP-CLIP");
    CHECK(result.report.losses.at(0).clipped == 1);
}

TEST_CASE("the network can be looked at after every pass", "[driver]") {
    const std::vector<std::pair<Pass, std::string>> passes{
        {Pass::kFrontend, "network 'random'"},     {Pass::kLower, "lowered 'random'"},
        {Pass::kPartition, "mapping of 'random'"}, {Pass::kPlace, "core 0"},
        {Pass::kCodegen, "image 'random'"},
    };
    for (const auto& [pass, text] : passes) {
        std::string dumped;
        CompileOptions options;
        options.dump_after = pass;
        options.dump = [&dumped](const std::string& listing) { dumped += listing; };
        (void)compile(random_network(61), small_chip(), options);
        CHECK_THAT(dumped, Contains(text));
    }
}

}  // namespace
}  // namespace seamount::compiler
