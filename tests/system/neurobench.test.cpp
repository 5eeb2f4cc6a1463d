#include <catch2/catch.hpp>

#include <array>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "isa/base/json.hpp"
#include "tests/system/process.hpp"

// `run --neurobench`: every metric again, from the records of the same run and the weights of the
// network file, by the definitions of NeuroBench's harness.

namespace seamount::test {
namespace {

constexpr std::size_t kSteps = 40;
constexpr std::size_t kSources = 3;
constexpr std::size_t kHidden = 4;
constexpr std::size_t kOut = 2;
using Weights = std::vector<std::vector<int>>;

const Weights kIn{{60, 20, 40, 64}, {10, 80, 12, 64}, {30, 8, 8, 8}};
const Weights kBack{{20, 0, 0, 0}, {0, 20, 0, 0}};
const Weights kPlain{{40, 0}, {0, 40}, {50, 60}, {0, 0}};

/// As a network file has them: targets x sources.
std::string inline_weights(const Weights& weights) {
    std::string text = "{values: [";
    for (std::size_t target = 0; target < weights.front().size(); ++target) {
        text += target == 0 ? "[" : ", [";
        for (std::size_t source = 0; source < weights.size(); ++source) {
            text += (source == 0 ? "" : ", ") + std::to_string(weights[source][target]);
        }
        text += "]";
    }
    return text + "]}";
}

bool spikes(std::size_t step, std::size_t source) {
    return step % (source + 2) == 0;
}

std::string network() {
    std::string list;
    for (std::size_t step = 0; step < kSteps; ++step) {
        for (std::size_t source = 0; source < kSources; ++source) {
            if (!spikes(step, source)) continue;
            list += (list.empty() ? "[" : ", [") + std::to_string(step) + ", " +
                    std::to_string(source) + "]";
        }
    }
    return "network: bench\npopulations:\n"
           "  hidden: {neuron: lif, size: 4, params: {vth: 100, du: 2048, dv: 512}}\n"
           "  out: {neuron: lif, size: 2, params: {vth: 90, du: 4095, dv: 1024}}\n"
           "inputs:\n  in: {size: 3, spikes: [" +
           list +
           "]}\nprojections:\n"
           "  - {from: in, to: hidden, rule: all_to_all, weights: " +
           inline_weights(kIn) +
           "}\n  - {from: hidden, to: out, rule: all_to_all, weights: " + inline_weights(kPlain) +
           "}\n  - {from: out, to: hidden, rule: all_to_all, weights: " + inline_weights(kBack) +
           "}\n"
           "probes:\n  - {population: hidden, record: [v]}\n  - {population: out, record: [v]}\n";
}

std::size_t nonzero(const std::vector<int>& row) {
    std::size_t count = 0;
    for (const int weight : row) count += weight != 0 ? 1U : 0U;
    return count;
}

/// Lines of a CSV file without its head, cut at commas.
std::vector<std::vector<std::string>> rows_of(const std::filesystem::path& file) {
    std::istringstream text{read_text(file)};
    std::vector<std::vector<std::string>> rows;
    std::string line;
    std::getline(text, line);
    while (std::getline(text, line)) {
        std::istringstream fields{line};
        auto& row = rows.emplace_back();
        for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
    }
    return rows;
}

/// The metrics of a run, from its records.
struct Recomputed {
    double acs = 0.0;
    double activations = 0.0;
    double membrane_updates = 0.0;
};

Recomputed recompute(const std::filesystem::path& folder) {
    Recomputed sum;
    for (std::size_t step = 0; step < kSteps; ++step) {
        for (std::size_t source = 0; source < kSources; ++source) {
            if (spikes(step, source)) sum.acs += static_cast<double>(nonzero(kIn[source]));
        }
    }
    std::set<std::array<std::string, 3>> spiked;  // step, population, neuron
    for (const auto& row : rows_of(folder / "spikes.csv")) {
        spiked.insert({row[0], row[1], row[2]});
        sum.acs +=
            row[1] == "hidden" ? static_cast<double>(nonzero(kPlain[std::stoul(row[2])])) : 1.0;
    }
    sum.activations = static_cast<double>(spiked.size());
    std::map<std::string, std::string> last;
    for (const auto& row : rows_of(folder / "potentials.csv")) {
        const std::string neuron = row[1] + ' ' + row[2];
        const bool is_first = !last.contains(neuron);
        const bool is_spike = spiked.contains({row[0], row[1], row[2]});
        if (is_first || is_spike || last[neuron] != row[4]) sum.membrane_updates += 1.0;
        last[neuron] = row[4];
    }
    return sum;
}

TEST_CASE("NeuroBench's metrics are those that its definitions make of the records",
          "[neurobench]") {
    const TemporaryFolder folder;
    write_text(folder.path() / "net.yaml", network());
    REQUIRE(run_seamount({"run", "net.yaml", "--steps", std::to_string(kSteps), "--out", "records",
                          "--neurobench", "nb.json"},
                         folder.path())
                .code == 0);
    const Json json = Json::parse(read_text(folder.path() / "nb.json"));
    const Json summary = Json::parse(read_text(folder.path() / "records" / "summary.json"));
    const Recomputed expected = recompute(folder.path() / "records");
    REQUIRE(expected.activations > 10);

    CHECK(json["footprint"] == summary["neurobench"]["footprint_bytes"]);
    // Matrices 3x4, 4x2 and, as a full one, 2x4; weights that are not 0: 12, 4 and 2.
    const double possible = 12 + 8 + 8;
    CHECK(json["connection_sparsity"].get<double>() == Approx(1.0 - 18.0 / possible));
    CHECK(json["activation_sparsity"].get<double>() ==
          Approx(1.0 - expected.activations / static_cast<double>((kHidden + kOut) * kSteps)));
    const Json& operations = json["synaptic_operations"];
    const auto steps = static_cast<double>(kSteps);
    CHECK(operations["Effective_MACs"] == 0.0);
    CHECK(operations["Effective_ACs"].get<double>() == Approx(expected.acs / steps));
    CHECK(operations["Dense"].get<double>() == Approx(possible));
    CHECK(json["membrane_updates"].get<double>() == Approx(expected.membrane_updates / steps));
    CHECK(json["per"] == "step");
    CHECK(json["executions"]["steps"] == kSteps);
}

TEST_CASE("synapses that take payloads count as MACs", "[neurobench]") {
    const TemporaryFolder folder;
    write_text(folder.path() / "net.yaml",
               "network: graded\npopulations:\n"
               "  a: {neuron: lif, size: 2, params: {vth: 100000}}\n"
               "inputs:\n  in: {size: 2, spikes: [[0, 0, 7], [1, 1, 3], [2, 0, 1]]}\n"
               "projections:\n  - {from: in, to: a, rule: all_to_all, graded: true, "
               "weights: {values: [[4, 8], [6, 2]]}}\n");
    REQUIRE(run_seamount({"run", "net.yaml", "--steps", "4", "--neurobench", "nb.json", "-q"},
                         folder.path())
                .code == 0);
    const Json json = Json::parse(read_text(folder.path() / "nb.json"));
    CHECK(json["synaptic_operations"]["Effective_MACs"].get<double>() == Approx(6.0 / 4.0));
    CHECK(json["synaptic_operations"]["Effective_ACs"] == 0.0);
}

TEST_CASE("with a dataset NeuroBench's metrics are means of a sample", "[neurobench]") {
    const TemporaryFolder folder;
    const std::string digits = SEAMOUNT_SOURCE_DIR "/configs/networks/digits.yaml";
    REQUIRE(run_seamount({"run", digits, "--samples", "10", "--json", "run.json", "--neurobench",
                          "nb.json", "-q"},
                         folder.path())
                .code == 0);
    const Json json = Json::parse(read_text(folder.path() / "nb.json"));
    const Json summary = Json::parse(read_text(folder.path() / "run.json"));
    CHECK(json["per"] == "sample");
    CHECK(json["executions"]["samples"] == 10);
    CHECK(json["classification_accuracy"] == summary["accuracy"]);
    const double operations = json["per_sample"]["synaptic_operations"]["Effective_ACs"];
    // At most what was executed, weights of 0 included.
    CHECK(operations <=
          summary["neurobench"]["synaptic_operations"]["effective_acs"].get<double>() * 1.0001);
    CHECK(operations > 0.0);
    const double per_step = json["per_step"]["membrane_updates"];
    CHECK(json["membrane_updates"].get<double>() ==
          Approx(per_step * summary["steps"].get<double>() / 10.0));
}

}  // namespace
}  // namespace seamount::test
