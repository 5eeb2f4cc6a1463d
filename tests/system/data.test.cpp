#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

/// Learns from noise; `first` and `second` say where the weights of its projections come from.
std::string learner(const std::string& first, const std::string& second,
                    const std::string& size = "40", const std::string& seed = "3") {
    return "network: learner\nseed: " + seed + R"(
inputs:
  noise: {size: 30, poisson: 0.3}
populations:
  hidden: {neuron: loihi1_cuba, size: )" +
           size + R"(, params: {decay_u: 4096, decay_v: 200, vth: 200}}
  out: {neuron: loihi1_cuba, size: 5, params: {decay_u: 4096, decay_v: 200, vth: 300}}
learning:
  rules: {stdp: {dw: 2^-4*x1*y0 - 2^-4*y1*x0, x1: {impulse: 90, tau: 8}, y1: {impulse: 80, tau: 8}}}
projections:
  - {from: noise, to: hidden, rule: all_to_all, )" +
           first + R"(, sign: mixed, learning: stdp, name: first}
  - {from: hidden, to: out, rule: fixed_probability, probability: 0.5, )" +
           second + R"(, learning: stdp, name: second}
)";
}

const std::string kFresh = learner("weights: {uniform: [0, 120]}", "weights: 60, sign: mixed");
const std::string kAgain =
    learner("weights: {learned: w.npz}", "weights: {learned: w.npz, projection: second}");

std::string weights_after(const TemporaryFolder& folder, const std::string& file,
                          std::vector<std::string> options) {
    options.insert(options.begin(),
                   {"run", folder / file, "-q", "--save-weights", folder / "after.npz"});
    const Finished finished = run_seamount(options);
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    return read_text(folder / "after.npz");
}

/// What a file in the folder is refused for.
std::string refusal(const TemporaryFolder& folder, const std::string& network) {
    write_text(folder / "bad.yaml", network);
    const Finished finished =
        run_seamount({"run", folder / "bad.yaml", "--steps", "1", "-q", "--no-learning"});
    CHECK(finished.code == 2);
    return finished.err;
}

const std::string kDataset = R"(network: seen
inputs:
  eye: {size: 3, dataset: {samples: {file: train.csv}, labels: {file: y.csv}, max: 9, steps: 6, blank: 2}}
populations:
  out: {neuron: loihi1_cuba, size: 2, params: {decay_u: 4096, decay_v: 400, vth: 100}}
projections:
  - {from: eye, to: out, rule: all_to_all, weights: {values: [[90, 20, 5], [5, 20, 90]]}}
readout: {population: out, by: spike_count}
)";

/// A folder with an image of that network and another dataset.
void make_dataset(const TemporaryFolder& folder) {
    write_text(folder / "train.csv", "a,b,c\n9,2,0\n3,8,1\n");
    write_text(folder / "y.csv", "y\n0\n1\n");
    write_text(folder / "test.csv", "a,b,c\n1,7,9\n9,9,9\n0,3,6\n");
    write_text(folder / "z.csv", "y\n1\n0\n1\n");
    write_text(folder / "net.yaml", kDataset);
    REQUIRE(run_seamount({"compile", folder / "net.yaml", "-q", "-o", folder / "net.smi"}).code ==
            0);
}

Json summary_of(const TemporaryFolder& folder, std::vector<std::string> options) {
    options.insert(options.begin(), "run");
    options.insert(options.end(), {"-q", "--json", folder / "r.json"});
    const Finished finished = run_seamount(options);
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    return Json::parse(read_text(folder / "r.json"));
}

std::string data_refusal(const TemporaryFolder& folder, const std::string& data) {
    const Finished finished = run_seamount({"run", folder / "net.smi", "-q", "--data", data});
    CHECK(finished.code == 2);
    return finished.err;
}

}  // namespace

TEST_CASE("weights that were learned come back to the last bit, and so does what they do",
          "[data]") {
    const TemporaryFolder folder;
    write_text(folder / "fresh.yaml", kFresh);
    write_text(folder / "again.yaml", kAgain);
    const std::string learned = weights_after(folder, "fresh.yaml", {"--steps", "200"});
    write_text(folder / "w.npz", learned);
    REQUIRE(run_seamount({"run", folder / "fresh.yaml", "--steps", "200", "-q", "--save-weights",
                          folder / "trained.smi"})
                .code == 0);
    CHECK(weights_after(folder, "again.yaml", {"--steps", "1", "--no-learning"}) == learned);
    CHECK(weights_after(folder, "again.yaml", {"--steps", "100"}) ==
          weights_after(folder, "trained.smi", {"--steps", "100"}));
    const auto hash = [&folder](const char* file) {
        return summary_of(folder, {folder / file, "--steps", "100", "--no-learning"})["spike_hash"];
    };
    CHECK(hash("again.yaml") == hash("trained.smi"));
    CHECK(hash("again.yaml") != hash("fresh.yaml"));
    REQUIRE(
        run_seamount({"compile", folder / "again.yaml", "-q", "-o", folder / "again.smi"}).code ==
        0);
    CHECK(run_seamount({"verify", folder / "again.yaml", folder / "again.smi"}).code == 0);
}

TEST_CASE("weights that were learned elsewhere are refused with what does not fit", "[data]") {
    const TemporaryFolder folder;
    write_text(folder / "fresh.yaml", kFresh);
    write_text(folder / "w.npz", weights_after(folder, "fresh.yaml", {"--steps", "50"}));
    const std::string from_file = "weights: {learned: w.npz}";
    CHECK_THAT(refusal(folder, learner(from_file, "weights: 60", "39")),
               Contains("[NET-LEARNED]") || Contains("[NET-SHAPE]"));
    CHECK_THAT(refusal(folder, learner("weights: 1", from_file, "40", "4")),
               Contains("[NET-LEARNED]") && Contains("the seed"));
    CHECK_THAT(
        refusal(folder, learner("weights: {learned: w.npz, projection: frist}", "weights: 1")),
        Contains("no array 'frist.weight'") && Contains("did you mean 'first.weight'?"));
    CHECK_THAT(refusal(folder, learner(from_file + ", scale: 2", "weights: 1")),
               Contains("[NET-RULE]") && Contains("'scale'"));
    CHECK_THAT(refusal(folder, learner("weights: 1", from_file + ", sign: inhibitory")),
               Contains("[NET-VALUE]"));
}

TEST_CASE("an image runs on other samples as its network would", "[data]") {
    const TemporaryFolder folder;
    make_dataset(folder);
    std::string text = kDataset;
    text.replace(text.find("train.csv"), 9, "test.csv");
    text.replace(text.find("y.csv"), 5, "z.csv");
    write_text(folder / "other.yaml", text);
    const Json wanted = summary_of(folder, {folder / "other.yaml"});
    const std::string data = "eye=" + (folder / "test.csv");
    const std::string labels = "labels=" + (folder / "z.csv");
    const Json got = summary_of(folder, {folder / "net.smi", "--data", data, "--data", labels});
    CHECK(got["spike_hash"] == wanted["spike_hash"]);
    CHECK(got["samples"] == 3);
    CHECK(got["accuracy"] == wanted["accuracy"]);
    CHECK(got["bound_inputs"]["eye"] == folder / "test.csv");
    CHECK(got["hashes"]["inputs"].contains(folder / "test.csv"));
    CHECK(summary_of(folder, {folder / "net.smi"})["spike_hash"] != wanted["spike_hash"]);
    const std::string map = "eye={samples: {file: '" + (folder / "test.csv") + "'}, max: 9}";
    const Json mapped = summary_of(folder, {folder / "net.yaml", "--data", map});
    CHECK(mapped["spike_hash"] == wanted["spike_hash"]);
    CHECK_FALSE(mapped.contains("accuracy"));
}

TEST_CASE("data that do not fit an input are refused with what is expected", "[data]") {
    const TemporaryFolder folder;
    make_dataset(folder);
    write_text(folder / "narrow.csv", "a,b\n1,7\n9,9\n");
    write_text(folder / "large.csv", "a,b,c\n1,7,10\n");
    CHECK_THAT(data_refusal(folder, "eye=" + (folder / "narrow.csv")),
               Contains("a sample has 2 values for 3 sources") && Contains("[NET-SHAPE]"));
    CHECK_THAT(data_refusal(folder, "eye=" + (folder / "large.csv")),
               Contains("10") && Contains("[NET-VALUE]"));
    CHECK_THAT(data_refusal(folder, "eye=" + (folder / "none.csv")), Contains("[NET-FILE]"));
    CHECK_THAT(data_refusal(folder, "ey=" + (folder / "test.csv")),
               Contains("did you mean 'eye'?") && Contains("[CLI-DATA]"));
    CHECK_THAT(data_refusal(folder, "eye"), Contains("is not NAME=FILE"));
    CHECK_THAT(data_refusal(folder, "labels=" + (folder / "z.csv")),
               Contains("3 labels for 2 samples"));
}
