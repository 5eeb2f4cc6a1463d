#include <array>
#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/skip.hpp"
#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Catch::EndsWith;
using Json = nlohmann::json;

namespace {

const std::string kVectors = std::string(SEAMOUNT_SOURCE_DIR) + "/tests/conformance/";

/// Writes a vector, runs it by itself.
Finished conform(const Json& vector) {
    const TemporaryFolder folder;
    write_text(folder / "vector.json", vector.dump());
    return run_seamount({"conform", folder / "vector.json"});
}

Json kept(const std::string& name) {
    return Json::parse(read_text(kVectors + name));
}

using Change = std::function<void(Json&)>;

/// A kept vector must pass as changed.
void passes(const std::string& name, const Change& change) {
    Json vector = kept(name);
    change(vector);
    const Finished finished = conform(vector);
    INFO(finished.out << finished.err);
    CHECK(finished.code == 0);
    CHECK_THAT(finished.out, EndsWith("1 passed, 0 failed, 0 skipped\n"));
}

/// A kept vector must fail as changed, with this text.
void fails(const std::string& name, const std::string& text, const Change& change) {
    Json vector = kept(name);
    change(vector);
    const Finished finished = conform(vector);
    INFO(text);
    INFO(finished.out << finished.err);
    CHECK(finished.code == 1);
    CHECK_THAT(finished.out, Contains(text) && EndsWith("0 passed, 1 failed, 0 skipped\n"));
}

const std::string kPlain = "loihi1/mixed_odd_truncated.json";  // 3 neurons, 3 synapses, 80 steps
const std::string kNoise = "loihi1/noise_at_u.json";
const std::string kPopulation = "loihi1/pop_axons.json";

}  // namespace

TEST_CASE("lava's convolution takes any weights and wraps its sums to 24 bits", "[conform]") {
    const auto vector = [](int weight, int payload, int sum) {
        return Json{{"model", "PyConvModelFixed"},
                    {"cases",
                     {{{"name", "one tap"},
                       {"params",
                        {{"num_message_bits", 24},
                         {"input_shape_XYC", {1, 1, 1}},
                         {"weight_shape_out_x_y_in", {1, 1, 1, 1}}}},
                       {"weights", {{{{weight}}}}},
                       {"s_in", {{{{payload}}}, {{{0}}}}},
                       {"a_out", {{{{0}}}, {{{sum}}}}}}}}};
    };
    // 300 * (2^23 - 1) = 150 * 2^24 - 300
    for (const auto& [weight, payload, sum] :
         {std::array{300, 8388607, -300}, std::array{-300, 8388607, 300}, std::array{-256, 3, -768},
          std::array{-32767, -2, 65534}, std::array{1, -8388607, -8388607},
          std::array{255, 32896, 8388480}, std::array{255, 32897, -8388481}}) {
        const Finished finished = conform(vector(weight, payload, sum));
        INFO(weight << " * " << payload << ": " << finished.out << finished.err);
        CHECK(finished.code == 0);
    }
    CHECK(conform(vector(255, 32897, 8388735)).code == 1);
    CHECK_THAT(conform(vector(40000, 1, 40000)).out, Contains("must be a whole number in"));
}

TEST_CASE("all golden vectors kept with the project pass, none is skipped", "[conform]") {
    const Finished loihi1 = run_seamount({"conform", "-q", kVectors + "loihi1"});
    CHECK(loihi1.code == 0);
    CHECK(loihi1.out == "69 passed, 0 failed, 0 skipped\n");
    const Finished loihi2 = run_seamount({"conform", "-q", kVectors + "loihi2"});
    CHECK(loihi2.code == 0);
    CHECK(loihi2.out == "108 passed, 0 failed, 0 skipped\n");
}

TEST_CASE("of the full set of golden vectors nothing but numpy's random learning is skipped",
          "[conform]") {
    const std::filesystem::path golden =
        std::filesystem::path(SEAMOUNT_SOURCE_DIR) / "../shared/golden";
    if (!std::filesystem::exists(golden)) SKIP_TEST("../shared/golden is not in place");
    for (const std::string set : {"loihi1", "loihi2", "silicon"}) {
        if (!std::filesystem::exists(golden / set)) continue;
        INFO(set);
        const Finished finished = run_seamount({"conform", (golden / set).string()});
        CHECK(finished.code == 0);
        std::istringstream lines(finished.out);
        for (std::string line; std::getline(lines, line);) {
            if (!line.starts_with("SKIP ")) continue;
            const std::string name = line.substr(5);
            INFO(name);
            const bool random = name.starts_with("learning_dense_fixed/") &&
                                name.find("_lava_rng: ") != std::string::npos;
            CHECK((random || name.starts_with("crosscheck:")));
        }
    }
}

TEST_CASE("a file that is no vector is a failed case and the run goes on", "[conform]") {
    const TemporaryFolder folder;
    write_text(folder / "a.json", "not { JSON");
    write_text(folder / "b.json", kept(kPlain).dump());
    write_text(folder / "c.json", R"({"schema": "loihi1-golden/1"})");
    write_text(folder / "d.json", R"({"model": "PyLifModelBitAcc", "cases": [3, []]})");
    write_text(folder / "e.json", R"({"model": "PyLifModelBitAcc", "cases": []})");
    std::filesystem::create_symlink("nowhere", folder / "f.json");
    const Finished finished = run_seamount({"conform", folder.path().string()});
    INFO(finished.out << finished.err);
    CHECK(finished.code == 1);
    CHECK_THAT(finished.out, Contains("a.json is not JSON") && Contains("PASS b") &&
                                 Contains("FAIL c: ") && Contains("FAIL d/0: ") &&
                                 Contains("FAIL d/1: ") && Contains("FAIL e: no cases") &&
                                 Contains("f.json cannot be read") &&
                                 EndsWith("1 passed, 6 failed, 0 skipped\n"));
}

TEST_CASE("a folder without vectors is bad input", "[conform]") {
    const TemporaryFolder folder;
    const Finished finished = run_seamount({"conform", folder.path().string()});
    CHECK(finished.code == 2);
    CHECK_THAT(finished.err, Contains("the folder has no golden vectors [CLI-FILE]"));
}

TEST_CASE("a vector passes only if all its outputs were compared", "[conform]") {
    for (const std::string key : {"spikes", "u", "v"}) {
        fails(kPlain, "the expected output '" + key + "' is missing",
              [&key](Json& v) { v.erase(key); });
    }
    fails(kPlain, "nothing is known to compare with 'spkies': did you mean 'spikes'?",
          [](Json& v) { v["spkies"] = Json::array(); });
    fails(kPlain, "nothing is known to compare with 'v_typo'",
          [](Json& v) { v["v_typo"] = v["v"]; });
    fails(kPlain, "'u' has 79 steps, 80 are expected", [](Json& v) { v["u"].erase(79); });
    fails(kPlain, "'v' has 0 steps, 80 are expected", [](Json& v) { v["v"] = Json::array(); });
    fails(kPlain, "'v' has a row of 2 values, 3 are expected", [](Json& v) { v["v"][7].erase(2); });
    fails(kPlain, "'v' has a row of 4 values, 3 are expected",
          [](Json& v) { v["v"][7].push_back(0); });
    fails(kPlain, "'u_sum' has 1 steps", [](Json& v) { v["u_sum"] = {0}; });
    fails(kPlain, "sum of v is", [](Json& v) { v["v_sum"] = std::vector<int>(80, 1); });
    fails(kPlain, "final u is", [](Json& v) { v["u_final"] = {1, 2, 3}; });
    fails(kPlain, "'v_probes' of neuron 1 has 1 steps", [](Json& v) { v["v_probes"]["1"] = {0}; });
    fails(kPlain, "v reads 0, expected 5",
          [](Json& v) { v["v_probes"]["1"] = std::vector<int>(80, 5); });
    fails(kPlain, "'spikes' is 80", [](Json& v) { v["spikes"].push_back({80, 0}); });
    fails(kNoise, "'random_draws' has 79 steps", [](Json& v) { v["random_draws"].erase(79); });
    fails(kPopulation, "the expected output 'u' is missing", [](Json& v) { v.erase("u"); });
    for (const std::string key : {"s_out", "counter"}) {
        fails("loihi2/spiker.json", "the expected output '" + key + "' is missing",
              [&key](Json& v) { v["cases"][0].erase(key); });
    }
    fails("loihi2/spiker.json", "'s_out' has 1 steps", [](Json& v) {
        v["cases"][0]["s_out"] = Json::array({{0, 0, 0, 0}});
    });
}

TEST_CASE("synapses and input spikes of a noise vector act", "[conform]") {
    fails(kNoise, "step 5: neuron 0 must not emit a spike", [](Json& v) {
        v["synapses"] = {{{"src", "input"}, {"pre", {0}}, {"post", {0}}, {"w", 100}}};
        v["input_spikes"] = {{5, 0}};
    });
}

TEST_CASE("a vector may leave out what it does not use, and give numbers for lists", "[conform]") {
    passes(kPlain, [](Json& v) {
        for (const char* key : {"n_inputs", "name", "kind"}) v.erase(key);
        v["synapses"][0].erase("delay");
        for (const char* key : {"vmin", "vmax", "bias_mant", "bias_exp", "refract"}) {
            v["neuron"].erase(key);
        }
    });
    passes(kPlain, [](Json& v) {
        v["synapses"][0]["delay"] = 0;
        v["valid_steps"] = 60;
    });
    passes(kPlain, [](Json& v) {
        for (auto& [key, value] : v["neuron"].items()) value = std::vector<Json>(3, value);
    });
    passes(kPlain, [](Json& v) {
        for (const char* key : {"w", "wexp"}) v["synapses"][0].erase(key);  // w_eff says it all
    });
    passes(kPlain, [](Json& v) {
        v["neuron"]["vmin"] = -8388608;
        v["steps"] = 80.0;
    });
    passes(kPlain, [](Json& v) {  // without synapses nothing happens
        for (const char* key : {"synapses", "input_spikes", "n_inputs"}) v.erase(key);
        const std::vector<std::vector<int>> nothing(80, {0, 0, 0});
        v["u"] = nothing;
        v["v"] = nothing;
        v["spikes"] = Json::array();
    });
    passes(kNoise, [](Json& v) {
        v["enable_noise"] = {true, true, true, false};
        v["neuron"]["bias"] = v["bias"];
        v.erase("bias");
        v["noise_exp"] = {10, 10, 10, 10};
    });
    passes(kPopulation, [](Json& v) {
        for (const char* key : {"vmin", "vmax", "bias_mant", "bias_exp"}) v["neuron"].erase(key);
        v["neuron"]["refract"] = std::vector<int>(16, 1);
    });
}

TEST_CASE("what a vector cannot mean is a failed case that names it", "[conform]") {
    const std::string weights = "'w' has 2 values, 3 are expected";
    fails(kPlain, weights, [](Json& v) { v["synapses"][0]["w"] = {1, 2}; });
    fails(kPlain, "'post' has 2 values", [](Json& v) { v["synapses"][0]["post"].erase(2); });
    fails(kPlain, "'post' is 3", [](Json& v) { v["synapses"][0]["post"][0] = 3; });
    fails(kPlain, "'pre' has 7, but there are 3 inputs",
          [](Json& v) { v["synapses"][0]["pre"][0] = 7; });
    fails(kPlain, "input spike of input 3", [](Json& v) { v["input_spikes"].push_back({1, 3}); });
    fails(kPlain, "'input_spikes' is -1", [](Json& v) { v["input_spikes"].push_back({-1, 0}); });
    fails(kPlain, "'nbits' is 7", [](Json& v) { v["synapses"][0]["nbits"] = 7; });
    fails(kPlain, "'wexp' is 8", [](Json& v) { v["synapses"][0]["wexp"] = 8; });
    fails(kPlain, "'delay' is 64", [](Json& v) { v["synapses"][0]["delay"] = 64; });
    fails(kPlain, "sign mode \"excl\" is none of",
          [](Json& v) { v["synapses"][0]["sign_mode"] = "excl"; });
    fails(kPlain, "weight 256 must be in", [](Json& v) { v["synapses"][0]["w"][1] = 256; });
    fails(kPlain, "'src' must be", [](Json& v) { v["synapses"][0]["src"] = "host"; });
    fails(kPlain, "no mantissas and exponent", [](Json& v) {
        v["synapses"][0].erase("w");
        v["synapses"][0]["w_eff"] = {64, 6401, 0};
    });
    fails(kPlain, "vmin is -1000, must be", [](Json& v) { v["neuron"]["vmin"] = -1000; });
    fails(kPlain, "vmax is 1023, must be", [](Json& v) { v["neuron"]["vmax"] = 1023; });
    fails(kPlain, "refract is 65, must be", [](Json& v) { v["neuron"]["refract"] = 65; });
    fails(kPlain, "'refract' has 2 values", [](Json& v) { v["neuron"]["refract"] = {1, 2}; });
    fails(kPlain, "unknown neuron parameter 'vth'", [](Json& v) { v["neuron"]["vth"] = 300; });
    fails(kPlain, "'vth_mant' is missing", [](Json& v) { v["neuron"].erase("vth_mant"); });
    fails(kPlain, "'steps' is 0", [](Json& v) { v["steps"] = 0; });
    fails(kPlain, "'steps' is 1.5", [](Json& v) { v["steps"] = 1.5; });
    fails(kPlain, "'n' is 4294967299", [](Json& v) { v["n"] = 4294967299; });
    fails(kPlain, "more than 2^27", [](Json& v) {
        v["n"] = 131072;
        v["steps"] = 1000000;
    });
    fails(kNoise, "bias is 4097001, which no", [](Json& v) { v["bias"][0] = 4097001; });
    fails(kPopulation, "unknown neuron parameter 'leak'", [](Json& v) { v["neuron"]["leak"] = 1; });
    fails(kPopulation, "neuron 2 should emit a spike", [](Json& v) { v["neuron"]["vmax"] = 511; });
    fails(kPopulation, "axon 2 reaches neuron 21",
          [](Json& v) { v["axon_base"][2] = 15, v["indices"][0][0][0] = 6; });
    fails(kPopulation, "source 1 has atom 9", [](Json& v) { v["atoms"][1] = 9; });
    fails(kPopulation, "no exponent in [0, 7]", [](Json& v) { v["weights_eff"][0][0][0] = 65; });
    fails("loihi1/primitives.json", "differ in length", [](Json& v) { v["decay"]["d"].erase(0); });
}

TEST_CASE("weights of population axons that need an exponent act in full", "[conform]") {
    Json vector = kept(kPopulation);
    for (Json& set : vector["weights_eff"]) {
        for (Json& row : set) {
            for (Json& weight : row) weight = weight.get<int>() * 8;
        }
    }
    // Threshold and outputs scale alike, as far as nothing decays.
    vector["neuron"]["decay_u_eff"] = 4096;
    vector["neuron"]["vth_mant"] = 131071;
    const std::vector<int> first = vector["weights_eff"][0][0];
    vector["steps"] = 1;
    vector["input_spikes"] = {{0, 0}};
    vector["spikes"] = Json::array();
    std::vector<int> u(16, 0);
    std::copy(first.begin(), first.end(), u.begin());
    vector["u"] = Json::array({u});
    vector["v"] = vector["u"];
    const Finished finished = conform(vector);
    INFO(finished.out);
    CHECK(finished.code == 0);
}

TEST_CASE("a delayed sum with a negative exponent is shifted for each delay", "[conform]") {
    const Json vector{
        {"model", "PyDelayDenseModelBitAcc"},
        {"cases",
         {{{"name", "sum"},
           {"params", {{"num_weight_bits", 8}, {"weight_exp", -2}, {"num_message_bits", 0}}},
           {"weights_in", {{5, 5, 5}}},
           {"delays", {{0, 0, 2}}},
           {"s_in", {{1, 1, 1}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}}},
           // 10 >> 2 one step later, 5 >> 2 after two more
           {"a_out", {{0}, {2}, {0}, {1}, {0}}}}}}};
    const Finished finished = conform(vector);
    INFO(finished.out);
    CHECK(finished.code == 0);
}
