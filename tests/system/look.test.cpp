#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

namespace fs = std::filesystem;

const std::string kNetwork = data("two_layers.yaml");

void run_into(const std::string& out, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"run", kNetwork, "--steps", "80", "-q", "--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    REQUIRE(run_seamount(arguments).code == 0);
}

/// A network of one neuron per input, whose weights are in the file `edges`.
std::string pairs(const std::string& edges) {
    return "populations:\n  out: {neuron: lif, size: 3, params: {vth: 100}}\ninputs:\n"
           "  in: {size: 3, spikes: [[2, 0], [5, 1], [7, 2], [9, 1]]}\nprojections:\n"
           "  - {from: in, to: out, rule: list, edges: {file: " +
           edges + "}}\nprobes:\n  - {population: out, record: [v]}\n";
}

}  // namespace

TEST_CASE("runs with the same results differ in nothing, whatever their records are", "[look]") {
    const TemporaryFolder folder;
    run_into(folder / "a");
    run_into(folder / "b", {"--records", "hdf5", "--threads", "2"});
    const Finished same = run_seamount({"diff", folder / "a", folder / "b"});
    CHECK(same.code == 0);
    CHECK(same.out == "no difference\n");
}

TEST_CASE("the first effect of a single changed weight is told", "[look]") {
    const TemporaryFolder folder;
    write_text(folder / "a.yaml", pairs("a.csv"));
    write_text(folder / "b.yaml", pairs("b.csv"));
    write_text(folder / "a.csv", "0,0,120\n1,1,120\n2,2,120\n");
    write_text(folder / "b.csv", "0,0,120\n1,1,90\n2,2,120\n");
    for (const std::string name : {"a", "b"}) {
        const Finished finished = run_seamount(
            {"run", folder / (name + ".yaml"), "--steps", "20", "-q", "--out", folder / name});
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        REQUIRE(run_seamount(
                    {"compile", folder / (name + ".yaml"), "-q", "-o", folder / (name + ".smi")})
                    .code == 0);
    }
    const Finished runs =
        run_seamount({"diff", folder / "a", folder / "b", "--json", folder / "d.json"});
    CHECK(runs.code == 1);
    CHECK_THAT(runs.out, Contains("first spike that differs, step 5: out[1] spikes in ") &&
                             Contains("/a only\n") &&
                             Contains("first state that differs, step 5: out[1].v: "));
    const Json json = Json::parse(read_text(folder / "d.json"));
    CHECK(json["first_spike"]["step"] == 5);
    CHECK(json["first_spike"]["second"].is_null());
    CHECK(json["counts"].contains("spikes"));

    const Finished images = run_seamount({"diff", folder / "a.smi", folder / "b.smi"});
    CHECK(images.code == 1);
    CHECK_THAT(images.out, Contains(": 1 synapses differ, first in[1] to out[1] with delay 0: "
                                    "weight 120 and weight 90\n"));
}

TEST_CASE("mappings of feature maps onto a chip with a pool can be compared", "[look]") {
    const TemporaryFolder folder;
    for (const std::string partitioner : {"greedy", "tiles"}) {
        REQUIRE(run_seamount({"compile", SEAMOUNT_SOURCE_DIR "/configs/networks/feature_maps.yaml",
                              "--chip", "loihi2", "-q", "--partitioner", partitioner, "-o",
                              folder / (partitioner + ".smi")})
                    .code == 0);
    }
    const Finished images = run_seamount({"diff", folder / "greedy.smi", folder / "tiles.smi"});
    CHECK(images.code == 1);
    CHECK_THAT(images.out, Contains("neurons are on other cores") && !Contains("synapses differ"));
}

TEST_CASE("projections that join the same populations are compared one by one", "[look]") {
    const TemporaryFolder folder;
    for (const std::string seed : {"1", "2"}) {
        write_text(folder / "net.yaml",
                   "seed: " + seed + std::string(std::stoul(seed), '\n') +
                       "inputs: {in: {size: 2, rate: 0.5}}\n"
                       "populations: {out: {neuron: loihi1_cuba, size: 2, params: {vth: 9}}}\n"
                       "projections:\n"
                       "  - {from: in, to: out, rule: all_to_all, weights: 3}\n"
                       "  - {from: in, to: out, rule: one_to_one, weights: 4}\n"
                       "  - {name: q, from: [in, in], to: out, rule: all_to_all, weights: 5}\n");
        REQUIRE(run_seamount({"compile", folder / "net.yaml", "-q", "-o", folder / (seed + ".smi")})
                    .code == 0);
    }
    const Finished seeds = run_seamount({"diff", folder / "1.smi", folder / "2.smi"});
    CHECK(seeds.code == 1);
    CHECK_THAT(seeds.out,
               Contains("the seeds differ") && !Contains("projection") && !Contains("inputs"));
}

TEST_CASE("images that differ in no neuron or synapse say in what", "[look]") {
    const TemporaryFolder folder;
    const auto image = [&folder](const std::string& name, const std::string& rest) {
        write_text(
            folder / "net.yaml",
            "inputs: {in: {size: 2, rate: 0.5}}\n"
            "populations: {out: {neuron: loihi1_cuba, size: 2, params: {vth: 9}}}\n"
            "projections:\n  - {from: in, to: out, rule: all_to_all, weights: 3, learning: r}\n" +
                rest);
        REQUIRE(run_seamount({"compile", folder / "net.yaml", "-q", "-o", folder / name}).code ==
                0);
    };
    const auto difference = [&folder](const std::string& name) {
        const Finished found = run_seamount({"diff", folder / "a.smi", folder / name});
        CHECK(found.code == 1);
        return found.out;
    };
    const std::string learning =
        "learning: {rules: {r: {dw: \"2^-2*x1*y0\", x1: {impulse: 16}}}}\n";
    image("a.smi", learning);
    image("lines.smi", "\n\n" + learning);
    image("rule.smi", "learning: {rules: {r: {dw: \"2^-3*x1*y0\", x1: {impulse: 16}}}}\n");
    image("probe.smi", learning + "probes: [{population: out, record: v}]\n");
    CHECK_THAT(difference("lines.smi"), Contains("only how they are stored differs, or in which"));
    CHECK(difference("rule.smi") == "how synapses learn differs\n");
    CHECK(difference("probe.smi") == "what is recorded differs\n");
    image("a.smi", "\n" + learning + "probes: [{population: out, record: v}]\n");
    CHECK_THAT(difference("probe.smi"), Contains("only how they are stored differs, or in which"));
}

TEST_CASE("things that cannot be compared are refused", "[look]") {
    const TemporaryFolder folder;
    run_into(folder / "a");
    const Finished mixed = run_seamount({"diff", folder / "a", kNetwork});
    CHECK(mixed.code == 2);
    CHECK_THAT(mixed.err, Contains("[CLI-USAGE]"));
    const Finished networks = run_seamount({"diff", kNetwork, kNetwork});
    CHECK(networks.code == 2);
    CHECK_THAT(networks.err, Contains("[CLI-FILE]"));
    const Finished none = run_seamount({"diff", folder.path().string(), folder / "a"});
    CHECK(none.code == 2);
    CHECK_THAT(none.err, Contains("[RUN-RECORDS]"));
}

TEST_CASE("a report replaces only what a report wrote", "[look]") {
    const TemporaryFolder folder;
    run_into(folder / "a");
    const auto report = [&] { return run_seamount({"report", folder / "a", "-q"}); };
    REQUIRE(report().code == 0);
    CHECK_THAT(read_text(folder / "a.html"),
               Contains("two_layers (50 neurons, ") && Contains("What limited it most was "));
    REQUIRE(report().code == 0);
    write_text(folder / "a.html", "mine\n");
    const Finished refused = report();
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains("[OUT-FOREIGN]"));
    CHECK(read_text(folder / "a.html") == "mine\n");
    CHECK(run_seamount({"report", folder / "a", folder / "a", folder / "a"}).code == 2);
    const Finished shown = run_seamount({"report", folder / "a", "-o", folder / "b.html", "--open"},
                                        ".", {"PATH=" + folder.path().string()});
    CHECK(shown.code == 0);
    CHECK_THAT(shown.err, Contains("there is no xdg-open to show the page with [CLI-OPEN]"));
}

TEST_CASE("a new network runs, and replaces nothing", "[look]") {
    const TemporaryFolder folder;
    REQUIRE(run_seamount({"new", "mine"}, folder.path()).code == 0);
    const Finished finished =
        run_seamount({"run", "mine.yaml", "--steps", "200", "--out", "r", "-q"}, folder.path());
    INFO(finished.err);
    CHECK(finished.code == 0);
    CHECK(finished.err.empty());
    CHECK(Json::parse(read_text(folder / "r/summary.json"))["spikes"] > 10);
    const Finished again = run_seamount({"new", "mine"}, folder.path());
    CHECK(again.code == 2);
    CHECK_THAT(again.err, Contains("there is such a file already [OUT-WRITE]"));
    CHECK(run_seamount({"new", "a: {b"}, folder.path()).code == 2);
}

TEST_CASE("shells complete commands and options", "[look]") {
    const TemporaryFolder folder;
    const Finished script = run_seamount({"completion", "bash"});
    REQUIRE(script.code == 0);
    write_text(folder / "complete", script.out);
    write_text(folder / "ask",
               "source ./complete\nCOMP_WORDS=(seamount \"$@\")\n"
               "COMP_CWORD=$#\n_seamount\necho \"${COMPREPLY[@]}\" > answer\n");
    const auto complete = [&](const std::string& words) {
        const std::string line = "cd '" + folder.path().string() + "' && bash ask " + words;
        REQUIRE(std::system(line.c_str()) == 0);
        return read_text(folder / "answer");
    };
    CHECK(complete("comp") == "compile completion\n");
    CHECK(complete("run net.yaml --reco") == "--records\n");
    CHECK(complete("explore rep") == "report\n");
    CHECK_THAT(run_seamount({"completion", "zsh"}).out, Contains("#compdef seamount"));
    CHECK_THAT(run_seamount({"completion", "fish"}).out,
               Contains("-n '__fish_seen_subcommand_from run' -l records"));
    CHECK(run_seamount({"completion", "tcsh"}).code == 2);
}

TEST_CASE("the help lists commands by task", "[look]") {
    const std::string help = run_seamount({"--help"}).out;
    CHECK(help.find("\nNetworks:") < help.find("\nRuns:"));
    CHECK(help.find("\nRuns:") < help.find("  report "));
}
