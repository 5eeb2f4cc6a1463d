#include <algorithm>
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

TEST_CASE("a network with units is the one with the numbers that they are", "[language]") {
    const TemporaryFolder folder;
    const auto network = [](const std::string& dt, const std::string& decays,
                            const std::string& refract, const std::string& rates,
                            const std::string& delay) {
        return dt +
               "seed: 2\npopulations:\n  a: {neuron: loihi1_cuba, size: 20, params: {vth: 20, " +
               decays + ", refract: " + refract + "}}\ninputs:\n  in: {size: 9, poisson: " + rates +
               "}\nprojections:\n  - {from: in, to: a, rule: all_to_all, weights: {uniform: [0, "
               "40]}, "
               "delay: " +
               delay + "}\n";
    };
    const std::string plain =
        network("", "decay_u: 742, decay_v: 200", "3", "0.04", "{uniform: [2, 5]}");
    const std::string units = network("dt: 1ms\n", "decay_u: 5ms, decay_v: 20ms", "3ms", "40Hz",
                                      "{uniform: [2ms, 5 ms]}");
    const std::string expected = hash_of(folder, plain, "loihi1");
    CHECK(expected == hash_of(folder, units, "loihi1"));
    CHECK(expected !=
          hash_of(folder,
                  network("", "decay_u: 742, decay_v: 300", "3", "0.04", "{uniform: [2, 5]}"),
                  "loihi1"));
    // The option instead of the key, and what the report says.
    write_text(folder / "net.yaml", units.substr(units.find('\n') + 1));
    CHECK(run_json({folder / "net.yaml", "--steps", "60", "-q", "--dt", "1ms"}).at("spike_hash") ==
          expected);
    const Finished compiled =
        run_seamount({"compile", folder / "net.yaml", "-o", folder / "net.smi", "--dt", "1ms",
                      "--report", folder / "report.json"});
    REQUIRE(compiled.code == 0);
    CHECK_THAT(compiled.out, Contains("decay_v: 20ms is 200 of 4096 decay per step (time constant "
                                      "0.01998 s)") &&
                                 Contains("poisson: 40Hz is 0.04 spikes per step") &&
                                 Contains("refract: 3ms is 3 steps"));
    const Json report = Json::parse(read_text(folder / "report.json"));
    CHECK(report.at("dt_s") == 0.001);
    CHECK(report.at("units").at(0).at("key") == "decay_u");
    CHECK(report.at("units").at(0).at("written") == "5ms");
    const Finished without = run_seamount({"run", folder / "net.yaml", "--steps", "1", "-q"});
    CHECK(without.code == 2);
    CHECK_THAT(without.err, Contains("'delay' is 5 ms, but the network does not say") &&
                                Contains("dt: 1ms in the network, or --dt 1ms"));
    const Finished bare =
        run_seamount({"run", folder / "net.yaml", "--steps", "1", "-q", "--dt", "1e-3"});
    CHECK(bare.code == 2);
    CHECK_THAT(bare.err, Contains("--dt: error: is '1e-3', must be a time above 0 with its unit"));
    for (const char* const none : {"0ms", "5e-324ns", "-1 ms"}) {
        const Finished bad =
            run_seamount({"run", folder / "net.yaml", "--steps", "1", "-q", "--dt", none});
        CHECK(bad.code == 2);
        CHECK_THAT(bad.err, Contains(std::string{"is '"} + none + "', must be a time above 0"));
    }
}

TEST_CASE("a current over time drives neurons as written, and each write is priced", "[language]") {
    const TemporaryFolder folder;
    const auto network = [](const std::string& current, const std::string& more = "") {
        return "network: current\npopulations:\n  a: {neuron: if, size: 4, params: {vth: 10}}\n"
               "inputs:\n  drive: {target: \"a[1:]\", current: " +
               current + "}\n" + more;
    };
    // Independent reference: v grows by the current of the step, a spike where it is above 640.
    const auto expect = [&](const std::string& current, auto value, const std::string& more = "",
                            int sample = 1000) {
        const auto spikes = spikes_of(folder, network(current, more), 60, 4);
        CHECK(spikes[0].empty());
        for (int i = 0; i < 3; ++i) {
            std::vector<int> expected;
            int v = 0;
            for (int t = 0; t < 60; ++t) {
                if (t % sample == 0) v = 0;
                v += value(i, t);
                if (v <= 640) continue;
                expected.push_back(t);
                v = 0;
            }
            CHECK(spikes[static_cast<std::size_t>(i) + 1] == expected);
        }
    };
    const auto steps = [](int, int t) { return t < 5 ? 0 : t < 30 ? 100 : t < 40 ? -50 : 333; };
    const std::string by_steps = "{step: [[5, 100], [30, -50], [40, 333]]}";
    expect(by_steps, steps);
    expect("{formula: \"10 * t - 70 * i\", steps: 60}",
           [](int i, int t) { return 10 * t - 70 * i; });
    // A reset between samples clears the state; the current of the time goes on.
    write_text(folder / "x.csv", "x\n0\n0\n0\n");
    expect(by_steps, steps,
           "  eye: {size: 1, dataset: {samples: {file: x.csv}, max: 1, steps: 20}}\n"
           "projections:\n  - {from: eye, to: a, rule: all_to_all, weights: 0}\n",
           20);

    // On a chip that has a price for what the host writes: 9 writes, or the 3 before step 30.
    write_text(folder / "net.yaml", network(by_steps));
    const auto writes = [&](const std::string& steps_of_run) {
        return run_json({folder / "net.yaml", "--steps", steps_of_run, "-q", "--chip", "small"})
            .at("energy_j")
            .at("events")
            .at("host_write")
            .get<double>();
    };
    CHECK(writes("60") == Approx(9 * 100e-12));
    CHECK(writes("30") == Approx(3 * 100e-12));
}

TEST_CASE("a layer behind two others is the one behind both in one", "[language]") {
    const TemporaryFolder folder;
    const std::string neuron = "neuron: loihi1_cuba, params: {decay_v: 300, vth: 40}";
    const std::string input =
        "inputs:\n  in: {shape: [1, 4, 4], rate: {formula: \"mod(i * 7, 9) / 9\"}}\npopulations:\n";
    const std::string kernels = "kernel: {values: [[[[10, -4], [6, 20]]], [[[-8, 30], [12, 2]]]]}";
    const std::string behind =
        "rule: conv2d, sign: mixed, kernel: {values: [[[[9, 2], [3, 9]], [[1, -7], [8, 4]]]]}}\n";
    for (const std::string chip : {"loihi1", "loihi2"}) {
        const Json both = [&] {
            write_text(
                folder / "net.yaml",
                input + "  m: {" + neuron + ", shape: [2, 3, 3]}\n  n: {" + neuron +
                    ", shape: [1, 2, 2]}\nprojections:\n  - {from: in, to: m, rule: conv2d, " +
                    kernels + "}\n  - {from: m, to: n, " + behind);
            return run_json({folder / "net.yaml", "--steps", "60", "--chip", chip, "-q"});
        }();
        const Json parted = [&] {
            write_text(folder / "net.yaml", input + "  m: {" + neuron +
                                                ", shape: [1, 3, 3]}\n  k: {" + neuron +
                                                ", shape: [1, 3, 3]}\n  n: {" + neuron +
                                                ", shape: [1, 2, 2]}\nprojections:\n"
                                                "  - {from: in, to: m, rule: conv2d, kernel: "
                                                "{values: [[[[10, -4], [6, 20]]]]}}\n"
                                                "  - {from: in, to: k, rule: conv2d, kernel: "
                                                "{values: [[[[-8, 30], [12, 2]]]]}}\n"
                                                "  - {from: [m, k], to: n, " +
                                                behind);
            return run_json({folder / "net.yaml", "--steps", "60", "--chip", chip, "-q"});
        }();
        CHECK(both.at("spikes") > 0);
        CHECK(both.at("spike_hash") == parted.at("spike_hash"));
    }
}

TEST_CASE("the largest of the spikes of a step is a sum above the threshold", "[language]") {
    const TemporaryFolder folder;
    write_text(folder / "net.yaml", R"(network: largest
inputs:
  in: {shape: [1, 2, 4], poisson: 0.2}
populations:
  pool: {neuron: loihi1_cuba, shape: [1, 1, 2], params: {decay_u: 4096, decay_v: 4096, vth: 10}}
projections:
  - {from: in, to: pool, rule: sum_pool, kernel: 2, weights: 12}
)");
    REQUIRE(
        run_seamount({"run", folder / "net.yaml", "--steps", "200", "-q", "--out", folder / "out"})
            .code == 0);
    std::vector<std::pair<int, int>> expected;
    for (const Row& row : csv(folder / "out/input_spikes.csv")) {
        const std::pair spike{std::stoi(row.at("step")), std::stoi(row.at("source")) % 4 / 2};
        if (std::find(expected.begin(), expected.end(), spike) == expected.end()) {
            expected.push_back(spike);
        }
    }
    std::sort(expected.begin(), expected.end());
    std::vector<std::pair<int, int>> spikes;
    for (const Row& row : csv(folder / "out/spikes.csv")) {
        spikes.emplace_back(std::stoi(row.at("step")), std::stoi(row.at("neuron")));
    }
    std::sort(spikes.begin(), spikes.end());
    CHECK(spikes.size() > 50);
    CHECK(spikes == expected);
}
