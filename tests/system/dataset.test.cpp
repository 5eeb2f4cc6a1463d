#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
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
                                          "synaptic_events,time_ns,energy_pj,margin,confidence,"
                                          "score_0,score_1"));
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

TEST_CASE("the confusion matrix of a run counts the answers to each label", "[dataset]") {
    TemporaryFolder folder;
    REQUIRE(run_seamount({"run", kDigits, "--samples", "60", "--out", folder / "o", "-q"}).code ==
            0);
    const auto table = [&](const char* name) {
        std::vector<std::vector<std::string>> rows;
        std::istringstream lines{read_text(folder / (std::string{"o/"} + name))};
        for (std::string line; std::getline(lines, line);) {
            std::istringstream cells{line};
            rows.emplace_back();
            for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
        }
        return rows;
    };
    std::map<std::string, std::map<std::string, int>> answers;  // by label, then answer
    const auto samples = table("samples.csv");
    for (std::size_t i = 1; i < samples.size(); ++i) ++answers[samples[i][1]][samples[i][2]];
    const auto matrix = table("confusion.csv");
    REQUIRE(matrix.size() == answers.size() + 1);
    REQUIRE(matrix[0].size() == 14);
    CHECK(matrix[0][13] == "predicted_9");
    int correct = 0;
    for (std::size_t i = 1; i < matrix.size(); ++i) {
        INFO("label " << matrix[i][0]);
        auto& expected = answers.at(matrix[i][0]);
        int all = 0;
        for (std::size_t k = 4; k < matrix[i].size(); ++k) {
            CHECK(std::stoi(matrix[i][k]) == expected[std::to_string(k - 4)]);
        }
        for (const auto& [answer, count] : expected) all += count;
        CHECK(std::stoi(matrix[i][1]) == all);
        CHECK(std::stoi(matrix[i][2]) == expected[matrix[i][0]]);
        CHECK(std::stoi(matrix[i][3]) == expected[""]);
        correct += std::stoi(matrix[i][2]);
    }
    const Json summary = Json::parse(read_text(folder / "o/summary.json"));
    CHECK(correct == summary["correct"]);
    const Json& confusion = summary["confusion"];
    REQUIRE(confusion["labels"].size() == answers.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
        auto& expected = answers.at(std::to_string(confusion["labels"][i].get<int>()));
        CHECK(confusion["unanswered"][i] == expected[""]);
        for (std::size_t k = 0; k < confusion["classes"].size(); ++k) {
            CHECK(confusion["counts"][i][k] ==
                  expected[std::to_string(confusion["classes"][k].get<int>())]);
        }
    }
    double margins = 0.0;
    for (std::size_t i = 1; i < samples.size(); ++i) margins += std::stod(samples[i][9]);
    CHECK(summary["margin"].get<double>() == Approx(margins / 60.0));
    CHECK(summary["confidence"].get<double>() > 0.0);
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

TEST_CASE("cells of a class answer together, whatever the mapping, and classes come later",
          "[dataset]") {
    TemporaryFolder folder;
    write_text(folder / "x.csv", "1,0,0,0\n0,1,1,0\n0,0,0,1\n1,0,1,1\n");
    write_text(folder / "y.csv", "5\n2\n5\n2\n");
    write_text(folder / "c.csv", "2\n5\n5\n-1\n");
    write_text(folder / "n.yaml",
               "network: n\n"
               "inputs:\n  s: {size: 4, dataset: {samples: {file: x.csv}, labels: {file: y.csv}, "
               "steps: 4, max: 1}}\n"
               "populations:\n  p: {neuron: loihi1_cuba, size: 4, params: {vth: 10}}\n"
               "projections:\n  - {from: s, to: p, rule: one_to_one, weights: 100}\n"
               "readout: {population: p, by: spike_count, classes: [5, 2, 2, 5], combine: mean}\n");
    const auto run = [&](std::vector<std::string> options) {
        options.insert(options.begin(), {"run", folder / "n.yaml", "--out", folder / "o", "-q"});
        const Finished finished = run_seamount(options);
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        return Json::parse(read_text(folder / "o/summary.json"));
    };
    const Json whole = run({});
    // The last sample has three cells: two of class 5 and one of class 2.
    CHECK(whole["correct"] == 3);
    CHECK(whole["confusion"] == Json{{"labels", {2, 5}},
                                     {"classes", {2, 5}},
                                     {"counts", {{1, 1}, {0, 2}}},
                                     {"unanswered", {0, 0}}});
    const std::string samples = read_text(folder / "o/samples.csv");
    CHECK_THAT(samples, Contains(",score_5\n") && Contains("\n1,2,2,1,"));
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{"--threads", "2"},
          {"--set", "populations.p.mapping={fixed: {values: [0, 1, 2, 3]}}"},
          {"--mesh", "flit"},
          {"--untimed"}}) {
        const Json again = run(options);
        for (const char* const key : {"confusion", "margin", "confidence", "correct"}) {
            CHECK(again[key] == whole[key]);
        }
    }
    const Json later = run({"--data", "classes=" + (folder / "c.csv")});
    CHECK(later["correct"] == 1);
    CHECK(later["unanswered"] == 1);
    CHECK(later["bound_inputs"]["classes"] == folder / "c.csv");
    CHECK(Json::parse(read_text(folder / "o/about.json"))["readout"]["classes"] ==
          Json{2, 5, 5, -1});
}

TEST_CASE("phases and payloads of a dataset are those of the seed, whatever the mapping",
          "[dataset]") {
    TemporaryFolder folder;
    write_text(folder / "x.csv", "1,2,3,4\n4,0,9,1\n7,7,1,0\n");
    write_text(folder / "net.yaml",
               "populations:\n"
               "  a: {neuron: loihi1_cuba, size: 4, params: {vth: 9, decay_u: 4096}, mapping: "
               "{fixed: {values: [0, 1, 2, 3]}}}\n"
               "  b: {neuron: loihi1_cuba, size: 4, params: {vth: 3, decay_u: 4096}}\n"
               "inputs:\n"
               "  rates: {size: 4, dataset: {samples: {file: x.csv}, max: 9, steps: 20, phase: "
               "random}}\n"
               "  hum: {size: 4, rate: 0.1, phase: random}\n"
               "  values: {size: 4, dataset: {samples: {file: x.csv}, steps: 20, encode: graded, "
               "scale: 3}}\n"
               "projections:\n"
               "  - {from: rates, to: a, rule: all_to_all, weights: 4}\n"
               "  - {from: hum, to: a, rule: all_to_all, weights: 4}\n"
               "  - {from: a, to: b, rule: all_to_all, weights: 1}\n"
               "  - {from: values, to: b, rule: one_to_one, weights: 1, graded: true}\n");
    const auto spikes = [&](std::vector<std::string> options) {
        options.insert(options.begin(), {"run", folder / "net.yaml", "--chip", "loihi2", "-q",
                                         "--out", folder / "o"});
        const Finished finished = run_seamount(options);
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        return read_text(folder / "o/input_spikes.csv") + read_text(folder / "o/spikes.csv");
    };
    const std::string first = spikes({});
    CHECK(spikes({"--threads", "2"}) == first);
    CHECK(spikes({"--partitioner", "greedy", "--set", "populations.a.mapping=auto"}) == first);
    CHECK(spikes({"--untimed"}) == first);
    CHECK(spikes({"--seed", "2"}) != first);
    CHECK_THAT(first, Contains("\n0,values,2,9\n") && Contains("\n20,values,0,12\n") &&
                          Contains("\n40,values,1,21\n"));
    CHECK_FALSE(first.find(",values,1,0") != std::string::npos);
    write_text(folder / "y.csv", "0,0,5,0\n0,0,0,0\n");
    const std::string file = folder / "y.csv";
    const std::string values = "values={samples: {file: " + file + "}, scale: 2}";
    const std::string bound = spikes({"--data", values, "--data", "rates=" + (folder / "y.csv")});
    CHECK_THAT(bound, Contains("\n0,values,2,10\n") && !Contains("\n20,values"));
    const Finished unsaid =
        run_seamount({"run", folder / "net.yaml", "--chip", "loihi2", "--data",
                      "values=" + (folder / "y.csv"), "--data", "rates=" + (folder / "y.csv")});
    CHECK(unsaid.code == 2);
    CHECK_THAT(unsaid.err, Contains("does not know what a value of 1 was [CLI-DATA]") &&
                               Contains("scale: 1}'"));
    CHECK(spikes({"--data", values, "--data",
                  "rates={samples: {file: " + file + "}, max: 9, phase: random}"}) == bound);
}
