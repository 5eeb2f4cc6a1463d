#include <catch2/catch.hpp>
#include <numeric>
#include <random>

#include "compiler/lower/lower.hpp"
#include "compiler/partition/fill/limits.hpp"
#include "compiler/partition/partition.hpp"
#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

using Catch::Contains;

/// Every neuron of `sources` to every neuron of `targets`, weight 1.
std::vector<std::vector<RawSynapse>> all_to_all(std::uint32_t sources, std::uint32_t targets) {
    std::vector<RawSynapse> row;
    for (std::uint32_t t = 0; t < targets; ++t) row.push_back({t, 1.0, 0});
    return std::vector<std::vector<RawSynapse>>(sources, row);
}

Network two_layers() {
    Network network;
    network.file = "net.yaml";
    add_population(network, "front", 50);
    add_population(network, "back", 40);
    add_projection(network, {false, 0}, 1, all_to_all(50, 40));
    return network;
}

std::vector<Diagnostic> findings(const Network& network, const isa::ChipSpec& chip) {
    Diagnostics found;
    const Lowered lowered = lower(network, chip, found);
    REQUIRE(found.all().empty());
    (void)partition(lowered, chip, Partitioner::kAuto, 1, found);
    return found.all();
}

TEST_CASE("a neuron that fits on no core names population, limit, need and remedy",
          "[partition_errors]") {
    isa::ChipSpec chip = small_chip();
    chip.limits.input_axons = 49;
    const auto found = findings(two_layers(), chip);
    REQUIRE(found.size() == 1);
    CHECK(to_string(found[0]) ==
          "net.yaml:4:3: error: population 'back' does not fit: neuron 0 alone needs 50 "
          "input_axons, limit 49 per core (40 such neurons) [CMP-FIT]\n"
          "    hint: connect fewer sources to each neuron, or use a chip with more input axons per "
          "core");
}

TEST_CASE("all limits that a network cannot meet are reported at once", "[partition_errors]") {
    isa::ChipSpec chip = small_chip();
    chip.limits.input_axons = 49;
    chip.limits.synapse_bits = 3000;  // one synapse of each of 50 axons takes 3,200
    const auto found = findings(two_layers(), chip);
    REQUIRE(found.size() == 2);
    CHECK_THAT(to_string(found[0]), Contains("needs 50 input_axons"));
    CHECK_THAT(to_string(found[1]), Contains("needs 3,200 synapse_bits, limit 3,000 per core"));
}

/// Neurons in groups whose members have targets in their group only, in an order that hides them.
Network hidden_groups(std::uint32_t groups, std::uint32_t size, std::uint32_t fan_out) {
    std::mt19937 random{1};
    std::vector<std::uint32_t> order(groups * size);
    std::iota(order.begin(), order.end(), 0U);
    for (std::size_t i = order.size() - 1; i > 0; --i)
        std::swap(order[i], order[random() % (i + 1)]);
    std::vector<std::vector<RawSynapse>> rows(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        for (std::uint32_t k = 1; k <= fan_out; ++k) {
            const std::uint32_t to = i / size * size + static_cast<std::uint32_t>(random() % size);
            rows[order[i]].push_back({order[to], 1.0, 0});
        }
    }
    Network network;
    network.file = "net.yaml";
    add_population(network, "a", groups * size);
    add_projection(network, {false, 0}, 0, std::move(rows));
    return network;
}

/// Every neuron has its sources anywhere.
Network random_sources(std::uint32_t size, std::uint32_t fan_in) {
    std::mt19937 random{1};
    std::vector<std::vector<RawSynapse>> rows(size);
    for (std::uint32_t to = 0; to < size; ++to) {
        for (std::uint32_t k = 0; k < fan_in; ++k) {
            rows[random() % size].push_back({to, 1.0, 0});
        }
    }
    Network network;
    network.file = "net.yaml";
    add_population(network, "a", size);
    add_projection(network, {false, 0}, 0, std::move(rows));
    return network;
}

isa::ChipSpec chip_with_axons(std::uint64_t compartments, std::uint64_t axons) {
    isa::ChipSpec chip = small_chip();
    chip.limits.compartments = compartments;
    chip.limits.input_axons = axons;
    chip.limits.output_axons = axons;
    return chip;
}

TEST_CASE("where quick mappings need far too many cores, no search follows but with effort 9",
          "[partition_errors]") {
    const isa::ChipSpec chip = chip_with_axons(200, 300);
    Diagnostics found;
    const Lowered lowered = lower(random_sources(2000, 40), chip, found);
    REQUIRE(found.all().empty());
    std::vector<std::string> tried;
    MappingMethod method;
    method.progress = [&tried](const std::string& what) { tried.push_back(what); };
    (void)partition(lowered, chip, method, found);
    REQUIRE(found.all().size() == 1);
    CHECK_THAT(to_string(found.all()[0]), Contains("so many by a quick mapping (next-fit)") &&
                                              Contains("hint: --effort 9 searches all the same"));
    CHECK(tried.size() <= 4);
    CHECK(tried.back() == "streaming, 11 cores");

    Diagnostics thorough;
    method.effort = kMostEffort;
    (void)partition(lowered, chip, method, thorough);
    REQUIRE(thorough.all().size() == 1);
    CHECK_THAT(to_string(thorough.all()[0]),
               Contains("a search found no mapping that fits") && !Contains("--effort"));
    CHECK(tried.size() > 8);
}

TEST_CASE("what no mapping can fit is not searched for", "[partition_errors]") {
    const isa::ChipSpec chip = chip_with_axons(100, 4096);
    Diagnostics found;
    const Lowered lowered = lower(random_sources(2000, 40), chip, found);
    std::vector<std::string> tried;
    MappingMethod method;
    method.progress = [&tried](const std::string& what) { tried.push_back(what); };
    (void)partition(lowered, chip, method, found);
    REQUIRE(found.all().size() == 1);
    CHECK_THAT(to_string(found.all()[0]), Contains("; no mapping of them needs ") &&
                                              Contains("fewer than 20 (by compartments)"));
    CHECK(tried == std::vector<std::string>{"next-fit"});
}

TEST_CASE("a network of nine tenths of the chip that only a search can map compiles",
          "[partition_errors]") {
    const isa::ChipSpec chip = chip_with_axons(104, 120);
    Diagnostics found;
    const Lowered lowered = lower(hidden_groups(15, 100, 20), chip, found);
    const Partition cut = partition(lowered, chip, MappingMethod{}, found);
    CHECK(found.all().empty());
    CHECK(cut.mapping.shards <= chip.cores());
    Diagnostics greedy;
    (void)partition(lowered, chip, Partitioner::kGreedy, 1, greedy);
    REQUIRE(greedy.has_errors());
    CHECK_THAT(to_string(greedy.all()[0]), Contains("chip 'small' has 16"));
}

TEST_CASE("a chip with too few cores names the population that is beyond the last one",
          "[partition_errors]") {
    isa::ChipSpec chip = small_chip();
    chip.limits.compartments = 4;
    const auto found = findings(two_layers(), chip);
    REQUIRE(found.size() == 1);
    CHECK(to_string(found[0]) ==
          "net.yaml:4:3: error: the network needs 23 cores, chip 'small' has 16: population 'back' "
          "is beyond the last one (22 cores are full by compartments); no mapping of them needs "
          "fewer than 23 (by compartments) [CMP-CORES]\n"
          "    hint: use a chip with more cores or more compartments per core, or use fewer "
          "neurons");
}

TEST_CASE("the population beyond the last core is that of the first neuron that needs one more",
          "[partition_errors]") {
    Network network;
    network.file = "net.yaml";
    add_population(network, "fits", 60);
    add_population(network, "last", 4);
    add_population(network, "beyond", 8);
    add_population(network, "later", 8);
    isa::ChipSpec chip = small_chip();
    chip.limits.compartments = 4;  // 15 cores of 'fits', one of 'last'
    const auto found = findings(network, chip);
    REQUIRE(found.size() == 1);
    CHECK_THAT(to_string(found[0]),
               Contains("net.yaml:5:3: error: the network needs 20 cores, chip 'small' has 16: "
                        "population 'beyond' is beyond the last one (19 cores are full by "
                        "compartments)"));
}

TEST_CASE("neurons that find no core beside the pinned ones are told what would make room",
          "[partition_errors]") {
    Network network = two_layers();
    for (std::uint32_t i = 0; i < 50; ++i) network.populations[0].pinned.list.emplace_back(i % 16);
    isa::ChipSpec chip = small_chip();
    chip.limits.compartments = 5;  // of 80, the pinned cores have room for 30 more
    const auto found = findings(network, chip);
    REQUIRE(found.size() == 1);
    CHECK(to_string(found[0]) ==
          "net.yaml:4:3: error: the network needs 24 cores, chip 'small' has 16: population 'back' "
          "is beyond the last one (16 cores are kept for pinned neurons, 7 cores are full by "
          "compartments); so many by next-fit, and a search found no mapping that fits "
          "[CMP-CORES]\n"
          "    hint: use --partitioner greedy, which ignores pinned cores; or use a chip with more "
          "cores or more compartments per core, or use fewer neurons");
}

TEST_CASE("every limit has a remedy for every case, which names what a chip needs more of",
          "[partition_errors]") {
    isa::CoreLimits limits;
    isa::CoreAmounts need;
    for (const isa::CoreLimitInfo& row : isa::kCoreLimitTable) {
        limits.*row.amount = 1000;
        need.*row.amount = 1001;
    }
    CHECK(exceeded(limits, limits).empty());
    const auto all = exceeded(need, limits);
    REQUIRE(all.size() == isa::kCoreLimits);
    for (const LimitExcess& excess : all) {
        INFO(isa::name_of(excess.limit));
        CHECK((excess.need == 1001 && excess.allowed == 1000));
        const std::string neuron = remedy(excess.limit, LimitCase::kNeuron);
        const std::string pinned = remedy(excess.limit, LimitCase::kPinned);
        CHECK_THAT(neuron, Contains("use a chip with more ") && !Contains("greedy") &&
                               !Contains("fewer neurons per core"));
        CHECK_THAT(pinned, Contains("use a chip with more ") && Contains("--partitioner greedy") &&
                               Contains("spread"));
        CHECK_THAT(remedy(excess.limit, LimitCase::kCores), Contains("more cores"));
        CHECK(remedy(excess.limit, LimitCase::kPacked) == neuron);
    }
    CHECK_THAT(remedy(isa::CoreLimit::kNeuronGroups, LimitCase::kCores),
               Contains("populations x parameter sets"));
}

TEST_CASE("a pinned mapping that exceeds a limit lists the cores", "[partition_errors]") {
    Network network = two_layers();
    network.populations[0].pinned.list = {CoreId{0}};
    for (std::uint32_t i = 0; i < 40; ++i)
        network.populations[1].pinned.list.emplace_back(1 + i % 7);
    isa::ChipSpec chip = small_chip();
    chip.limits.input_axons = 49;
    const auto found = findings(network, chip);
    REQUIRE(found.size() == 1);
    CHECK(to_string(found[0]) ==
          "net.yaml:4:3: error: the mapping of population 'back' does not fit: 7 cores exceed "
          "input_axons, limit 49 per core: core 1 needs 50; core 2 needs 50; core 3 needs 50; core "
          "4 needs 50; core 5 needs 50; (first 5 listed); largest contributor: projection "
          "'front->back' (net.yaml:20) with 50 [CMP-FIT]\n"
          "    hint: spread the pinned neurons over more cores, use --partitioner greedy, which "
          "ignores pinned cores, or use a chip with more input axons per core");
}

TEST_CASE("a neuron pinned to a core that the chip does not have is an error",
          "[partition_errors]") {
    Network network = two_layers();
    network.populations[1].pinned.list = {CoreId{16}};
    const auto found = findings(network, small_chip());
    REQUIRE(found.size() == 1);
    CHECK_THAT(to_string(found[0]),
               Contains("net.yaml:4:3: error: population 'back': neuron 0 is pinned to core 16") &&
                   Contains("has cores 0 to 15 (40 such neurons) [CMP-PIN]"));
}

TEST_CASE("output axons that overflow only because of later neurons are still found",
          "[partition_errors]") {
    Network network = two_layers();  // each of 50 sources reaches every core of 'back'
    isa::ChipSpec chip = small_chip();
    chip.limits.compartments = 10;  // 5 + 4 cores
    chip.limits.output_axons = 40;  // 10 sources x 4 cores: exactly enough
    CHECK(findings(network, chip).empty());
    chip.limits.output_axons = 39;  // so 9 per core: 6 + 4 cores
    CHECK(findings(network, chip).empty());
    chip.limits.output_axons = 3;  // not even one source
    CHECK_THAT(to_string(findings(network, chip).at(0)),
               Contains("population 'front'") && Contains("4 output_axons, limit 3"));
}

}  // namespace
}  // namespace seamount::compiler
