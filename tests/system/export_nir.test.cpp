#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

/// Two layers of a program, with a delay and a way back.
std::string network(const std::string& hidden, const std::string& out) {
    return R"(network: exported
seed: 5
inputs:
  eye: {size: 12, spikes: {file: eye.csv}}
populations:
  hidden: {size: 9, )" +
           hidden + R"(}
  out: {size: 4, )" +
           out + R"(}
projections:
  - {from: eye, to: hidden, rule: all_to_all, weights: {uniform: [-30, 120]}, delay: 3, sign: mixed}
  - {from: hidden, to: hidden, rule: fixed_probability, probability: 0.4, self: false, weights: {uniform: [-60, 20]}, sign: mixed}
  - {from: hidden, to: out, rule: all_to_all, weights: {uniform: [0, 90]}, delay: 2}
)";
}

std::string eye_spikes() {
    std::string text = "step,index\n";
    for (int step = 0; step < 200; ++step) {
        for (int i = 0; i < 12; ++i) {
            if ((step * 7 + i * 11 + step * i) % 5 == 0) {
                text += std::to_string(step) + ',' + std::to_string(i) + '\n';
            }
        }
    }
    return text;
}

Json summary(const TemporaryFolder& folder, std::vector<std::string> options) {
    options.insert(options.begin(), "run");
    options.insert(options.end(), {"--steps", "220", "-q", "--json", folder / "r.json"});
    const Finished finished = run_seamount(options);
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    return Json::parse(read_text(folder / "r.json"));
}

Finished exported(const TemporaryFolder& folder, const std::string& text) {
    write_text(folder / "net.yaml", text);
    return run_seamount(
        {"export", folder / "net.yaml", "--format", "nir", "--force", "-o", folder / "net.nir"});
}

}  // namespace

TEST_CASE("what is exported as NIR and imported again spikes the same", "[export_nir]") {
    const std::vector<std::pair<std::string, std::string>> neurons{
        {"neuron: lif, params: {du: 1500, dv: 300, vth: 300, bias: 64}",
         "neuron: lif, params: {dv: 512, vth: 200}"},
        {"neuron: loihi1_cuba, params: {decay_u: 2048, decay_v: 256, vth: 400}",
         "neuron: loihi1_cuba, params: {decay_u: 4096, decay_v: 1024, vth: 150}"},
        {"neuron: if_fine, params: {vth: 640}", "neuron: if_fine, params: {vth: 200}"},
    };
    for (const auto& [hidden, out] : neurons) {
        const TemporaryFolder folder;
        write_text(folder / "eye.csv", eye_spikes());
        const Finished finished = exported(folder, network(hidden, out));
        INFO(hidden << "\n" << finished.err);
        REQUIRE(finished.code == 0);
        const Json before = summary(folder, {folder / "net.yaml"});
        const Json after =
            summary(folder, {folder / "net.nir", "--dt", "1e-3", "--scale", "64", "--reset", "zero",
                             "--input", "eye=" + (folder / "eye.csv")});
        CHECK(before["spikes"] > 100);
        CHECK(after["spikes"] == before["spikes"]);
        CHECK(after["spike_hash"] == before["spike_hash"]);
    }
}

TEST_CASE("what NIR has no word for is refused by name, all at once", "[export_nir]") {
    const TemporaryFolder folder;
    write_text(folder / "eye.csv", eye_spikes());
    const Finished finished =
        exported(folder, network("neuron: loihi1_cuba, params: {vth: 9, decay_v: 4096, refract: 3}",
                                 "neuron: izhikevich"));
    CHECK(finished.code == 2);
    CHECK_THAT(finished.err, Contains("population 'hidden' has a refractory time") &&
                                 Contains("population 'out' is of 'izhikevich'") &&
                                 Contains("net.yaml:") && Contains("[OUT-NIR]"));
    std::string early = network("neuron: lif, params: {dv: 300, vth: 300}",
                                "neuron: lif, params: {dv: 300, vth: 300}");
    early += "  - {from: eye, to: out, rule: all_to_all, weights: 3}\n";
    CHECK_THAT(exported(folder, early).err,
               Contains("is 1 steps faster than the layers that it skips"));
}
