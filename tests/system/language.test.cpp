#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/system/process.hpp"
#include "tests/system/run_records.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

std::string hash_of(const TemporaryFolder& folder, const std::string& network,
                    const std::string& chip) {
    write_text(folder / "net.yaml", network);
    return run_json({folder / "net.yaml", "--steps", "60", "--chip", chip, "-q"}).at("spike_hash");
}

/// Steps of the spikes of each neuron of the run.
std::vector<std::vector<int>> spikes_of(const TemporaryFolder& folder, const std::string& network,
                                        int steps, std::size_t neurons) {
    write_text(folder / "net.yaml", network);
    const Finished run = run_seamount({"run", folder / "net.yaml", "--steps", std::to_string(steps),
                                       "--out", folder / "out", "--force", "-q"});
    INFO(run.err);
    REQUIRE(run.code == 0);
    std::vector<std::vector<int>> spikes(neurons);
    for (const Row& row : csv(folder / "out/spikes.csv")) {
        spikes.at(std::stoul(row.at("neuron"))).push_back(std::stoi(row.at("step")));
    }
    return spikes;
}

}  // namespace

TEST_CASE("neurons start where the network says, after each reset too", "[language]") {
    const TemporaryFolder folder;
    write_text(folder / "x.csv", "x\n0\n0\n");
    const auto spikes = spikes_of(folder, R"(network: start
populations:
  a: {neuron: if, size: 5, params: {vth: 10, bias: 100}, initial: {v: {formula: "-150 * i"}}}
inputs:
  eye: {size: 1, dataset: {samples: {file: x.csv}, max: 1, steps: 15}}
projections:
  - {from: eye, to: a, rule: all_to_all, weights: 0}
)",
                                  30, 5);
    for (int i = 0; i < 5; ++i) {
        // Independent reference: v grows by 100, a spike where it is above 640.
        std::vector<int> expected;
        int v = 0;
        for (int t = 0; t < 30; ++t) {
            if (t % 15 == 0) v = -150 * i;
            v += 100;
            if (v <= 640) continue;
            expected.push_back(t);
            v = 0;
        }
        CHECK(spikes[static_cast<std::size_t>(i)] == expected);
    }
}

TEST_CASE("projections between parts are those of the list of their edges", "[language]") {
    const TemporaryFolder folder;
    const std::string head = R"(network: parts
inputs:
  in: {shape: [2, 4], rate: {formula: "0.2 + 0.1 * i"}}
populations:
  a: {neuron: loihi1_cuba, size: 12, params: {decay_u: 1024, decay_v: 128, vth: 60}}
  b: {neuron: loihi1_cuba, shape: [3, 4], params: {decay_u: 1024, decay_v: 128, vth: 80}}
views: {left: {of: b, slice: [":", "0:2"]}}
projections:
)";
    const std::string parts =
        head +
        "  - {from: \"in[1, :]\", to: \"a[2:8:2]\", rule: all_to_all, weights: {formula: \"20 "
        "+ 2 * i + 4 * j\"}}\n"
        "  - {from: \"a[7::-1]\", to: left, rule: all_to_all, weights: {formula: \"2 * i + 10 "
        "* j - 8\"}, delay: 2}\n";
    const std::vector<int> left{0, 1, 4, 5, 8, 9};
    std::string first = "source,target,weight\n";
    for (int i = 0; i < 4; ++i) {
        for (int j = 0; j < 3; ++j) {
            first += std::to_string(4 + i) + "," + std::to_string(2 + 2 * j) + "," +
                     std::to_string(20 + 2 * i + 4 * j) + "\n";
        }
    }
    std::string second = "source,target,weight,delay\n";
    for (int i = 0; i < 8; ++i) {
        for (int j = 0; j < 6; ++j) {
            second += std::to_string(7 - i) + "," +
                      std::to_string(left[static_cast<std::size_t>(j)]) + "," +
                      std::to_string(2 * i + 10 * j - 8) + ",2\n";
        }
    }
    write_text(folder / "first.csv", first);
    write_text(folder / "second.csv", second);
    const std::string lists = head +
                              "  - {from: in, to: a, rule: list, edges: {file: first.csv}}\n"
                              "  - {from: a, to: b, rule: list, edges: {file: second.csv}}\n";
    for (const std::string chip : {"loihi1", "loihi2"}) {
        const std::string by_parts = hash_of(folder, parts, chip);
        CHECK(by_parts == hash_of(folder, lists, chip));
        CHECK(by_parts != hash_of(folder,
                                  head + "  - {from: in, to: a, rule: all_to_all, weights: "
                                         "20}\n",
                                  chip));
    }
    write_text(folder / "net.yaml", parts);
    REQUIRE(run_seamount({"compile", folder / "net.yaml", "-q", "-o", folder / "net.smi"}).code ==
            0);
    CHECK(run_seamount({"verify", folder / "net.yaml", folder / "net.smi"}).code == 0);
}

TEST_CASE("a kernel between parts of maps gives the spikes of a network of these maps",
          "[language]") {
    const TemporaryFolder folder;
    const std::string kernel =
        "rule: conv2d, kernel: {values: [[[[10, -4], [6, 20]]], [[[-8, 30], [12, 2]]]]}}\n";
    const std::string input =
        "inputs:\n  in: {shape: [5, 5], rate: {formula: \"mod(i * 7, 9) / 9\"}}\n";
    const std::string neuron = "neuron: loihi1_cuba, params: {decay_v: 300, vth: 40}";
    for (const std::string chip : {"loihi1", "loihi2"}) {
        const std::string whole = hash_of(
            folder,
            input + "populations:\n  m: {" + neuron + ", shape: [2, 4, 4]}\n  n: {" + neuron +
                ", shape: [2, 3, 4]}\nprojections:\n  - {from: in, to: m, " + kernel +
                "  - {from: m, to: n, rule: conv2d, kernel: {values: [[[[9], [9]], [[0], [4]]], "
                "[[[2], [0]], [[8], [8]]]]}}\n",
            chip);
        const std::string part = hash_of(
            folder,
            input + "populations:\n  m: {" + neuron + ", shape: [2, 4, 4]}\n  n: {" + neuron +
                ", shape: [2, 3, 4]}\nprojections:\n  - {from: in, to: m, " + kernel +
                "  - {from: m, to: \"n[:1, :, :]\", rule: conv2d, kernel: {values: [[[[9], [9]], "
                "[[0], [4]]]]}}\n"
                "  - {from: m, to: \"n[1:, :, :]\", rule: conv2d, kernel: {values: [[[[2], [0]], "
                "[[8], [8]]]]}}\n",
            chip);
        CHECK(whole == part);
    }
}

TEST_CASE("what synapses between parts learned can be loaded again", "[language]") {
    const TemporaryFolder folder;
    const auto network = [](const std::string& weights) {
        return R"(network: learner
inputs:
  noise: {size: 12, poisson: 0.3}
populations:
  h: {neuron: loihi1_cuba, size: 9, params: {decay_u: 4096, decay_v: 200, vth: 100}}
learning:
  rules: {stdp: {dw: 2^-4*x1*y0 - 2^-4*y1*x0, x1: {impulse: 90, tau: 8}, y1: {impulse: 80, tau: 8}}}
projections:
  - {from: "noise[10:1:-2]", to: "h[6:2:-1]", name: p, rule: all_to_all, weights: )" +
               weights + ", sign: mixed, learning: stdp}\n";
    };
    const auto weights_after = [&](const std::string& yaml, const std::string& file,
                                   std::vector<std::string> more) {
        write_text(folder / "net.yaml", yaml);
        more.insert(more.begin(), {"run", folder / "net.yaml", "--steps", "200", "-q",
                                   "--save-weights", folder / file});
        const Finished run = run_seamount(more);
        INFO(run.err);
        REQUIRE(run.code == 0);
        return read_text(folder / file);
    };
    const std::string learned = weights_after(network("{uniform: [0, 120]}"), "w.npz", {});
    CHECK(learned == weights_after(network("{learned: w.npz}"), "after.npz", {"--no-learning"}));
    CHECK(learned != weights_after(network("{uniform: [0, 120]}"), "fresh.npz", {"--no-learning"}));
}
