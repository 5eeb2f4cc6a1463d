#include "isa/chip/chip_spec.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "tests/support/temporary_folder.hpp"

using namespace seamount;
using namespace seamount::isa;
using Catch::Contains;

namespace {

const std::filesystem::path kChips = std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "configs/chips";

Settings with(const std::string& assignment) {
    Settings settings;
    settings.add(assignment);
    return settings;
}

std::string failure(const std::string& text) {
    try {
        (void)ChipSpec::parse(text, "chip.yaml");
    } catch (const InputError& e) {
        return e.what();
    }
    return {};
}

}  // namespace

TEST_CASE("Loihi 1 has the published limits and the datasheet's prices", "[chip_spec]") {
    const ChipSpec chip = ChipSpec::load(kChips / "loihi1.yaml");
    CHECK(chip.name == "loihi1");
    CHECK(chip.cores() == 128);
    CHECK((chip.width == 8 && chip.height == 4 && chip.cores_per_tile == 4));
    CHECK(chip.limits == CoreLimits{});
    CHECK(chip.limits.compartments == 1024);
    CHECK(chip.limits.input_axons == 4096);
    CHECK(chip.limits.output_axons == 4096);
    CHECK(chip.limits.synapse_bits == 1048576);
    CHECK(chip.limits.synapses == 0);
    CHECK(chip.limits.synapse_formats == 16);
    CHECK(chip.limits.neuron_groups == 32);
    CHECK(chip.limits.microcode_words == 1024);
    CHECK(chip.limits.max_delay == 62);
    CHECK(chip.prices_name == "davies2018");
    CHECK(chip.price(Event::kUpdateActive) == EventPrice{Picoseconds{8400}, Picojoules{81.0}});
    CHECK(chip.price(Event::kUpdateInactive) == EventPrice{Picoseconds{5300}, Picojoules{52.0}});
    CHECK(chip.price(Event::kSynapse) == EventPrice{Picoseconds{3500}, Picojoules{23.6}});
    CHECK(chip.price(Event::kTileSpike) == EventPrice{Picoseconds{2100}, Picojoules{1.7}});
    CHECK(chip.price(Event::kHopEastWest) == EventPrice{Picoseconds{4100}, Picojoules{3.0}});
    CHECK(chip.price(Event::kHopNorthSouth) == EventPrice{Picoseconds{6500}, Picojoules{4.0}});
    CHECK(chip.price(Event::kSpikeOut) == EventPrice{});
    CHECK(chip.link_occupancy == Picoseconds{1160});
    CHECK(chip.barrier.time(0, 1) == Picoseconds{113000});
    CHECK(chip.barrier.time(10, 32) == Picoseconds{465000});
    CHECK(chip.idle_power == Milliwatts{27.7});
    CHECK(chip.idle_core_power == Milliwatts{0.474});
    CHECK(chip.step_power == Milliwatts{});
    CHECK(chip.host.host_class == HostClass::kNone);
    CHECK(chip.host.io_power == Milliwatts{78.0});
}

TEST_CASE("a variable selects the prices fitted to a board", "[chip_spec]") {
    const ChipSpec chip = ChipSpec::load(kChips / "loihi1.yaml", with("prices=nahuku"));
    CHECK(chip.prices_name == "nahuku");
    CHECK(chip.price(Event::kUpdateActive) == EventPrice{Picoseconds{9700}, Picojoules{72.8}});
    CHECK(chip.price(Event::kSpikeOut) == EventPrice{Picoseconds{30000}, Picojoules{69.3}});
    CHECK(chip.price(Event::kAxonOut) == EventPrice{Picoseconds{5100}, Picojoules{111.0}});
    CHECK(chip.price(Event::kAxonIn) == EventPrice{Picoseconds{16000}, Picojoules{0.0}});
    CHECK(chip.price(Event::kHopNorthSouth) == EventPrice{Picoseconds{6500}, Picojoules{4.2}});
    CHECK(chip.price(Event::kTileSpike) == EventPrice{});
    // The table rounds up to the next entry and ends at its last one.
    CHECK(chip.barrier.time(0, 1) == Picoseconds{600000});
    CHECK(chip.barrier.time(0, 3) == Picoseconds{1400000});
    CHECK(chip.barrier.time(0, 5) == Picoseconds{1800000});
    CHECK(chip.barrier.time(0, 32) == Picoseconds{1800000});
    CHECK_THROWS_WITH(ChipSpec::load(kChips / "loihi1.yaml", with("prices=nahku")),
                      Contains("YML-CHOICE") && Contains("did you mean 'nahuku'?"));
}

TEST_CASE("the wide chip differs from Loihi 1 in its axon tables only", "[chip_spec]") {
    const ChipSpec narrow = ChipSpec::load(kChips / "loihi1.yaml");
    ChipSpec wide = ChipSpec::load(kChips / "loihi1_wide.yaml");
    CHECK(wide.name == "loihi1_wide");
    CHECK(wide.limits.input_axons == 8192);
    CHECK(wide.limits.output_axons == 8192);
    wide.name = narrow.name;
    wide.resolved = narrow.resolved;
    wide.limits.input_axons = narrow.limits.input_axons;
    wide.limits.output_axons = narrow.limits.output_axons;
    wide.provenance["limits.input_axons"] = narrow.provenance.at("limits.input_axons");
    wide.provenance["limits.output_axons"] = narrow.provenance.at("limits.output_axons");
    CHECK(wide == narrow);
}

TEST_CASE("the resolved text of every chip file parses to the same chip", "[chip_spec]") {
    for (const char* file : {"loihi1.yaml", "loihi1_wide.yaml"}) {
        for (const char* prices : {"prices=davies2018", "prices=nahuku"}) {
            const ChipSpec chip = ChipSpec::load(kChips / file, with(prices));
            CAPTURE(file, prices);
            const ChipSpec again = ChipSpec::parse(chip.resolved, "resolved");
            CHECK(again == chip);
            CHECK(ChipSpec::parse_resolved(chip.resolved, "resolved") == chip);
        }
    }
}

TEST_CASE("no number of a shipped chip is without source and grade", "[chip_spec]") {
    for (const char* file :
         {"loihi1.yaml", "loihi1_wide.yaml", "loihi2.yaml", "truenorth-like.yaml", "small.yaml"}) {
        const ChipSpec chip = ChipSpec::load(kChips / file);
        CAPTURE(file);
        CHECK(ChipSpec::parse_resolved(chip.resolved, "resolved") == chip);
        for (const char* path : {"topology.width", "limits.compartments", "limits.max_delay",
                                 "mesh.link_occupancy_ns", "core.overlap", "core.fetch_words",
                                 "power.idle_mw", "power.stepping_mw", "prices.barrier"}) {
            CAPTURE(path);
            CHECK(chip.provenance.contains(path));
        }
        for (const auto& [path, provenance] : chip.provenance) {
            CAPTURE(path);
            CHECK_FALSE(provenance.source.empty());
        }
        for (std::size_t i = 0; i < kEvents; ++i) {
            const std::string path = "prices." + std::string{name_of(static_cast<Event>(i))};
            CAPTURE(path);
            CHECK((chip.prices[i].time == Picoseconds{} || chip.provenance.contains(path + "_ns")));
            CHECK(
                (chip.prices[i].energy == Picojoules{} || chip.provenance.contains(path + "_pj")));
        }
    }
}

TEST_CASE("a dense format costs what a sparse one costs until it has prices of its own",
          "[chip_spec]") {
    const auto dense = [](const ChipSpec& chip) { return chip.price(Event::kSynapseDense); };
    CHECK(dense(ChipSpec::load(kChips / "loihi1.yaml")) ==
          EventPrice{Picoseconds{3500}, Picojoules{23.6}});
    CHECK(dense(ChipSpec::load(kChips / "loihi1.yaml", with("prices=nahuku"))) ==
          EventPrice{Picoseconds{3800}, Picojoules{35.5}});
    CHECK(dense(ChipSpec::load(kChips / "loihi1.yaml", with("prices.synapse_pj=30"))) ==
          EventPrice{Picoseconds{3500}, Picojoules{30.0}});
    CHECK(dense(ChipSpec::load(kChips / "loihi1.yaml", with("prices.synapse_dense_ns=2"))) ==
          EventPrice{Picoseconds{2000}, Picojoules{23.6}});
}

TEST_CASE("the stages of a core overlap as the chip file says", "[chip_spec]") {
    const auto overlaps = [](const std::string& list) {
        return ChipSpec::parse("core: {overlap: " + list + "}\nprices: none\n", "chip.yaml")
            .core_timing.overlaps;
    };
    CHECK(ChipSpec{}.core_timing.overlaps == overlaps("[axon_in]"));
    CHECK(overlaps("[]") == std::array<bool, kStages>{});
    CHECK(overlaps("[learning, spike_out]") ==
          std::array<bool, kStages>{false, true, false, false, false, false, true});
    CHECK_THAT(failure("core: {overlap: [axon_inn]}\n"),
               Contains("chip.yaml:1:18") && Contains("did you mean 'axon_in'?"));
    CHECK_THAT(failure("core: {overlap: [update]}\n"), Contains("[YML-CHOICE]"));
    CHECK_THAT(failure("core: {overlap: axon_in}\n"), Contains("'overlap' must be a list"));
    CHECK_THAT(failure("core: {fetch_words: 0}\n"), Contains("[YML-RANGE]"));
}

TEST_CASE("every number of the chip files says where it comes from", "[chip_spec]") {
    for (const char* prices : {"prices=davies2018", "prices=nahuku"}) {
        const ChipSpec chip = ChipSpec::load(kChips / "loihi1_wide.yaml", with(prices));
        for (const auto& [path, provenance] : chip.provenance) {
            CAPTURE(path);
            CHECK_FALSE(provenance.source.empty());
        }
        const std::vector<std::string> expected{"topology.width",
                                                "topology.height",
                                                "topology.cores_per_tile",
                                                "topology.host_tile",
                                                "limits.compartments",
                                                "limits.input_axons",
                                                "limits.output_axons",
                                                "limits.synapse_bits",
                                                "limits.synapse_formats",
                                                "limits.neuron_groups",
                                                "limits.microcode_words",
                                                "limits.max_delay",
                                                "mesh.link_occupancy_ns",
                                                "mesh.flit_bits",
                                                "mesh.header_bits",
                                                "mesh.payload_bits",
                                                "mesh.payload_width",
                                                "power.idle_mw",
                                                "power.idle_per_core_mw",
                                                "power.stepping_mw",
                                                "host.class",
                                                "host.snips_step_ns",
                                                "host.snips_mw",
                                                "host.io_packet_ns",
                                                "host.io_mw",
                                                "prices.barrier"};
        for (const std::string& path : expected) {
            CAPTURE(path);
            CHECK(chip.provenance.contains(path));
        }
        for (std::size_t i = 0; i < kEvents; ++i) {
            const std::string path = "prices." + std::string{name_of(static_cast<Event>(i))};
            CAPTURE(path);
            CHECK((chip.prices[i].time == Picoseconds{} || chip.provenance.contains(path + "_ns")));
            CHECK(
                (chip.prices[i].energy == Picojoules{} || chip.provenance.contains(path + "_pj")));
        }
    }
    const ChipSpec chip = ChipSpec::load(kChips / "loihi1.yaml");
    CHECK(chip.provenance.at("prices.synapse_ns") ==
          Provenance{"recalled from Davies 2018 Table 2, not re-verified", Grade::kAssumed});
    CHECK(chip.provenance.at("prices.synapse_pj").grade == Grade::kPublished);
}

TEST_CASE("a number says what error it leaves, else its grade says how far off it may be",
          "[chip_spec]") {
    const std::string text =
        "prices: none\nsources: {a: paper}\npower:\n"
        "  idle_mw: {value: 3, source: a, grade: fitted, residual: 0.04}\n"
        "  stepping_mw: {value: 3, source: a, grade: fitted}\n";
    const ChipSpec chip = ChipSpec::parse(text, "chip.yaml");
    CHECK(chip.provenance.at("power.idle_mw").residual == 0.04);
    CHECK(chip.provenance.at("power.idle_mw").spread() == 0.04);
    CHECK(chip.provenance.at("power.stepping_mw").residual == std::nullopt);
    CHECK(chip.provenance.at("power.stepping_mw").spread() == spread_of(Grade::kFitted));
    CHECK(ChipSpec::parse_resolved(chip.resolved, "resolved") == chip);
    CHECK_THAT(failure("power: {idle_mw: {value: 3, residual: -1}}\n"), Contains("[YML-RANGE]"));
}

TEST_CASE("the class of the host decides what it adds to prices and powers", "[chip_spec]") {
    const std::string text =
        "prices: p\nprofiles: {p: {host_step_ns: 7, host_packet_ns: 1, others: free, barrier: "
        "{model: fixed, base_ns: 1}}}\n"
        "host: {snips_step_ns: 5, snips_mw: 2, io_packet_ns: 9, io_mw: 3}\n";
    const auto of = [&](const char* host_class) {
        return ChipSpec::parse(text, "chip.yaml", with(std::string{"host.class="} + host_class));
    };
    const auto ns = [](const ChipSpec& chip, Event event) {
        return chip.price(event).time.count() / 1000;
    };
    const ChipSpec none = of("none");
    CHECK(ns(none, Event::kHostStep) == 7);
    CHECK(ns(none, Event::kHostPacket) == 1);
    CHECK(none.host.power() == Milliwatts{});
    const ChipSpec snips = of("snips");
    CHECK(ns(snips, Event::kHostStep) == 12);
    CHECK(ns(snips, Event::kHostPacket) == 1);
    CHECK(snips.host.power() == Milliwatts{2.0});
    const ChipSpec io = of("io");
    CHECK(ns(io, Event::kHostStep) == 12);
    CHECK(ns(io, Event::kHostPacket) == 10);
    CHECK(io.host.power() == Milliwatts{3.0});
    CHECK(ChipSpec::parse_resolved(io.resolved, "resolved") == io);
}

TEST_CASE("times are stored to the nearest picosecond and round-trip at the extremes",
          "[chip_spec]") {
    const ChipSpec chip = ChipSpec::parse(
        "chip: \"odd \\\"name\\\"\\\\ \\n\\x01 # : é\"\nprices: a b\nprofiles:\n  a b:\n"
        "    synapse_ns: 0.0014\n    synapse_pj: 0.1\n    axon_in_ns: 999999999999.999\n"
        "    hop_ew_pj: 1.2345678901234567e-7\n    others: free\n    barrier: {model: fixed, "
        "base_ns: 0.0015}\n"
        "sources: {\"null\": \"\", s t: x}\nmesh: {link_occupancy_ns: {value: 1, source: s t}}\n"
        "power: {idle_mw: {value: 1e-3, grade: measured}}\n",
        "chip.yaml");
    CHECK(chip.price(Event::kSynapse).time == Picoseconds{1});
    CHECK(chip.price(Event::kAxonIn).time == Picoseconds{999999999999999});
    CHECK(chip.barrier.time(9, 9) == Picoseconds{2});
    CHECK(chip.provenance.at("power.idle_mw") == Provenance{"", Grade::kMeasured});
    CHECK(ChipSpec::parse(chip.resolved, "resolved") == chip);
}

TEST_CASE("a name from the command line that is not UTF-8 is carried as Latin-1", "[chip_spec]") {
    const ChipSpec chip =
        ChipSpec::parse("vars: {n: a}\nchip: ${n}\nprices: none\n", "chip.yaml", with("n=caf\xE9"));
    CHECK(ChipSpec::parse_resolved(chip.resolved, "resolved").name == "caf\xC3\xA9");
}

TEST_CASE("numbers outside their range are refused, not clipped", "[chip_spec]") {
    CHECK_THAT(failure("mesh: {link_occupancy_ns: 1e13}\n"),
               Contains("'link_occupancy_ns' is 1e13, must be in [0, 1e+12] [YML-RANGE]"));
    CHECK_THAT(failure("mesh: {link_occupancy_ns: -1}\n"), Contains("YML-RANGE"));
    CHECK_THAT(failure("topology: {width: 0}\n"), Contains("YML-RANGE"));
    CHECK_THAT(failure("topology: {width: 256, height: 256, cores_per_tile: 2}\n"),
               Contains("CHIP-CORES") && Contains("131072 cores"));
    CHECK_THAT(failure("topology: {width: 2, height: 2, host_tile: [2, 0]}\n"),
               Contains("'host_tile x' is 2, must be in [0, 1]"));
    CHECK_THAT(failure("topology: {host_tile: 3}\n"), Contains("YML-TYPE"));
    CHECK_THAT(failure("limits: {max_delay: 64}\n"), Contains("must be in [0, 63]"));
    CHECK_THAT(failure("limits: {compartments: 65537}\n"), Contains("YML-RANGE"));
}

TEST_CASE("a profile that is not in force is checked but leaves nothing behind", "[chip_spec]") {
    const std::string text =
        "prices: b\nprofiles:\n  a: {synapse_ns: 5, others: free, barrier: {model: fixed, base_ns: "
        "9}}\n"
        "  b: {hop_ew_ns: 1, others: free}\n";
    const ChipSpec chip = ChipSpec::parse(text, "chip.yaml");
    CHECK(chip.price(Event::kSynapse) == EventPrice{});
    CHECK(chip.barrier == BarrierModel{});
    CHECK_THAT(failure("prices: b\nprofiles:\n  a: {synapse: 5}\n  b: {}\n"),
               Contains("chip.yaml:3:7") && Contains("did you mean 'synapse_"));
    CHECK_THAT(failure("profiles: {a: {}}\n"), Contains("YML-MISSING"));
    CHECK_THAT(failure("prices: a\n"), Contains("YML-MISSING"));
}

TEST_CASE("a chip may say that it has no prices, whatever profiles it has", "[chip_spec]") {
    CHECK(failure("prices: none\n").empty());
    const ChipSpec chip = ChipSpec::parse(
        "prices: none\nprofiles:\n  a: {synapse_ns: 5, others: free}\n", "chip.yaml");
    CHECK_FALSE(chip.priced());
    CHECK(chip.price(Event::kSynapse) == EventPrice{});
    CHECK_THAT(chip.resolved, Contains("prices: none"));
    CHECK(ChipSpec::parse_resolved(chip.resolved, "resolved") == chip);
    CHECK_THAT(failure("{}\n"), Contains("CHIP-PRICES") && Contains("'prices: none'"));
    const ChipSpec loihi = ChipSpec::load(kChips / "loihi1.yaml", with("prices=none"));
    CHECK_FALSE(loihi.priced());
}

TEST_CASE("a price that a profile forgets is named, unless the others are free", "[chip_spec]") {
    std::string all = "barrier: {model: fixed, base_ns: 1}";
    for (const EventInfo& row : kEventTable) {
        if (row.everywhere) all += fmt::format(", {0}_ns: 1, {0}_pj: 1", row.name);
    }
    const auto profile = [](const std::string& text) {
        return failure("prices: a\nprofiles: {a: {" + text + "}}\n");
    };
    CHECK(profile(all).empty());
    CHECK(profile("others: free").empty());
    CHECK_THAT(
        profile("barrier: {model: fixed, base_ns: 1}" + all.substr(all.find(", update_a") + 21)),
        Contains("no price of update_active_ns [CHIP-PRICES]"));
    CHECK_THAT(profile(all.substr(all.find("update"))), Contains("no price of barrier [CHIP-PR"));
}

TEST_CASE("barrier tables must ascend and have entries", "[chip_spec]") {
    const auto table = [](const std::string& rows) {
        return failure(
            "prices: a\nprofiles: {a: {others: free, barrier: {model: table, table_ns: " + rows +
            "}}}\n");
    };
    CHECK(table("{1: 5, 2: 5}").empty());
    CHECK_THAT(table("{}"), Contains("CHIP-BARRIER"));
    CHECK_THAT(table("{2: 5, 1: 5}"), Contains("CHIP-BARRIER"));
    CHECK_THAT(table("{0: 5}"), Contains("CHIP-BARRIER"));
    CHECK_THAT(table("{one: 5}"), Contains("CHIP-BARRIER"));
    CHECK_THAT(table("{1: -5}"), Contains("YML-RANGE"));
    CHECK_THAT(table("5"), Contains("CHIP-BARRIER"));
    CHECK_THAT(failure("prices: a\nprofiles: {a: {barrier: {model: wavefront}}}\n"),
               Contains("'base_ns' is missing") && Contains("'per_hop_ns' is missing"));
}
