#include <catch2/catch.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

/// The words of the lines of a text, with one blank between them.
std::string squeezed(const std::string& text) {
    std::istringstream lines{text};
    std::string out;
    for (std::string line; std::getline(lines, line); out += '\n') {
        std::istringstream words{line};
        for (std::string word; words >> word;) out += ' ' + word;
    }
    return out;
}

}  // namespace

TEST_CASE("a damaged image is refused wherever the damage is", "[image]") {
    TemporaryFolder folder;
    REQUIRE(run_seamount({"compile", data("two_layers.yaml"), "-o", "n.smi"}, folder.path()).code ==
            0);
    const std::string good = read_text(folder / "n.smi");
    REQUIRE(good.size() > 1000);
    for (std::size_t i = 0; i < 25; ++i) {
        std::string bad = good;
        const std::size_t at = i < 10 ? 3 * i : i * (good.size() - 1) / 24;
        bad[at] = static_cast<char>(bad[at] ^ (1 << (i % 8)));
        write_text(folder / "bad.smi", bad);
        const Finished finished = run_seamount({"run", "bad.smi", "--steps", "1"}, folder.path());
        INFO("byte " << at << ": " << finished.err);
        CHECK(finished.code == 2);
        CHECK_THAT(finished.err, Contains("bad.smi") && Contains("error: ") && Contains("[IMG-"));
    }
    for (const std::size_t length :
         {std::size_t{0}, std::size_t{7}, std::size_t{31}, good.size() / 2, good.size() - 1}) {
        write_text(folder / "bad.smi", good.substr(0, length));
        const Finished finished = run_seamount({"inspect", "bad.smi"}, folder.path());
        INFO("cut to " << length << ": " << finished.err);
        CHECK(finished.code == 2);
    }
}

TEST_CASE("an image runs at the prices of another chip of its shape", "[image]") {
    TemporaryFolder folder;
    REQUIRE(run_seamount({"compile", data("two_layers.yaml"), "-o", "n.smi"}, folder.path()).code ==
            0);
    const std::vector<std::string> run{"run", "n.smi", "--steps", "20"};
    const Finished own = run_seamount({"run", "n.smi", "--steps", "20"}, folder.path());
    CHECK(own.code == 0);
    CHECK_THAT(own.out, Contains("prices davies2018"));
    const Finished other = run_seamount(
        {"run", "n.smi", "--steps", "20", "--chip", "loihi1", "--set", "prices=nahuku"},
        folder.path());
    CHECK(other.code == 0);
    CHECK_THAT(other.out, Contains("prices nahuku"));
}

TEST_CASE("an image does not run on a chip that is too small for it", "[image]") {
    TemporaryFolder folder;
    write_text(folder / "small.yaml",
               "chip: small\nlimits: {compartments: 8}\nextends: " SEAMOUNT_SOURCE_DIR
               "/configs/chips/loihi1.yaml\n");
    REQUIRE(
        run_seamount({"compile", data("two_layers.yaml"), "-o", "n.smi", "--chip", "small.yaml"},
                     folder.path())
            .code == 0);
    write_text(folder / "tiny.yaml",
               "chip: tiny\ntopology: {width: 1, height: 1, cores_per_tile: 2}\n"
               "limits: {compartments: 4}\nextends: " SEAMOUNT_SOURCE_DIR
               "/configs/chips/loihi1.yaml\n");
    const Finished finished =
        run_seamount({"run", "n.smi", "--steps", "2", "--chip", "tiny.yaml"}, folder.path());
    INFO(finished.err);
    CHECK(finished.code == 2);
    CHECK_THAT(finished.err, Contains("n.smi: error: the image uses core ") &&
                                 Contains("chip 'tiny' has cores 0..1 [CHIP-CORE]") &&
                                 Contains("compartments, chip 'tiny' has 4 [CHIP-LIMIT]") &&
                                 Contains("[CHIP-TOPOLOGY]"));
}

TEST_CASE("an image does not run on a chip with less synapse memory or shorter delays", "[image]") {
    TemporaryFolder folder;
    // Every target has one synapse of each of 70 sources with 8 + 3 + index bits.
    write_text(folder / "n.yaml",
               "network: n\npopulations:\n  a: {neuron: loihi1_cuba, size: 30, params: {vth: 9}}\n"
               "inputs:\n  i: {size: 70, poisson: 0.1}\n"
               "projections:\n  - {from: i, to: a, rule: all_to_all, weights: 3, delay: 5}\n");
    REQUIRE(run_seamount({"compile", "n.yaml", "-o", "n.smi", "--report", "r.json"}, folder.path())
                .code == 0);
    const Json report = Json::parse(read_text(folder / "r.json"));
    REQUIRE(report["fills"].size() == 1);
    const std::uint64_t bits = report["fills"][0]["synapse_bits"];
    const auto run_on = [&](const std::string& limits) {
        write_text(folder / "other.yaml", "chip: other\nlimits: {" + limits +
                                              "}\nextends: " SEAMOUNT_SOURCE_DIR
                                              "/configs/chips/loihi1.yaml\n");
        return run_seamount({"run", "n.smi", "--steps", "2", "--chip", "other.yaml"},
                            folder.path());
    };
    const std::string enough = std::to_string(bits);
    CHECK(run_on("synapse_bits: " + enough + ", max_delay: 5").code == 0);
    CHECK(run_on("synapse_bits: 0, max_delay: 0").code == 0);
    const Finished memory = run_on("synapse_bits: " + std::to_string(bits - 1));
    CHECK(memory.code == 2);
    CHECK_THAT(memory.err,
               Contains("core 0 needs " + enough + " synapse bits, chip 'other' has ") &&
                   Contains("[CHIP-LIMIT]"));
    const Finished delay = run_on("max_delay: 4");
    CHECK(delay.code == 2);
    CHECK_THAT(delay.err,
               Contains("core 0 needs 5 steps of delay, chip 'other' has 4 [CHIP-LIMIT]"));
}

TEST_CASE("inspecting an image shows where its parts stand in the network file", "[image]") {
    TemporaryFolder folder;
    REQUIRE(run_seamount({"compile", data("two_layers.yaml"), "-o", "n.smi"}, folder.path()).code ==
            0);
    const Finished sheet = run_seamount({"inspect", "n.smi"}, folder.path());
    INFO(sheet.out);
    CHECK(sheet.code == 0);
    const std::string file = data("two_layers.yaml") + ':';
    CHECK_THAT(squeezed(sheet.out),
               Contains("\n hidden->output hidden output 120 " + file + "20\n") &&
                   Contains("\n hidden v_chip 2 2 steps " + file + "23\n") &&
                   Contains("\n output ratio 1 1 step " + file + "24\n") &&
                   Contains("\n output 10 40 10 relay 1 " + file + "11\n") &&
                   Contains("\n noise poisson 20 20 20 values " + file + "16\n"));
}

TEST_CASE("the option --dump-after prints what a pass made", "[image]") {
    const Finished dump =
        run_seamount({"compile", data("two_layers.yaml"), "--dump-after", "frontend"});
    INFO(dump.err);
    CHECK(dump.code == 0);
    CHECK_THAT(dump.out, Contains("hidden"));
    const Finished unknown =
        run_seamount({"compile", data("two_layers.yaml"), "--dump-after", "magic"});
    CHECK(unknown.code == 2);
    CHECK_THAT(unknown.err, Contains("magic"));
}
