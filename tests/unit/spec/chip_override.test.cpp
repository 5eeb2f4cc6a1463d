#include "isa/chip/chip_override.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "isa/chip/chip_spec.hpp"

using namespace seamount;
using namespace seamount::isa;
using Catch::Contains;

namespace {

const std::filesystem::path kChips = std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "configs/chips";

ChipSpec loihi1_with(const std::vector<std::string>& assignments) {
    Settings settings;
    for (const std::string& assignment : assignments) settings.add(assignment);
    ChipSpec chip = ChipSpec::load(kChips / "loihi1.yaml", settings);
    CHECK(settings.unused().empty());
    return chip;
}

}  // namespace

TEST_CASE("a dotted path overrides one number of a chip and nothing else", "[chip_override]") {
    const ChipSpec plain = loihi1_with({});
    ChipSpec chip = loihi1_with({"prices.synapse_pj=30"});
    CHECK(chip.price(Event::kSynapse) == EventPrice{Picoseconds{3500}, Picojoules{30.0}});
    CHECK(chip.provenance.at("prices.synapse_pj") ==
          Provenance{"the command line (--set)", Grade::kAssumed});
    chip.prices = plain.prices;
    chip.provenance = plain.provenance;
    chip.resolved = plain.resolved;
    CHECK(chip == plain);
}

TEST_CASE("every number of a chip has a path that --set takes", "[chip_override]") {
    const ChipSpec chip =
        loihi1_with({"limits.compartments=2048", "topology.width=16", "topology.host_tile=[9, 3]",
                     "mesh.link_occupancy_ns=2.5", "power.idle_mw=1.5", "prices.spike_out_ns=7"});
    CHECK(chip.limits.compartments == 2048);
    CHECK(chip.width == 16);
    CHECK((chip.host_tile_x == 9 && chip.host_tile_y == 3));
    CHECK(chip.link_occupancy == Picoseconds{2500});
    CHECK(chip.idle_power == Milliwatts{1.5});
    // A price that the profile does not name costs nothing, and still has its path.
    CHECK(chip.price(Event::kSpikeOut).time == Picoseconds{7000});
}

TEST_CASE("a path overrides the profile that a variable put in force", "[chip_override]") {
    const ChipSpec chip = loihi1_with({"prices=nahuku", "prices.synapse_pj=30"});
    CHECK(chip.prices_name == "nahuku");
    CHECK(chip.price(Event::kSynapse) == EventPrice{Picoseconds{4700}, Picojoules{30.0}});
}

TEST_CASE("prices of mesh and barrier also go by the name of their block", "[chip_override]") {
    const ChipSpec chip = loihi1_with(
        {"mesh.hop_ew_ns=2", "mesh.hop_ns_pj=5.5", "mesh.tile_spike_ns=1", "barrier.base_ns=100"});
    CHECK(chip.price(Event::kHopEastWest) == EventPrice{Picoseconds{2000}, Picojoules{3.0}});
    CHECK(chip.price(Event::kHopNorthSouth) == EventPrice{Picoseconds{6500}, Picojoules{5.5}});
    CHECK(chip.price(Event::kTileSpike).time == Picoseconds{1000});
    CHECK(chip.barrier.time(1, 2) == Picoseconds{135'200});
    CHECK(chip.provenance.at("prices.barrier").source == "the command line (--set)");
}

TEST_CASE("another barrier model takes the keys that it has in common", "[chip_override]") {
    CHECK(loihi1_with({"barrier.model=fixed"}).barrier.time(10, 32) == Picoseconds{113'000});
    const ChipSpec table =
        loihi1_with({"prices.barrier.model=table", "prices.barrier.table_ns={1: 100, 32: 200}"});
    CHECK(table.barrier.time(10, 1) == Picoseconds{100'000});
    CHECK(table.barrier.time(10, 32) == Picoseconds{200'000});
    CHECK_THROWS_WITH(loihi1_with({"barrier.model=table"}), Contains("[YML-MISSING]"));
    CHECK_THROWS_WITH(loihi1_with({"prices=nahuku", "barrier.per_hop_ns=3"}),
                      Contains("--set: error: unknown key 'per_hop_ns'"));
}

TEST_CASE("all bad paths and values are reported, with the nearest path", "[chip_override]") {
    try {
        (void)loihi1_with({"prices.synapse_pk=30", "mesh.hop_ew_nn=2", "no.such.thing=1",
                           "limits.=1", "limits.compartments.value=4", "sources.davies2018=x",
                           "limits.max_delay=99", "power.idle_mw=warm", "topology.host_tile=[0"});
        FAIL("the paths were accepted");
    } catch (const InputError& error) {
        const std::string text = error.what();
        for (const char* const part :
             {"--set: error: the chip has no 'prices.synapse_pk' [CLI-SET-PATH]",
              "did you mean 'prices.synapse_pj'?", "did you mean 'prices.hop_ew_ns'?",
              "the chip has no 'no.such.thing'", "the chip has no 'limits.'",
              "the chip has no 'limits.compartments.value'", "the chip has no 'sources.davies2018'",
              "--set: error: 'max_delay' is 99, must be in [0, 63] [YML-RANGE]",
              "--set: error: 'idle_mw' is warm, must be a number", "[YML-SYNTAX]"}) {
            CHECK_THAT(text, Contains(part));
        }
    }
}

TEST_CASE("a list of faults is set as in YAML", "[chip_override]") {
    const ChipSpec chip = loihi1_with({"faults.dead_cores=[3, 5]"});
    CHECK(chip.faults.dead_cores == std::vector{CoreId{3}, CoreId{5}});
    CHECK_THROWS_WITH(loihi1_with({"faults.dead_core=[3]"}),
                      Contains("--set: error: unknown key 'dead_core'"));
}

TEST_CASE("a path that no chip took is unused", "[chip_override]") {
    Settings settings;
    settings.add("prices.synapse_pj=30");
    CHECK(settings.unused() == std::vector<std::string>{"prices.synapse_pj"});
    CHECK(settings.take_paths(Settings::Into::kChip) == PathValues{{"prices.synapse_pj", "30"}});
    CHECK(settings.unused().empty());
}

TEST_CASE("the chip of an image takes paths too", "[chip_override]") {
    const std::string text = loihi1_with({"prices=nahuku"}).resolved;
    Settings settings;
    settings.add("prices.axon_in_ns=20");
    const ChipSpec chip = ChipSpec::parse_resolved(text, "net.smi(chip)", settings);
    CHECK(chip.price(Event::kAxonIn).time == Picoseconds{20'000});
    CHECK(ChipSpec::parse_resolved(chip.resolved, "again") == chip);
}
