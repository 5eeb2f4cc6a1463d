#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {
const std::string kDigits = SEAMOUNT_SOURCE_DIR "/configs/networks/digits.yaml";
}

TEST_CASE("a dataset run scores each sample", "[dataset]") {
    TemporaryFolder folder;
    const Finished finished =
        run_seamount({"run", kDigits, "--samples", "20", "--out", folder / "o"});
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    const std::string samples = read_text(folder / "o/samples.csv");
    CHECK_THAT(samples, Catch::StartsWith("sample,label,predicted,correct,input_spikes,spikes,"
                                          "synaptic_events,time_ns,energy_pj,score_0,score_1"));
    CHECK(std::count(samples.begin(), samples.end(), '\n') == 21);
    const Json json = Json::parse(read_text(folder / "o/summary.json"));
    CHECK(json["samples"] == 20);
    CHECK(json["reference_accuracy"] == 0.975);
    CHECK(json["accuracy"].get<double>() == Approx(json["correct"].get<double>() / 20.0));
    for (const char* key : {"spikes", "synaptic_events", "modelled_time_s", "energy_j"}) {
        INFO(key);
        CHECK(json["per_sample"].contains(key));
    }
    CHECK_THAT(finished.out, Contains("accuracy ") && Contains("/20)") && Contains("97.5 %"));
}

TEST_CASE("samples of a dataset run match the predictions of an exact integer model", "[dataset]") {
    const std::string network = GENERATE("digits", "conv_digits");
    INFO(network);
    const std::string networks = SEAMOUNT_SOURCE_DIR "/configs/networks/";
    TemporaryFolder folder;
    REQUIRE(run_seamount({"run", networks + network + ".yaml", "--out", folder / "o", "-q"}).code ==
            0);
    const Json expected = Json::parse(read_text(networks + network + "/expected.json"));
    std::istringstream rows{read_text(folder / "o/samples.csv")};
    std::string line;
    std::getline(rows, line);
    std::vector<int> predicted;
    while (std::getline(rows, line)) {
        std::istringstream cells{line};
        std::string cell;
        for (int i = 0; i < 3; ++i) std::getline(cells, cell, ',');
        predicted.push_back(std::stoi(cell));
    }
    CHECK(predicted == expected.at("predictions").get<std::vector<int>>());
}

TEST_CASE("convolutions of the digits are exact: every spike, under every mapping, kernels shared",
          "[dataset]") {
    TemporaryFolder folder;
    const std::string networks = SEAMOUNT_SOURCE_DIR "/configs/networks/";
    const Json expected = Json::parse(read_text(networks + "conv_digits/expected.json"));
    const auto run = [&](std::vector<std::string> options) {
        options.insert(options.begin(),
                       {"run", networks + "conv_digits.yaml", "--json", folder / "r.json", "-q"});
        const Finished finished = run_seamount(options);
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        return Json::parse(read_text(folder / "r.json"));
    };
    const Json whole = run({});
    CHECK(whole["correct"] == expected["correct"]);
    CHECK(whole["accuracy"].get<double>() >= 0.97);
    CHECK(whole["input_spikes"] == expected["input_spikes"]);
    int spikes = 0;
    for (const auto& [population, count] : expected["spikes"].items()) spikes += count.get<int>();
    CHECK(whole["spikes"] == spikes);
    const Json first = run({"--samples", "20"});
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{"--set", "limits.compartments=40"},
          {"--set", "limits.compartments=100", "--placer", "hilbert", "--mesh", "flit"},
          {"--set", "projections.conv2.share=false", "--threads", "2"}}) {
        std::vector<std::string> all{"--samples", "20"};
        all.insert(all.end(), options.begin(), options.end());
        INFO(options[1]);
        CHECK(run(all)["spike_hash"] == first["spike_hash"]);
    }
}

TEST_CASE("a run does not go beyond its dataset", "[dataset]") {
    const Finished steps = run_seamount({"run", kDigits, "--steps", "100000"});
    CHECK(steps.code == 2);
    CHECK_THAT(steps.err, Contains("--steps is 100000, the dataset ends after 3600 steps (360 "
                                   "samples of 10) [CLI-STEPS]"));
    const Finished samples = run_seamount({"run", kDigits, "--samples", "361"});
    CHECK(samples.code == 2);
    CHECK_THAT(samples.err, Contains("--samples is 361, must be in [1, 360] [CLI-SAMPLES]"));
}

TEST_CASE("a sample that is cut off is not scored and that is said", "[dataset]") {
    const Finished finished = run_seamount({"run", kDigits, "--steps", "25"});
    CHECK(finished.code == 0);
    CHECK_THAT(finished.err, Contains("warning: the last sample was cut off after 5 of its 10 "
                                      "steps and is not scored [RUN-PARTIAL]"));
    CHECK_THAT(finished.out, Contains("/2)") && Contains("2 complete samples of 10"));
    CHECK_THAT(finished.out, Contains(" per step") && !Contains(" per sample"));
    const Finished whole = run_seamount({"run", kDigits, "--samples", "1"});
    CHECK_THAT(whole.out, Contains("1 sample of 10") && Contains(" per sample"));
}

TEST_CASE("samples without an output spike have no answer and are not right", "[dataset]") {
    TemporaryFolder folder;
    write_text(folder / "x.csv", "1,0\n0,1\n0,0\n0,0\n");
    write_text(folder / "y.csv", "0\n1\n0\n0\n");
    write_text(folder / "n.yaml",
               "network: n\n"
               "inputs:\n  s: {size: 2, dataset: {samples: {file: x.csv}, labels: {file: y.csv}, "
               "steps: 4, max: 1}}\n"
               "populations:\n  p: {neuron: loihi1_cuba, size: 2, params: {vth: 10}}\n"
               "projections:\n  - {from: s, to: p, rule: one_to_one, weights: 100}\n"
               "readout: {population: p, by: spike_count}\n");
    const Finished run = run_seamount({"run", folder / "n.yaml", "--out", folder / "o"});
    INFO(run.err);
    REQUIRE(run.code == 0);
    CHECK_THAT(run.out, Contains("accuracy 50.0 % (2/4), 2 without an answer (no output spike)"));
    const Json json = Json::parse(read_text(folder / "o/summary.json"));
    CHECK(json["correct"] == 2);
    CHECK(json["unanswered"] == 2);
    const std::string samples = read_text(folder / "o/samples.csv");
    CHECK_THAT(samples, Contains("\n0,0,0,1,") && Contains("\n1,1,1,1,") && Contains("\n2,0,,0,") &&
                            Contains("\n3,0,,0,"));
}
