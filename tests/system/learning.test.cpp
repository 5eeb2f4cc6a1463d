#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/system/process.hpp"
#include "tests/system/run_records.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string kNetwork = R"(network: plastic
seed: 3
populations:
  hidden: {neuron: loihi1_cuba, size: 40, params: {decay_u: 4096, decay_v: 400, vth: 300}}
  out: {neuron: loihi1_cuba, size: 8, params: {decay_u: 4096, decay_v: 400, vth: 400}}
inputs:
  noise: {size: 30, poisson: 0.1}
  cheese: {reward: r0, values: [[40, 9], [80, -20]]}
learning:
  enabled: [[0, true], [150, false], [170, true]]
  rules:
    stdp:
      dw: 2^-3*x1*y0 - 2^-4*y1*x0 + 2^-5*u2*t*r0
      dt: 2^-3*x1*y0
      epoch: 3
      x1: {impulse: 40, tau: 12}
      y1: {impulse: 40, tau: 9}
  rewards: {r1: out}
projections:
  - {from: noise, to: hidden, rule: all_to_all, weights: {uniform: [0, 120]}, sign: mixed, learning: stdp, name: first}
  - {from: hidden, to: out, rule: fixed_probability, probability: 0.5, weights: 60, sign: mixed, learning: stdp}
probes:
  - {weights: first, every: 100}
  - {weights: hidden->out, every: 50, histogram: 16}
)";

std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("learned weights are the same for every mesh, thread and placement", "[learning]") {
    const TemporaryFolder folder;
    write_text(folder / "net.yaml", kNetwork);
    const std::string expected = saved_weights(folder / "net.yaml", {});
    CHECK(expected.size() > 4 * 6 * 30 * 40);
    CHECK(saved_weights(folder / "net.yaml", {"--mesh", "ideal"}) == expected);
    CHECK(saved_weights(folder / "net.yaml", {"--threads", "2"}) == expected);
    CHECK(saved_weights(folder / "net.yaml", {"--mapping-seed", "77"}) == expected);
    CHECK(saved_weights(folder / "net.yaml", {"--no-learning"}) != expected);
    CHECK(saved_weights(folder / "net.yaml", {"--seed", "4"}) != expected);
}

TEST_CASE("learning that the network never switches on keeps weights and costs nothing",
          "[learning]") {
    const TemporaryFolder folder;
    std::string text = kNetwork;
    const std::string schedule = "[[0, true], [150, false], [170, true]]";
    text.replace(text.find(schedule), schedule.size(), "false");
    write_text(folder / "net.yaml", text);
    CHECK(saved_weights(folder / "net.yaml", {}) ==
          saved_weights(folder / "net.yaml", {"--no-learning"}));
    const auto trace_updates = [&folder](const std::string& network) {
        write_text(folder / "net.yaml", network);
        const Finished finished = run_seamount(
            {"run", folder / "net.yaml", "--steps", "200", "-q", "--json", folder / "r.json"});
        REQUIRE(finished.code == 0);
        return Json::parse(read_text(folder / "r.json"))["learning"]["trace_updates"].get<int>();
    };
    CHECK(trace_updates(text) == 0);
    text.replace(text.find("enabled: false"), 14, "enabled: [[199, true]]");
    CHECK(trace_updates(text) > 100);  // they go on, to be there when learning starts
}

TEST_CASE("a run goes on from an image with learned weights", "[learning]") {
    const TemporaryFolder folder;
    write_text(folder / "net.yaml", kNetwork);
    const std::string trained = folder / "trained.smi";
    REQUIRE(run_seamount(
                {"run", folder / "net.yaml", "--steps", "200", "-q", "--save-weights", trained})
                .code == 0);
    CHECK(saved_weights(trained, {"--no-learning"}) == saved_weights(folder / "net.yaml", {}));
    CHECK(saved_weights(trained, {}) != saved_weights(trained, {"--no-learning"}));
}

TEST_CASE("rewards of samples act like rewards of steps, and each is a priced message of the host",
          "[learning]") {
    const TemporaryFolder folder;
    write_text(folder / "x.csv", "a,b\n9,2\n3,8\n9,9\n1,5\n");
    write_text(folder / "r.csv", "r\n20\n-7\n0\n9\n");
    const auto run = [&folder](const std::string& reward, const std::string& price) {
        write_text(folder / "net.yaml", R"(network: graded_by_teacher
populations:
  out: {neuron: loihi1_cuba, size: 3, params: {decay_u: 4096, decay_v: 400, vth: 100}}
inputs:
  seen: {size: 2, dataset: {samples: {file: x.csv}, max: 9, steps: 12, blank: 3, reset: false}}
  cheese: )" + reward + R"(
learning:
  rules: {r: {dw: 2^-6*x1*y0*r0, epoch: 6, rounding: half, x1: {impulse: 100, tau: 9}}}
projections:
  - {from: seen, to: out, rule: all_to_all, weights: 90, sign: mixed, learning: r, name: w}
)");
        const Finished finished = run_seamount(
            {"run", folder / "net.yaml", "--chip", SEAMOUNT_SOURCE_DIR "/configs/chips/small.yaml",
             "-q", "--set", "prices.host_reward_ns=" + price, "--json", folder / "r.json",
             "--save-weights", folder / "w.npz"});
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        return std::pair{Json::parse(read_text(folder / "r.json")), read_text(folder / "w.npz")};
    };
    const std::string by_sample =
        "{reward: r0, dataset: {samples: {file: r.csv}, steps: 12, blank: 3, reset: false, at: "
        "10}}";
    const auto [free, weights] = run(by_sample, "0");
    CHECK(run("{reward: r0, values: [[10, 20], [22, -7], [46, 9]]}", "0").second == weights);
    CHECK(run("{reward: r0, values: [[10, 20], [22, 7], [46, 9]]}", "0").second != weights);
    CHECK(free["event_counts"]["host_reward"] == 3);
    // In a step of the host's own, its reward is what the step waits for.
    const auto [slow, same] = run(by_sample, "1000000");
    CHECK(same == weights);
    CHECK(slow["modelled_time_s"].get<double>() - free["modelled_time_s"].get<double>() ==
          Approx(3e-3).epsilon(0.01));
}

TEST_CASE("saved weights can be read into a network", "[learning]") {
    const TemporaryFolder folder;
    write_text(folder / "net.yaml", kNetwork);
    REQUIRE(run_seamount({"run", folder / "net.yaml", "--steps", "200", "-q", "--save-weights",
                          folder / "w.npz"})
                .code == 0);
    write_text(folder / "fixed.yaml", R"(populations:
  a: {neuron: loihi1_cuba, size: 1, params: {vth: {file: w.npz, array: first.weight}}}
)");
    const Finished finished =
        run_seamount({"compile", folder / "fixed.yaml", "-q", "-o", folder / "x.smi"});
    CHECK_THAT(finished.err, Contains("1200"));  // read, and too many for one neuron
}

TEST_CASE("weight probes write synapses and histograms", "[learning]") {
    const TemporaryFolder folder;
    write_text(folder / "net.yaml", kNetwork);
    const Finished finished =
        run_seamount({"run", folder / "net.yaml", "--steps", "200", "-q", "--out", folder / "out"});
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    const std::string weights = read_text(folder / "out/weights.csv");
    CHECK_THAT(weights,
               Catch::StartsWith(
                   "step,projection,source,target,weight,delay,tag,second_tag\n99,first,0,0,"));
    CHECK(lines_of(weights) == 1 + 2 * 30 * 40);
    const std::string histograms = read_text(folder / "out/histograms.csv");
    CHECK_THAT(histograms, Contains("49,hidden->out,-256,-225,0\n"));
    CHECK(lines_of(histograms) == 1 + 4 * 16);
    const Json summary = Json::parse(read_text(folder / "out/summary.json"));
    const Json& learning = summary.at("learning");
    CHECK(learning.at("synapse_updates") > learning.at("synapse_writes"));
    CHECK(learning.at("synapse_writes") > 1000);
    CHECK(learning.at("trace_updates") > 0);
}

TEST_CASE("learning microcode is listed with its cost", "[learning]") {
    const TemporaryFolder folder;
    write_text(folder / "net.yaml", kNetwork);
    REQUIRE(run_seamount({"compile", folder / "net.yaml", "-q", "-o", folder / "net.smi",
                          "--report", folder / "report.json"})
                .code == 0);
    const Finished listing = run_seamount({"disasm", folder / "net.smi", "--program", "stdp"});
    CHECK_THAT(listing.out, Contains("; learning rule stdp: exact, stochastic, epoch 3") &&
                                Contains("LGATE u2") && Contains("LACC  dt, 1*2^-3") &&
                                Contains("2 after x0, 4 after y0, 3 with u; 14 words"));
    const Json rules = Json::parse(read_text(folder / "report.json")).at("learning_rules");
    CHECK(rules.at(0).at("macs_y0") == 4);
    CHECK(rules.at(0).at("synapses") > 1200);
}

TEST_CASE("weights of a network that does not learn cannot be saved", "[learning]") {
    const TemporaryFolder folder;
    write_text(folder / "net.yaml",
               "populations:\n  a: {neuron: loihi1_cuba, size: 1, params: {vth: 1}}\n");
    const Finished finished = run_seamount(
        {"run", folder / "net.yaml", "--steps", "1", "--save-weights", folder / "w.npz"});
    CHECK(finished.code == 2);
    CHECK_THAT(finished.err, Contains("CLI-WEIGHTS"));
}

TEST_CASE("a chip says how long an epoch of learning may be", "[learning]") {
    const TemporaryFolder folder;
    std::string text = kNetwork;
    text.replace(text.find("epoch: 3"), 8, "epoch: 90");
    write_text(folder / "net.yaml", text);
    const Finished usual = run_seamount({"compile", folder / "net.yaml", "-o", folder / "n.smi"});
    CHECK(usual.code == 2);
    CHECK_THAT(usual.err, Contains("rule 'stdp' has epochs of 90 steps, chip '") &&
                              Contains("allows 63") && Contains("[CMP-EPOCH]"));
    write_text(folder / "long.yaml",
               "chip: long\nlimits: {learning_epoch: 90}\nextends: " SEAMOUNT_SOURCE_DIR
               "/configs/chips/loihi1.yaml\n");
    const Finished finished =
        run_seamount({"run", folder / "net.yaml", "--chip", folder / "long.yaml", "--steps", "180",
                      "-q", "--json", folder / "r.json"});
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    const Json summary = Json::parse(read_text(folder / "r.json"));
    CHECK(summary["learning"]["synapse_writes"].get<int>() > 100);
    REQUIRE(run_seamount({"compile", folder / "net.yaml", "--chip", folder / "long.yaml", "-o",
                          folder / "n.smi"})
                .code == 0);
    CHECK(run_seamount(
              {"verify", folder / "net.yaml", folder / "n.smi", "--chip", folder / "long.yaml"})
              .code == 0);
    const Finished other =
        run_seamount({"run", folder / "n.smi", "--chip", "loihi1", "--steps", "1", "-q"});
    CHECK(other.code == 2);
    CHECK_THAT(other.err, Contains("needs 90 steps of an epoch") && Contains("[CHIP-LIMIT]"));
}

TEST_CASE("normalised weights add up to what the rule says, for each target", "[learning]") {
    const TemporaryFolder folder;
    std::string text = kNetwork;
    text.replace(text.find("epoch: 3"), 8, "epoch: 3\n      normalise: {sum: 900, every: 2}");
    // After step 95 the 32nd epoch has ended.
    text.replace(text.find("every: 100}"), 11, "every: 96}");
    write_text(folder / "net.yaml", text);
    const Finished finished =
        run_seamount({"run", folder / "net.yaml", "--steps", "100", "-q", "--out", folder / "o"});
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    const std::string expected = saved_weights(folder / "net.yaml", {});
    CHECK(saved_weights(folder / "net.yaml", {"--threads", "2"}) == expected);
    CHECK(saved_weights(folder / "net.yaml", {"--mapping-seed", "77"}) == expected);
    write_text(folder / "plain.yaml", kNetwork);
    CHECK(saved_weights(folder / "plain.yaml", {}) != expected);
    // weights.csv: step,projection,source,target,weight,...
    std::istringstream rows{read_text(folder / "o/weights.csv")};
    std::map<int, int> sums;  // by target
    for (std::string row; std::getline(rows, row);) {
        std::istringstream cells{row};
        std::vector<std::string> cell;
        for (std::string one; std::getline(cells, one, ',');) cell.push_back(one);
        if (cell.size() < 5 || cell[0] != "95") continue;
        sums[std::stoi(cell[3])] += std::abs(std::stoi(cell[4]));
    }
    REQUIRE(sums.size() == 40);
    for (const auto& [target, sum] : sums) CHECK(std::abs(sum - 900) < 30);
}

TEST_CASE("a rule that spikes switch goes on from a saved state", "[learning]") {
    const TemporaryFolder folder;
    std::string text = kNetwork;
    text.replace(text.find("epoch: 3"), 8,
                 "epoch: 3\n      enabled: {from: gate, until: lock}\n      clear_tags: lock");
    text.replace(text.find("  out: {"), 0,
                 "  gate: {neuron: loihi1_cuba, size: 1, params: {vth: 50}}\n"
                 "  lock: {neuron: loihi1_cuba, size: 1, params: {vth: 50}}\n");
    text.replace(text.find("  cheese:"), 0,
                 "  keys: {size: 2, spikes: [[60, 0], [120, 1], [160, 0]]}\n");
    text.replace(text.find("probes:"), 0,
                 "  - {from: \"keys[0]\", to: gate, rule: all_to_all, weights: 200}\n"
                 "  - {from: \"keys[1]\", to: lock, rule: all_to_all, weights: 200}\n");
    write_text(folder / "net.yaml", text);
    const auto run = [&](std::vector<std::string> options) {
        options.insert(options.begin(),
                       {"run", folder / "net.yaml", "-q", "--json", folder / "r.json"});
        const Finished finished = run_seamount(options);
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        return Json::parse(read_text(folder / "r.json"))["learning"]["synapse_writes"].get<int>();
    };
    CHECK(run({"--steps", "60"}) == 0);
    const int first = run({"--steps", "120", "--save-state", folder / "s"});
    CHECK(first > 0);
    // From the spike of the lock on only tags are cleared, once.
    const int locked = run({"--steps", "159"});
    CHECK(locked > first);
    CHECK(run({"--steps", "140"}) == locked);
    const int whole = run({"--steps", "200", "--save-weights", folder / "w.npz"});
    CHECK(whole > locked);
    CHECK(run({"--steps", "80", "--load-state", folder / "s", "--save-weights",
               folder / "again.npz"}) == whole);
    CHECK(read_text(folder / "again.npz") == read_text(folder / "w.npz"));
}
