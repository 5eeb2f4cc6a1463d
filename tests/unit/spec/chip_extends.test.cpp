#include <catch2/catch.hpp>

#include "isa/chip/chip_spec.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace seamount;
using namespace seamount::isa;
using Catch::Contains;

namespace {

Settings with(const std::string& assignment) {
    Settings settings;
    settings.add(assignment);
    return settings;
}

}  // namespace

TEST_CASE("a chip that extends another knows which numbers are its own, with their sources",
          "[chip_extends]") {
    const test::TemporaryFolder folder;
    folder.write("base.yaml",
                 "chip: base\nprices: p\nsources: {book: a book, web: a page}\n"
                 "limits: {compartments: {value: 64, source: book, grade: published}, "
                 "input_axons: {value: 8, source: book, grade: published}}\n"
                 "profiles:\n  p:\n    synapse_ns: {value: 3, source: web, grade: measured}\n"
                 "    synapse_pj: {value: 4, source: web, grade: measured}\n"
                 "    barrier: {model: fixed, base_ns: 5, source: web}\n    others: free\n");
    const auto load = [&](const std::string& more, const Settings& settings = {}) {
        folder.write("mine.yaml", "chip: mine\nextends: base.yaml\n" + more);
        return ChipSpec::load(folder / "mine.yaml", settings);
    };
    const auto origin = [](const ChipSpec& chip, const std::string& path) {
        const auto found = chip.origins.of.find(path);
        return found == chip.origins.of.end() ? Origin::kDefault : found->second;
    };
    const ChipSpec chip = load(
        "sources: {lab: our lab}\nlimits: {input_axons: 16}\n"
        "profiles: {p: {synapse_ns: {value: 2}, barrier: {base_ns: 6}, hop_ew_pj: {value: 1, "
        "source: lab}}}\n");
    CHECK(origin(chip, "limits.compartments") == Origin::kInherited);
    CHECK(chip.provenance.at("limits.compartments") == Provenance{"a book", Grade::kPublished});
    CHECK(origin(chip, "limits.input_axons") == Origin::kOwn);
    CHECK_FALSE(chip.provenance.contains("limits.input_axons"));
    CHECK(origin(chip, "prices.synapse_pj") == Origin::kInherited);
    CHECK(chip.provenance.at("prices.synapse_pj") == Provenance{"a page", Grade::kMeasured});
    CHECK(origin(chip, "prices.synapse_ns") == Origin::kOwn);
    CHECK_FALSE(chip.provenance.contains("prices.synapse_ns"));
    CHECK(origin(chip, "prices.synapse_dense_pj") == Origin::kInherited);
    CHECK(origin(chip, "prices.hop_ew_pj") == Origin::kOwn);
    CHECK(chip.provenance.at("prices.hop_ew_pj").source == "our lab");
    CHECK(origin(chip, "prices.barrier") == Origin::kOwn);
    CHECK_FALSE(chip.provenance.contains("prices.barrier"));
    CHECK(chip.barrier.base == Picoseconds{6000});
    CHECK(origin(chip, "prices.hop_ns_pj") == Origin::kDefault);

    const ChipSpec set = load("limits: {input_axons: 16}\n", with("prices.synapse_pj=9"));
    CHECK(origin(set, "prices.synapse_pj") == Origin::kCommandLine);
    CHECK(origin(set, "prices.synapse_ns") == Origin::kInherited);
    CHECK(origin(set, "limits.input_axons") == Origin::kOwn);
    CHECK(origin(set, "topology.width") == Origin::kDefault);

    CHECK_THROWS_WITH(load("sources: {web: another page}\n"),
                      Contains("mine.yaml:3:11: error: the source 'web' is another one in") &&
                          Contains("[CHIP-SOURCE]"));
    CHECK(load("sources: {web: a page}\n").provenance.contains("prices.synapse_pj"));
}

TEST_CASE("a file that extends another reports each problem in its own file", "[chip_extends]") {
    const seamount::test::TemporaryFolder folder;
    folder.write("base.yaml",
                 "vars: {w: 2}\ntopology: {width: \"${w}\", height: 0}\nprices: none\n");
    const auto top =
        folder.write("top.yaml", "extends: base.yaml\ntopology: {cores_per_tile: 999}\n");
    CHECK_THROWS_WITH(ChipSpec::load(top),
                      Contains("base.yaml:2:35: error: 'height' is 0") &&
                          Contains("top.yaml:2:28: error: 'cores_per_tile' is 999"));
    const auto good =
        folder.write("good.yaml", "extends: base.yaml\nvars: {w: 3}\ntopology: {height: 1}\n");
    CHECK(ChipSpec::load(good).width == 3);
    CHECK(ChipSpec::load(good, with("w=4")).width == 4);
    const auto loop = folder.write("loop.yaml", "extends: loop.yaml\n");
    CHECK_THROWS_WITH(ChipSpec::load(loop), Contains("CHIP-EXTENDS"));
    const auto gone = folder.write("gone.yaml", "extends: nowhere.yaml\n");
    CHECK_THROWS_WITH(ChipSpec::load(gone), Contains("gone.yaml:1:10") && Contains("CHIP-EXTENDS"));
    std::filesystem::create_directory(folder.path() / "library");
    folder.write("library/loihi1.yaml", "topology: {height: 1}\n");
    for (const std::string name : {"loihi_1", "loihi_1.yaml"}) {
        const auto near = folder.write("near.yaml", "extends: " + name + "\ntopolgy: {}\n");
        CHECK_THROWS_WITH(ChipSpec::load(near, {}, folder.path() / "library"),
                          Contains("did you mean 'loihi1'?") && Contains("'topolgy'"));
    }
    const auto beside = folder.write("beside.yaml", "extends: ./bass.yaml\n");
    CHECK_THROWS_WITH(ChipSpec::load(beside), Contains("did you mean './base.yaml'?"));
    const std::string carried =
        "extends: " + folder / "base.yaml" + "\nvars: {h: 1}\ntopology: {height: \"${h}\"}\n";
    CHECK(ChipSpec::parse(carried, "carried").width == 2);
    CHECK_THROWS_WITH(ChipSpec::parse_resolved(carried, "carried"),
                      Contains("carried:1:1: error: 'extends' in the chip of an image") &&
                          Contains("carried:2:1: error: 'vars'") && Contains("CHIP-RESOLVED") &&
                          Contains("'height'"));
    const auto list = folder.write("list.yaml", "extends: [base.yaml]\n");
    CHECK_THROWS_WITH(ChipSpec::load(list), Contains("CHIP-EXTENDS"));
}
