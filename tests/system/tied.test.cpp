#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/system/process.hpp"
#include "tests/system/run_records.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string kTied = R"(network: tied
seed: 3
populations:
  a: {neuron: loihi1_cuba, size: 40, params: {decay_u: 4096, decay_v: 400, vth: 300}}
  b: {neuron: loihi1_cuba, size: 12, params: {decay_u: 4096, decay_v: 400, vth: 400}}
inputs:
  noise: {size: 30, poisson: 0.1}
learning:
  rules:
    stdp: {dw: 2^-3*x1*y0 - 2^-4*y1*x0, epoch: 3, x1: {impulse: 40, tau: 12}, y1: {impulse: 40, tau: 9}}
projections:
  - {from: noise, to: a, rule: all_to_all, weights: {uniform: [0, 60]}}
  - {from: b, to: a, name: back, tied: forth, delay: 1}
  - {from: a, to: b, name: forth, rule: fixed_probability, probability: 0.5, weights: {uniform: [20, 120]}, sign: mixed, learning: stdp}
probes:
  - {weights: forth, every: 50}
  - {weights: back, every: 50}
)";

/// Rows of weights.csv by step and ends, those of projection back turned around.
std::map<std::vector<int>, int> weights_in(const std::string& file, const std::string& projection) {
    std::map<std::vector<int>, int> weights;
    const bool turned = projection == "back";
    for (const Row& row : csv(file)) {
        if (row.at("projection") != projection) continue;
        const int source = std::stoi(row.at("source"));
        const int target = std::stoi(row.at("target"));
        weights[{std::stoi(row.at("step")), turned ? target : source, turned ? source : target}] =
            std::stoi(row.at("weight"));
    }
    return weights;
}

}  // namespace

TEST_CASE("tied weights are the same for every mesh, thread and placement, and in every file",
          "[tied]") {
    const TemporaryFolder folder;
    write_text(folder / "net.yaml", kTied);
    const std::string expected = saved_weights(folder / "net.yaml", {"--out", folder / "out"});
    CHECK(saved_weights(folder / "net.yaml", {"--mesh", "ideal"}) == expected);
    CHECK(saved_weights(folder / "net.yaml", {"--mesh", "flit"}) == expected);
    CHECK(saved_weights(folder / "net.yaml", {"--untimed"}) == expected);
    CHECK(saved_weights(folder / "net.yaml", {"--threads", "2"}) == expected);
    CHECK(saved_weights(folder / "net.yaml", {"--mapping-seed", "77"}) == expected);
    CHECK(saved_weights(folder / "net.yaml", {"--no-learning"}) != expected);

    const std::string recorded = folder / "out/weights.csv";
    const auto forth = weights_in(recorded, "forth");
    CHECK(forth.size() > 4 * 200);
    CHECK(weights_in(recorded, "back") == forth);

    // An image and a network with what was learned have it in both directions.
    const std::string trained = folder / "trained.smi";
    REQUIRE(run_seamount(
                {"run", folder / "net.yaml", "--steps", "200", "-q", "--save-weights", trained})
                .code == 0);
    CHECK(saved_weights(trained, {"--no-learning"}) == expected);
    write_text(folder / "w.npz", expected);
    std::string again = kTied;
    const std::string drawn = "weights: {uniform: [20, 120]}";
    again.replace(again.find(drawn), drawn.size(), "weights: {learned: w.npz}");
    write_text(folder / "again.yaml", again);
    CHECK(saved_weights(folder / "again.yaml", {"--no-learning"}) == expected);

    REQUIRE(run_seamount({"compile", folder / "net.yaml", "-q", "-o", folder / "net.smi"}).code ==
            0);
    CHECK(run_seamount({"verify", folder / "net.yaml", folder / "net.smi"}).code == 0);
    CHECK_THAT(run_seamount({"inspect", folder / "net.smi"}).out, Contains("tied projection"));
}

TEST_CASE("each tied synapse that is rewritten is a priced write of the host", "[tied]") {
    const TemporaryFolder folder;
    write_text(folder / "net.yaml", kTied);
    const auto run = [&folder](const std::string& energy, std::vector<std::string> options) {
        options.insert(options.begin(),
                       {"run", folder / "net.yaml", "-q", "--chip",
                        SEAMOUNT_SOURCE_DIR "/configs/chips/small.yaml", "--set",
                        "prices.host_write_pj=" + energy, "--json", folder / "r.json"});
        const Finished finished = run_seamount(options);
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        return Json::parse(read_text(folder / "r.json"));
    };
    const Json free = run("0", {"--steps", "200"});
    const Json priced = run("1000000", {"--steps", "200"});
    const int writes = free["event_counts"]["host_write"];
    CHECK(writes > 500);
    CHECK(writes <= free["learning"]["synapse_writes"].get<int>());
    CHECK(priced["event_counts"]["host_write"] == writes);
    CHECK(priced["energy_j"]["total"].get<double>() - free["energy_j"]["total"].get<double>() ==
          Approx(1e-6 * writes).epsilon(1e-6));
    CHECK(run("0", {"--steps", "200", "--no-learning"})["event_counts"]["host_write"] == 0);

    // A run in two parts: what the host still has to write when it stops, it writes when it goes
    // on. An epoch ends with step 101.
    const Json first = run("0", {"--steps", "102", "--save-state", folder / "s"});
    CHECK(first["event_counts"]["host_write"] < writes);
    const Json second = run("0", {"--steps", "98", "--load-state", folder / "s"});
    CHECK(second["event_counts"]["host_write"] == writes);
    CHECK(second["spike_hash"] == free["spike_hash"]);
}
