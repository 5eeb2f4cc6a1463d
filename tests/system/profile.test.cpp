#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

constexpr int kNeurons = 1000;

/// Neighbours in a scattered order are connected, and every tenth neuron, which alone is busy, to
/// the neighbours of its number: the two cannot both be close.
void write_network(const TemporaryFolder& folder) {
    std::string biases = "bias\n";
    std::string edges = "source,target\n";
    const auto edge = [&edges](int from, int to) {
        edges += std::to_string(from) + ',' + std::to_string(to % kNeurons) + '\n';
    };
    for (int i = 0; i < kNeurons; ++i) {
        const bool busy = i % 10 == 0;
        biases += busy ? "2000\n" : "20\n";
        for (int k = 1; k <= 12; ++k) edge(i, busy ? i + k * 5 : i + k * 377);
    }
    write_text(folder / "biases.csv", biases);
    write_text(folder / "edges.csv", edges);
    write_text(folder / "net.yaml", R"(network: skewed
populations:
  n:
    neuron: loihi1_cuba
    size: 1000
    params: {decay_u: 4096, decay_v: 0, vth: 9999, bias: {file: biases.csv}, bias_exp: 6}
projections:
  - {from: n, to: n, rule: list, edges: {file: edges.csv}, weights: 1, sign: excitatory}
)");
}

Json run(const TemporaryFolder& folder, const std::string& image, const std::string& profile) {
    const Finished finished = run_seamount(
        {"run", image, "--steps", "200", "-q", "--json", folder / "r.json", "--profile", profile});
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    return Json::parse(read_text(folder / "r.json"));
}

}  // namespace

TEST_CASE("a profile of spikes makes a mapping with fewer packets and the same spikes",
          "[profile]") {
    const TemporaryFolder folder;
    write_network(folder);
    const auto compile = [&folder](const std::string& image, const std::string& profile) {
        std::vector<std::string> all{"compile", folder / "net.yaml",      "--chip", "grid128",
                                     "--set",   "limits.compartments=64", "-q",     "-o",
                                     image};
        if (!profile.empty()) all.insert(all.end(), {"--profile", profile});
        return run_seamount(all);
    };
    REQUIRE(compile(folder / "plain.smi", "").code == 0);
    const Json plain = run(folder, folder / "plain.smi", folder / "p.csv");
    CHECK_THAT(read_text(folder / "p.csv"), Contains("neuron,spikes\n0,"));
    REQUIRE(compile(folder / "tuned.smi", folder / "p.csv").code == 0);
    const Json tuned = run(folder, folder / "tuned.smi", folder / "again.csv");
    CHECK(tuned["spike_hash"] == plain["spike_hash"]);
    CHECK(read_text(folder / "again.csv") == read_text(folder / "p.csv"));
    CHECK(tuned["packets"].get<double>() < 0.8 * plain["packets"].get<double>());

    write_text(folder / "bad.csv", "neuron,spikes\n1000,3\n");
    const Finished bad = compile(folder / "bad.smi", folder / "bad.csv");
    CHECK(bad.code == 2);
    CHECK_THAT(bad.err, Contains("'neuron' of row 0 is 1000") && Contains("[NET-VALUE]"));
}
