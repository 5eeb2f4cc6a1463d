#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

/// Of three classes, more or less clear: the larger a value, the sooner its neuron spikes.
const std::vector<std::string> kSamples{"9,1,2", "0,3,1", "2,2,8", "1,6,0",
                                        "0,0,0", "4,5,1", "7,0,6", "1,1,9"};
const std::string kLabels = "0\n1\n2\n1\n0\n1\n0\n2\n";
constexpr int kSteps = 20;

struct Variant {
    int blank = 0;
    std::string until = ", until: out";
};

/// A network in a folder of its own, with these samples.
struct Network {
    explicit Network(const Variant& variant = {},
                     const std::vector<std::string>& samples = kSamples) {
        std::string x;
        for (const std::string& sample : samples) x += sample + '\n';
        write_text(folder / "x.csv", x);
        std::istringstream all{kLabels};
        std::string y;
        std::string label;
        for (std::size_t i = 0; i < samples.size() && std::getline(all, label); ++i) {
            y += label + '\n';
        }
        write_text(folder / "y.csv", y);
        write_text(file, R"(network: early
populations:
  hidden: {neuron: loihi1_cuba, size: 6, params: {vth: 30, decay_u: 4096, decay_v: 64}}
  out: {neuron: loihi1_cuba, size: 3, params: {vth: 100, decay_u: 4096, decay_v: 64}}
inputs:
  image: {size: 3, dataset: {samples: {file: x.csv}, labels: {file: y.csv}, max: 9, encode: rate, steps: )" +
                             std::to_string(kSteps + variant.blank) +
                             ", blank: " + std::to_string(variant.blank) + variant.until + R"(}}
projections:
  - {from: image, to: hidden, rule: all_to_all, weights: {formula: "mod(i, 3) == mod(j, 3) ? 20 : 2"}}
  - {from: hidden, to: out, rule: all_to_all, weights: {formula: "mod(i, 3) == j ? 30 : -4"}, delay: 1}
readout: {population: out, by: first_spike}
)");
    }

    [[nodiscard]] Json run(std::vector<std::string> options = {}) const {
        options.insert(options.begin(),
                       {"run", file, "--json", folder / "r.json", "-q", "--out", out});
        const Finished finished = run_seamount(options);
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        return Json::parse(read_text(folder / "r.json"));
    }

    TemporaryFolder folder;
    std::string file = folder / "net.yaml";
    std::string out = folder / "out";
};

/// samples.csv by columns.
std::map<std::string, std::vector<std::string>> samples_of(const Network& network) {
    std::istringstream lines{read_text(network.out + "/samples.csv")};
    std::vector<std::string> names;
    std::map<std::string, std::vector<std::string>> columns;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream cells{line};
        std::vector<std::string> row;
        for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
        row.resize(names.empty() ? row.size() : names.size());
        for (std::size_t i = 0; i < names.size(); ++i) columns[names[i]].push_back(row[i]);
        if (names.empty()) names = row;
    }
    return columns;
}

std::vector<int> steps_of(const Network& network) {
    std::vector<int> steps;
    const auto columns = samples_of(network);
    for (const std::string& cell : columns.at("steps")) {
        steps.push_back(std::stoi(cell));
    }
    return steps;
}

int sum(const std::vector<int>& values) {
    int all = 0;
    for (const int value : values) all += value;
    return all;
}

}  // namespace

TEST_CASE("a run of samples that end early says how many steps each took", "[early_end]") {
    const Network network;
    const Json json = network.run();
    const std::vector<int> steps = steps_of(network);
    REQUIRE(steps.size() == 8);
    CHECK(steps[4] == kSteps);  // nothing spikes: all its steps
    CHECK(steps[0] < steps[1]);
    CHECK(steps[7] < steps[3]);
    CHECK(json["steps"] == sum(steps));
    CHECK(json["samples"] == 8);
    CHECK(json["per_sample"]["steps"].get<double>() == Approx(sum(steps) / 8.0));
    CHECK(json["per_sample"]["modelled_time_s"].get<double>() * 8 ==
          Approx(json["modelled_time_s"].get<double>()));
    CHECK(json["per_sample"]["energy_j"].get<double>() * 8 ==
          Approx(json["energy_j"]["total"].get<double>()));
    CHECK(json["accuracy"] == 7.0 / 8);
    CHECK(Json::parse(read_text(network.out + "/about.json"))["until"] == "out");
    const Finished words = run_seamount({"run", network.file});
    CHECK_THAT(words.err, !Contains("RUN-PARTIAL"));
    CHECK_THAT(words.out, Contains("8 samples of up to 20") && Contains("accuracy 87.5 % (7/8)"));
    const Network whole{{.until = ""}};
    const Json all = whole.run();
    CHECK(all["steps"] == 8 * kSteps);
    CHECK(all["energy_j"]["total"].get<double>() > json["energy_j"]["total"].get<double>());
    CHECK_FALSE(all["per_sample"].contains("steps"));
    CHECK_FALSE(samples_of(whole).contains("steps"));
    CHECK(samples_of(whole).at("predicted") == samples_of(network).at("predicted"));
}

TEST_CASE("what a sample answers does not depend on those before it being short", "[early_end]") {
    for (const int blank : {0, 3}) {
        const Network network{{.blank = blank}};
        (void)network.run();
        const auto together = samples_of(network);
        for (std::size_t i = 0; i < kSamples.size(); ++i) {
            INFO("sample " << i << " blank " << blank);
            const Network alone{{.blank = blank}, {kSamples[i]}};
            (void)alone.run();
            const auto by_itself = samples_of(alone);
            for (const char* column : {"steps", "predicted", "input_spikes", "spikes",
                                       "synaptic_events", "score_0", "score_2"}) {
                INFO(column);
                CHECK(together.at(column)[i] == by_itself.at(column)[0]);
            }
        }
    }
}

TEST_CASE("samples end early in the same steps with every mapping, mesh and thread",
          "[early_end]") {
    const Network network{{.blank = 2}};
    const Json expected = network.run();
    const std::vector<int> steps = steps_of(network);
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{"--mesh", "ideal"},
          {"--mesh", "flit"},
          {"--threads", "2"},
          {"--untimed"},
          {"--set", "limits.compartments=2", "--placer", "hilbert"},
          {"--set", "limits.compartments=1", "--threads", "2", "--untimed"},
          {"--records", "hdf5"}}) {
        INFO(options[0] << " " << options.back());
        const Json json = network.run(options);
        CHECK(json["spike_hash"] == expected["spike_hash"]);
        CHECK(json["steps"] == expected["steps"]);
        CHECK(json["samples"] == 8);
        if (options[0] != "--records") CHECK(steps_of(network) == steps);
    }
}

TEST_CASE("an image says where its samples end, and is verified", "[early_end]") {
    const Network network;
    const Json expected = network.run();
    const std::string image = network.folder / "net.smi";
    run_or_fail({"compile", network.file, "-o", image, "-q"});
    run_or_fail({"verify", network.file, image});
    const Finished sheet = run_seamount({"inspect", image});
    CHECK_THAT(sheet.out, Contains("8 samples of 20 steps (0 blank), until a spike of out"));
    run_or_fail({"run", image, "--json", network.folder / "i.json", "-q"});
    const Json json = Json::parse(read_text(network.folder / "i.json"));
    CHECK(json["spike_hash"] == expected["spike_hash"]);
    CHECK(json["steps"] == expected["steps"]);
    const Network other{{.until = ", until: hidden"}};
    CHECK(run_seamount({"verify", other.file, image}).code != 0);
}

TEST_CASE("a run of some samples or steps ends with them, or with the dataset", "[early_end]") {
    const Network network;
    const Json all = network.run();
    const std::vector<int> steps = steps_of(network);
    const Json three = network.run({"--samples", "3"});
    CHECK(three["samples"] == 3);
    CHECK(three["steps"] == steps[0] + steps[1] + steps[2]);
    const Json most = network.run({"--steps", std::to_string(8 * kSteps)});
    CHECK(most["steps"] == all["steps"]);
    CHECK(most["spike_hash"] == all["spike_hash"]);
    const Finished beyond = run_seamount({"run", network.file, "--steps", "161"});
    CHECK(beyond.code == 2);
    CHECK_THAT(beyond.err, Contains("CLI-STEPS"));
    const Finished cut =
        run_seamount({"run", network.file, "--steps", std::to_string(steps[0] + 1)});
    CHECK_THAT(cut.err, Contains("RUN-PARTIAL") && Contains("after 1 of its 20 steps"));
}

TEST_CASE("a run of samples that end early is stopped in any step and goes on", "[early_end]") {
    const Network network{{.blank = 1}};
    const Json whole = network.run();
    const auto last = samples_of(network).at("steps").back();
    const std::string state = network.folder / "state";
    for (int stop = 1; stop < whole["steps"].get<int>(); stop += 5) {
        INFO("step " << stop);
        const Finished first = run_seamount(
            {"run", network.file, "--steps", std::to_string(stop), "--save-state", state, "-q"});
        REQUIRE(first.code == 0);
        const Json json = network.run({"--load-state", state});
        for (const char* key : {"steps", "samples", "spike_hash", "spikes", "correct",
                                "modelled_time_s", "per_sample", "confusion"}) {
            INFO(key);
            CHECK(json[key] == whole[key]);
        }
        CHECK(samples_of(network).at("steps").back() == last);
    }
    const Finished end = run_seamount({"run", network.file, "--save-state", state, "-q"});
    REQUIRE(end.code == 0);
    const Finished beyond = run_seamount({"run", network.file, "--load-state", state, "-q"});
    CHECK(beyond.code == 2);
    CHECK_THAT(beyond.err, Contains("there is nothing left to run"));
}

TEST_CASE("explain follows samples that ended early, and spikes in them", "[early_end]") {
    const Network network{{.blank = 1}};
    (void)network.run();
    const auto samples = samples_of(network);
    std::vector<int> first{0};
    for (const int steps : steps_of(network)) first.push_back(first.back() + steps);
    for (const std::size_t sample : {0U, 3U, 7U}) {
        const Finished said = run_seamount({"explain", network.out, "--decision",
                                            std::to_string(sample), "--verify", "--lines", "3"});
        INFO(said.err);
        REQUIRE(said.code == 0);
        CHECK_THAT(said.out, Contains("is " + samples.at("predicted")[sample] + " rather than") &&
                                 Contains("steps " + std::to_string(first[sample]) + " to " +
                                          std::to_string(first[sample + 1] - 1)));
    }
    std::istringstream spikes{read_text(network.out + "/spikes.csv")};
    std::string spike;
    for (std::string line; std::getline(spikes, line);) {
        if (line.find(",out,") != std::string::npos) spike = line;
    }
    const std::string step = spike.substr(0, spike.find(','));
    const std::string neuron = spike.substr(spike.find("out,") + 4, 1);
    const Finished said =
        run_seamount({"explain", network.out, "--spike", "out[" + neuron + "]@" + step});
    INFO(said.err);
    REQUIRE(said.code == 0);
    CHECK_THAT(said.out, Contains("steps " + std::to_string(first[7]) + " to " + step));
    const Finished all = run_seamount({"explain", network.out, "--decision", "all"});
    CHECK(all.code == 0);
}

TEST_CASE("debug plays samples that end early as run does, and goes back", "[early_end]") {
    const Network network;
    const Json json = network.run();
    write_text(network.folder / "x.dbg",
               "continue\ninfo\ngoto 3\ncontinue\ninfo\ngoto 159\nback 2\n");
    const Finished said = run_seamount({"debug", network.file, "-x", network.folder / "x.dbg"});
    INFO(said.out << said.err);
    REQUIRE(said.code == 0);
    const std::string hash = "spike hash " + json["spike_hash"].get<std::string>();
    const std::size_t once = said.out.find(hash);
    REQUIRE(once != std::string::npos);
    CHECK(said.out.find(hash, once + 1) != std::string::npos);
    const int last = json["steps"].get<int>() - 1;
    CHECK_THAT(said.out, Contains("the end, after step " + std::to_string(last)) &&
                             Contains("the run ends before step 159") &&
                             Contains("before step " + std::to_string(last - 1)));
}

TEST_CASE("a host hears the steps of samples that end early, and no others", "[early_end]") {
    const Network network;
    const Json expected = network.run();
    const std::string host = R"(python3 -u -c "
import json, sys
last = -1
for line in sys.stdin:
    step = json.loads(line)['step']
    assert step == last + 1, step
    last = step
    print('{}', flush=True)
")";
    const Json json = network.run({"--host", host});
    CHECK(json["spike_hash"] == expected["spike_hash"]);
    CHECK(json["steps"] == expected["steps"]);
}

TEST_CASE("what was learned until the samples are over is saved", "[early_end]") {
    Network network;
    std::string text = read_text(network.file);
    const std::string at = "delay: 1}";
    text.replace(text.find(at), at.size(), "delay: 1, learning: pairs}");
    write_text(network.file, text + R"(learning:
  rules:
    pairs: {epoch: 4, dw: "2^-2*x1*y0 - 2^-2*y1*x0", x1: {impulse: 40, tau: 5}, y1: {impulse: 40, tau: 5}}
)");
    const std::string weights = network.folder / "w.npz";
    const Json json = network.run({"--save-weights", weights});
    REQUIRE(json["steps"].get<int>() < 8 * kSteps);
    const std::string learned = read_text(weights);
    CHECK_FALSE(learned.empty());
    const Json part = network.run(
        {"--steps", std::to_string(json["steps"].get<int>()), "--save-weights", weights});
    CHECK(part["spike_hash"] == json["spike_hash"]);
    CHECK(read_text(weights) == learned);
}
