#include "compiler/fit/fit.hpp"

#include <catch2/catch.hpp>

#include "compiler/driver/driver.hpp"
#include "compiler/fit/fullest_limit.hpp"
#include "compiler/lower/lower.hpp"
#include "compiler/partition/fill/limits.hpp"
#include "compiler/partition/split_overfull.hpp"
#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

std::vector<std::vector<RawSynapse>> all_to_all(std::uint32_t sources, std::uint32_t targets) {
    std::vector<RawSynapse> row;
    for (std::uint32_t t = 0; t < targets; ++t) row.push_back({t, 1.0, 0});
    return std::vector<std::vector<RawSynapse>>(sources, row);
}

Network two_layers(std::uint32_t front, std::uint32_t back) {
    Network network;
    network.file = "net.yaml";
    add_population(network, "front", front);
    add_population(network, "back", back);
    add_projection(network, {false, 0}, 1, all_to_all(front, back));
    return network;
}

/// Loihi 1 as far as tests need it, with so many cores and prices that are easy to multiply.
isa::ChipSpec chip_of(std::uint32_t tiles) {
    isa::ChipSpec chip;
    chip.name = "little";
    chip.width = tiles;
    chip.height = 1;
    chip.cores_per_tile = 1;
    chip.prices_name = "round";
    const auto price = [&chip](isa::Event event, std::uint64_t ps, double pj) {
        chip.prices[static_cast<std::size_t>(event)] = {Picoseconds{ps}, Picojoules{pj}};
    };
    price(isa::Event::kUpdateActive, 100, 1000.0);
    price(isa::Event::kSpikeOut, 10, 100.0);
    price(isa::Event::kSynapse, 1, 1.0);
    price(isa::Event::kSynapseDense, 1, 1.0);
    return chip;
}

bool compiles(const Network& network, const isa::ChipSpec& chip) {
    try {
        CompileOptions options;
        options.partitioner = Partitioner::kAuto;
        (void)compile(network, chip, options);
        return true;
    } catch (const InputError& error) {
        UNSCOPED_INFO(to_string(error.diagnostics().front()));
        CHECK(is_refusal(error.diagnostics().front()));
        return false;
    }
}

TEST_CASE("a network that fits is said to, with each layer and the limit that binds it", "[fit]") {
    const FitStudy study{two_layers(50, 40), chip_of(4), {}};
    const FitReport& report = study.report();
    CHECK(report.verdict == FitVerdict::kFits);
    CHECK(report.need.cores == 1);
    CHECK(report.chips.needed == 1);
    CHECK(report.changes.empty());
    REQUIRE(report.layers.size() == 2);
    CHECK(report.layers[1].population == "back");
    CHECK(report.layers[1].synapses == 50 * 40);
    CHECK(report.layers[1].input_axons == 50);
    CHECK(report.layers[0].output_axons == 50);
    CHECK(report.layers[1].shared_cores == 1);
}

TEST_CASE("kinds of synapses and neurons bind a core only when they are used up", "[fit]") {
    const isa::CoreLimits limits;
    isa::CoreAmounts fill;
    fill.compartments = 100;
    fill.synapse_formats = limits.synapse_formats - 1;
    fill.neuron_groups = limits.neuron_groups / 2;
    CHECK(fullest_limit(fill, limits).limit == isa::CoreLimit::kCompartments);
    CHECK(fullest_limit(fill, limits).used == 100);
    fill.synapse_formats = limits.synapse_formats;
    CHECK(fullest_limit(fill, limits).limit == isa::CoreLimit::kSynapseFormats);
    fill.synapse_bits = limits.synapse_bits + 1;
    CHECK(fullest_limit(fill, limits).limit == isa::CoreLimit::kSynapseBits);
}

TEST_CASE("a network of twice the neurons of a chip needs two chips, and says so", "[fit]") {
    Network network;
    network.file = "net.yaml";
    add_population(network, "front", 1500);
    add_population(network, "back", 1500);
    add_projection(network, {false, 0}, 1, all_to_all(3, 5));
    const FitStudy study{network, chip_of(2), {}};
    const FitReport& report = study.report();
    CHECK(report.verdict == FitVerdict::kDoesNotFit);
    CHECK(report.need.least.cores == 3);
    CHECK(report.need.least.by == isa::CoreLimit::kCompartments);
    CHECK(report.chips.least == 2);
    CHECK(report.chips.needed == 2);
    REQUIRE_FALSE(report.changes.empty());
    CHECK(report.changes.back().what.ends_with("2 chips"));
    CHECK(report.changes.back().enough);
    CHECK(report.changes.back().cores == report.need.cores);
}

TEST_CASE("a neuron that no core holds is no matter of chips: it is to be split", "[fit]") {
    isa::ChipSpec chip = chip_of(8);
    chip.limits.input_axons = 49;
    const FitStudy study{two_layers(100, 3), chip, {}};
    const FitReport& report = study.report();
    CHECK(report.verdict == FitVerdict::kDoesNotFit);
    CHECK(report.need.misfits == 3);
    CHECK(report.need.binds == isa::CoreLimit::kInputAxons);
    CHECK(report.chips.needed == 0);
    REQUIRE(report.changes.size() == 1);
    CHECK_THAT(report.changes[0].what, Catch::Contains("each neuron of 'back' into 3"));
    CHECK_FALSE(study.cost({{1.0, 1.0}, {}}));
}

TEST_CASE("fewer bits are advised where synapse memory binds, and are enough", "[fit]") {
    isa::ChipSpec chip = chip_of(2);
    Network network = two_layers(200, 64);
    // Rows of 64 synapses without an index: 8 bits in nine words, 4 bits in five.
    chip.limits.synapse_bits = 200 * 64 * 6 / 2;
    const FitStudy study{network, chip, {}};
    REQUIRE(study.report().verdict != FitVerdict::kFits);
    const auto& changes = study.report().changes;
    const auto fewer = std::find_if(changes.begin(), changes.end(), [](const FitChange& change) {
        return change.what.starts_with("bits: 4");
    });
    REQUIRE(fewer != changes.end());
    network.projections[0].bits = 4;
    CHECK(fewer->enough == compiles(network, chip));
    CHECK(fewer->enough);
}

TEST_CASE("what is said to fit compiles, what is said not to does not", "[fit]") {
    std::size_t yes = 0;
    std::size_t no = 0;
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        const Network network = random_network(seed, {4, 60, 12, true});
        isa::ChipSpec chip = chip_of(1 + seed % 5);
        chip.limits.compartments = 10 + seed % 40;
        chip.limits.input_axons = 8 * (seed % 30 + 1);
        chip.limits.output_axons = 400;
        chip.limits.synapse_bits = 20000 + 1000 * (seed % 17);
        const FitVerdict verdict = FitStudy{network, chip, {}}.report().verdict;
        const FitVerdict exact = FitStudy{network, chip, {MappingMethod{}, {}}}.report().verdict;
        const bool fits = compiles(network, chip);
        CAPTURE(seed);
        CHECK((exact == FitVerdict::kFits) == fits);
        if (verdict == FitVerdict::kFits) CHECK(fits);
        if (verdict == FitVerdict::kDoesNotFit) CHECK_FALSE(fits);
        yes += verdict == FitVerdict::kFits ? 1U : 0U;
        no += verdict == FitVerdict::kDoesNotFit ? 1U : 0U;
    }
    CHECK(yes >= 5);
    CHECK(no >= 5);
}

TEST_CASE("time and energy of a step are what the rates make of the connections", "[fit]") {
    const FitStudy study{two_layers(50, 40), chip_of(4), {}};
    const auto cost = study.cost({{0.5, 0.25}, {}});
    REQUIRE(cost);
    CHECK(cost->spikes == Approx(50 * 0.5 + 40 * 0.25));
    CHECK(cost->packets == Approx(25));
    CHECK(cost->synaptic_events == Approx(25 * 40));
    // 90 updates of 1 nJ, 35 spikes of 0.1 nJ, 1,000 operations of 1 pJ.
    CHECK(cost->dynamic_j == Approx(90e-9 + 3.5e-9 + 1e-9));
    CHECK(cost->layer_j[0] + cost->layer_j[1] == Approx(cost->dynamic_j));
    // All on one core: sending 90 x 0.1 ns + 35 x 0.01 ns, beside 1,000 operations of 1 ps.
    CHECK(cost->core_time_s == Approx(9.35e-9));
    CHECK(study.cost({{0.0, 0.0}, {}})->synaptic_events == 0.0);
}

TEST_CASE("a shard that exceeds a limit is halved until all parts keep it", "[fit]") {
    const isa::ChipSpec chip = chip_of(64);
    Diagnostics found;
    const Lowered lowered = lower(two_layers(50, 40), chip, found);
    isa::CoreLimits limits = chip.limits;
    limits.compartments = 12;
    Mapping mapping;
    mapping.shard_of.assign(90, ShardId{0});
    mapping.shards = 1;
    mapping.core_of.resize(1, Mapping::kUnplaced);
    const auto fills = split_overfull(lowered, limits, 0, 64, mapping);
    REQUIRE(fills);
    CHECK(fills->size() == mapping.shards);
    CHECK(mapping.shards == 8);
    const auto counted = count_fills(lowered, mapping);
    for (const ShardId shard : counted.ids()) {
        CHECK((*fills)[shard] == counted[shard]);
        CHECK(counted[shard].compartments <= 12);
    }
    limits.input_axons = 10;
    CHECK_FALSE(split_overfull(lowered, limits, 0, 64, mapping));
}

TEST_CASE("a network too large to be generated is refused by what its synapses need", "[fit]") {
    isa::ChipSpec chip = chip_of(1);
    chip.limits.synapse_bits = 1000;
    const FitStudy study{two_layers(300, 300), chip, {}};
    CHECK(study.report().verdict == FitVerdict::kDoesNotFit);
    CHECK(study.report().too_large);
    CHECK(study.report().chips.least == 17);
    CHECK_FALSE(study.cost({{1.0, 1.0}, {}}));
}

}  // namespace
}  // namespace seamount::compiler
