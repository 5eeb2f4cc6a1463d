#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string kNetwork = SEAMOUNT_SOURCE_DIR "/configs/networks/balanced.yaml";

}  // namespace

TEST_CASE("a network fires the same spikes on a chip with faults, which are mapped around",
          "[faults]") {
    const TemporaryFolder folder;
    write_text(folder / "worn.yaml",
               "extends: loihi1\nchip: worn\nsources: {bench: production test}\nfaults:\n"
               "  dead_cores: {value: [0, 1, 5, 9, 16], source: bench, grade: measured}\n"
               "  dead_links: [[0, 1], [9, 10], [2, 10]]\n"
               "  dead_synapse_words: [[2, 16000], [3, 15000]]\n");
    const auto run = [&folder](const std::string& chip) {
        REQUIRE(run_seamount({"run", kNetwork, "--chip", chip, "--steps", "60", "--json",
                              folder / "r.json", "-q"})
                    .code == 0);
        return Json::parse(read_text(folder / "r.json"));
    };
    const Json whole = run("loihi1");
    const Json worn = run(folder / "worn.yaml");
    CHECK(whole["spikes"] > 1000);
    for (const char* const key : {"spike_hash", "spikes", "synaptic_events"}) {
        CHECK(worn[key] == whole[key]);
    }
    REQUIRE(run_seamount({"compile", kNetwork, "--chip", folder / "worn.yaml", "-o",
                          folder / "worn.smi", "-q"})
                .code == 0);
    const Finished verified = run_seamount({"verify", kNetwork, folder / "worn.smi"});
    INFO(verified.err);
    CHECK(verified.code == 0);
    const Finished healthy = run_seamount({"compile", kNetwork, "-o", folder / "whole.smi", "-q"});
    REQUIRE(healthy.code == 0);
    const Finished other = run_seamount(
        {"verify", kNetwork, folder / "whole.smi", "--chip", folder / "worn.yaml", "-q"});
    CHECK(other.code == 1);
    CHECK_THAT(other.err, Contains("core 0 is dead on chip 'worn' [VFY-CHIP]"));
}

TEST_CASE("a chip in two parts is a diagnosis", "[faults]") {
    const TemporaryFolder folder;
    write_text(folder / "cut.yaml",
               "extends: loihi1\nfaults:\n  dead_links: [[3, 4], [11, 12], [19, 20], [27, 28]]\n");
    const Finished finished = run_seamount({"compile", kNetwork, "--chip", folder / "cut.yaml"});
    CHECK(finished.code == 2);
    CHECK_THAT(finished.err, Contains("cut.yaml:") && Contains("[CHIP-DISCONNECTED]") &&
                                 Contains("64 working cores"));
}

TEST_CASE("a compile cache gives the same image, faster to make", "[faults]") {
    const TemporaryFolder folder;
    const auto compile = [&folder](const std::string& image, std::vector<std::string> options) {
        options.insert(options.begin(), {"compile", kNetwork, "-o", folder / image});
        return run_seamount(options);
    };
    const std::string cache = folder / "cache";
    REQUIRE(compile("plain.smi", {}).code == 0);
    const Finished first = compile("first.smi", {"--cache", cache});
    const Finished second =
        compile("second.smi", {"--cache", cache, "--report", folder / "r.json"});
    CHECK_THAT(first.out, Contains("0 projections from the cache, 6 generated"));
    CHECK_THAT(second.out, Contains("6 projections from the cache, 0 generated"));
    CHECK(read_text(folder / "first.smi") == read_text(folder / "plain.smi"));
    CHECK(read_text(folder / "second.smi") == read_text(folder / "plain.smi"));
    const Json report = Json::parse(read_text(folder / "r.json"));
    CHECK(report["cache_hits"] == 6);
    CHECK(report["costliest_projections"].size() == 6);
    CHECK(report["costliest_projections"][0]["packets_per_step"] >=
          report["costliest_projections"][5]["packets_per_step"]);
    std::uint64_t nets = 0;
    for (const Json& entry : report["nets_on_cores"]) nets += entry["nets"].get<std::uint64_t>();
    CHECK(nets == 4000);
    CHECK(report["fills"][0]["packets_in_per_step"] > 0);
}

TEST_CASE("inspect --core shows groups, formats, axons and microcode of a core", "[faults]") {
    const TemporaryFolder folder;
    REQUIRE(run_seamount({"compile", kNetwork, "-o", folder / "n.smi", "-q"}).code == 0);
    const Finished sheet = run_seamount({"inspect", folder / "n.smi", "--core", "1"});
    CHECK(sheet.code == 0);
    for (const char* const part : {"core 1: ", "input axon", "format", "output axons",
                                   "microcode of loihi1_cuba", "parameters"}) {
        CHECK_THAT(sheet.out, Contains(part));
    }
    const Finished none = run_seamount({"inspect", folder / "n.smi", "--core", "127"});
    CHECK(none.code == 2);
    CHECK_THAT(none.err, Contains("does not use core 127 [CLI-CORE]"));
}

TEST_CASE("run --input takes the spikes of an input from a file", "[faults]") {
    const TemporaryFolder folder;
    write_text(folder / "net.yaml",
               "populations:\n  cells: {neuron: loihi1_cuba, size: 3, params: {vth: 1}}\n"
               "inputs:\n  clicks: {size: 3, spikes: [[0, 1]]}\n"
               "  drive: {target: cells, bias: 2}\n"
               "projections:\n  - {from: clicks, to: cells, rule: one_to_one, weights: 100}\n");
    write_text(folder / "clicks.csv", "2,0\n5,2\n5,1\n");
    const auto run = [&folder](std::vector<std::string> options) {
        options.insert(options.begin(), {"run", folder / "net.yaml", "--steps", "20", "--json",
                                         folder / "r.json", "-q"});
        return run_seamount(options);
    };
    REQUIRE(run({}).code == 0);
    CHECK(Json::parse(read_text(folder / "r.json"))["input_spikes"] == 1);
    REQUIRE(run({"--input", "clicks=" + (folder / "clicks.csv")}).code == 0);
    CHECK(Json::parse(read_text(folder / "r.json"))["input_spikes"] == 3);

    write_text(folder / "bad.csv", "2,3\n");
    const Finished bad = run({"--input", "clicks=" + (folder / "bad.csv"), "--input", "click=x.csv",
                              "--input", "drive=x.csv", "--input", "clicks"});
    CHECK(bad.code == 2);
    CHECK_THAT(bad.err, Contains("[NET-VALUE]"));
    CHECK_THAT(bad.err, Contains("no input 'click'") && Contains("did you mean 'clicks'?"));
    CHECK_THAT(bad.err, Contains("values that are written into states [CLI-INPUT]"));
    CHECK_THAT(bad.err, Contains("'clicks' is not NAME=FILE"));
}
