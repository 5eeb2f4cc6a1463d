#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

#include "tests/system/process.hpp"
#include "tests/system/run_records.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

/// A network of inputs and populations as YAML, run with further words; its JSON is
/// `o/summary.json`.
Finished run(const TemporaryFolder& folder, const std::string& network,
             const std::vector<std::string>& more) {
    write_text(folder / "n.yaml", "network: n\n" + network);
    std::vector<std::string> words{"run", folder / "n.yaml", "--out", folder / "o", "--force"};
    words.insert(words.end(), more.begin(), more.end());
    Finished finished = run_seamount(words);
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    return finished;
}

Json summary(const TemporaryFolder& folder) {
    return Json::parse(read_text(folder / "o/summary.json"));
}

std::size_t rows_with(const std::string& csv, const std::string& part) {
    std::istringstream lines{csv};
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line);) count += line.ends_with(part) ? 1U : 0U;
    return count;
}

const std::string kRelay =
    "populations:\n  p: {neuron: loihi1_cuba, size: 3, params: {vth: 10, decay_v: 4096}}\n"
    "projections:\n  - {from: s, to: p, rule: one_to_one, weights: 100}\n";

}  // namespace

TEST_CASE("a rate gives exactly its share of spikes", "[losses]") {
    TemporaryFolder folder;
    run(folder, "inputs:\n  s: {size: 3, rate: {values: [0.9, 0.7, 0.001]}}\n" + kRelay,
        {"--steps", "1000"});
    const std::string spikes = read_text(folder / "o/spikes.csv");
    CHECK(summary(folder)["spikes"] == 900 + 700 + 1);
    // steps 1 to 9 of every ten
    for (const char* const step : {"1", "9", "11", "19", "999"}) {
        CHECK_THAT(spikes, Contains("\n" + std::string{step} + ",p,0,"));
    }
    CHECK_THAT(spikes, !Contains("\n0,p,0,") && !Contains("\n10,p,0,") && !Contains("\n990,p,0,"));
}

TEST_CASE("bytes that are not UTF-8 in a file name do not cost the run its summary", "[losses]") {
    TemporaryFolder folder;
    const std::string name = folder / "caf\xE9.yaml";
    write_text(name, "inputs:\n  s: {size: 3, rate: 1}\n" + kRelay);
    const Finished finished = run_seamount({"run", name, "--steps", "3", "--out", folder / "o"});
    INFO(finished.err);
    CHECK(finished.code == 0);
    CHECK(summary(folder)["network"] == "caf\xEF\xBF\xBD");
    const Finished compiled =
        run_seamount({"compile", name, "-o", folder / "n.smi", "--report", folder / "r.json"});
    CHECK(compiled.code == 0);
    CHECK(Json::parse(read_text(folder / "r.json"))["network"] == "caf\xEF\xBF\xBD");
    // in the text itself it is refused before anything runs
    write_text(folder / "n.yaml", "network: caf\xE9\n" + kRelay);
    const Finished refused = run_seamount({"run", folder / "n.yaml", "--steps", "3"});
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains("n.yaml:1:13: error: byte 0xE9") && Contains("[YML-UTF8]"));
}

TEST_CASE("events that happened and have no price are named, unless they are free", "[losses]") {
    TemporaryFolder folder;
    std::string prices = "barrier: {model: fixed, base_ns: 10}";
    for (const std::string event : {"update_active", "update_inactive", "spike_out", "axon_out",
                                    "axon_in", "synapse", "tile_spike", "hop_ew", "hop_ns"}) {
        prices += ", " + event + "_ns: 1, " + event + "_pj: 1";
    }
    const auto err = [&](const std::string& more) {
        write_text(folder / "c.yaml",
                   "chip: c\nprices: p\nprofiles: {p: {" + prices + more + "}}\n");
        return run(folder, "inputs:\n  s: {size: 3, rate: 1}\n" + kRelay,
                   {"--steps", "5", "--chip", folder / "c.yaml"})
            .err;
    };
    const std::string some = err("");
    CHECK_THAT(some, Contains("host_packet_ns, host_packet_pj") && Contains("'others: free'") &&
                         !Contains("synapse_update") && Contains("[RUN-PRICE]"));
    CHECK_THAT(err(", host_packet_ns: 3"),
               !Contains("host_packet_ns") && Contains("host_packet_pj"));
    CHECK_THAT(err(", others: free"), !Contains("RUN-PRICE"));
}

TEST_CASE("a sum of graded spikes that leaves 32 bits is counted and said", "[losses]") {
    TemporaryFolder folder;
    const auto of = [](const std::string& payload) {
        return "inputs:\n  s: {size: 2, spikes: [[0, 0, " + payload + "], [0, 1, " + payload +
               "]]}\npopulations:\n  p: {neuron: graded_vec, size: 1, params: {vth: 0}}\n"
               "projections:\n  - {from: s, to: p, rule: all_to_all, weights: 255, graded: true}\n";
    };
    const Finished wrapped = run(folder, of("8388607"), {"--steps", "2", "--chip", "loihi2"});
    CHECK_THAT(wrapped.err, Contains("the 32 bits of an accumulator") && Contains("RUN-OVERFLOW"));
    CHECK(summary(folder)["overflows"] == 1);
    const Finished fits = run(folder, of("4000000"), {"--steps", "2", "--chip", "loihi2"});
    CHECK_THAT(fits.err, !Contains("RUN-OVERFLOW"));
    CHECK(summary(folder)["overflows"] == 0);
}

TEST_CASE("a population that never spikes is named", "[losses]") {
    TemporaryFolder folder;
    const std::string network = "inputs:\n  s: {size: 3, rate: 1}\n" + kRelay +
                                "  - {from: p, to: q, rule: one_to_one, weights: 1}\n";
    const auto with = [&](const std::string& q) {
        std::string text = network;
        text.insert(text.find("projections:"), "  q: {neuron: " + q + "}\n");
        return run(folder, text, {"--steps", "20"}).err;
    };
    CHECK_THAT(with("loihi1_cuba, size: 3, params: {vth: 5000}"),
               Contains("warning: no neuron of 'q' ever spiked in 20 steps [RUN-SILENT]"));
    CHECK_THAT(with("loihi1_cuba, size: 3, params: {vth: 5}"), !Contains("RUN-SILENT"));
    // it has no instruction that spikes
    write_text(folder / "mute.asm", ".acc input\n.state v\n rdc v, input\n end\n");
    CHECK_THAT(with("mute.asm, size: 3"), !Contains("RUN-SILENT"));
}

TEST_CASE("what quantisation did to weights is said with sign, size and what became 0",
          "[losses]") {
    TemporaryFolder folder;
    const auto err = [&](const std::string& weights) {
        return run(folder,
                   "inputs:\n  s: {size: 4, rate: 1}\npopulations:\n"
                   "  p: {neuron: loihi1_cuba, size: 1, params: {vth: 10}}\nprojections:\n"
                   "  - {from: s, to: p, rule: all_to_all, weights: {values: " +
                       weights + "}\n",
                   {"--steps", "5"})
            .err;
    };
    // +1 -> 0, -1 -> -2, +3 -> 2, -30 stays
    const std::string floored = err("[[1, -1, 3, -30]]}");
    CHECK_THAT(floored, Contains("weights of 's->p': 3 of 4 truncated to the grid of 2; error mean "
                                 "-0.75, at most 1; 1 became 0 [RUN-PRECISION]") &&
                            Contains("'rounding: nearest'"));
    CHECK_THAT(err("[[10.5, -1, 30.25, -30]]}"),
               Contains("3 of 4 rounded to the grid of 2; error mean ") &&
                   !Contains("'rounding: nearest'"));
    const std::string lost = err("[[0.1, -0.2, 0.05, 0.01]]}");
    CHECK_THAT(lost, Contains("4 of 4 weights became 0") &&
                         Contains("say scale: auto, or multiply") &&
                         Contains("by 1270 and thresholds") && Contains("[CMP-SCALE]"));
}

TEST_CASE("scale: auto is printed and reported, and float samples are taken", "[losses]") {
    TemporaryFolder folder;
    write_text(folder / "x.csv", "0,0.5,1\n1,1,0\n");
    const std::string network =
        "inputs:\n  s: {size: 3, dataset: {samples: {file: x.csv}, max: 1.0, steps: 10}}\n"
        "populations:\n  p: {neuron: loihi1_cuba, size: 1, params: {vth: 1.0, bias: 0.01}}\n"
        "projections:\n  - {from: s, to: p, rule: all_to_all, scale: auto, weights: {values: "
        "[[0.25, 0.125, 0.5]]}}\n";
    const Finished finished = run(folder, network, {});
    CHECK_THAT(finished.out, Contains("scale of 'p': 510 mantissas are 1, bias 326, vth 510; "
                                      "'s->p' up to 0.5, exponent 0"));
    CHECK_THAT(finished.err, !Contains("CMP-SCALE"));
    // v = (9 or 10) * 326 of biases + 64 * (5 * 63 (62 or 64) + 10 * 255), over a threshold of 510
    CHECK(summary(folder)["spikes"] > 5);
    const Finished compiled = run_seamount(
        {"compile", folder / "n.yaml", "-o", folder / "n.smi", "--report", folder / "r.json"});
    CHECK_THAT(compiled.out, Contains("scale of 'p': 510"));
    const Json scales = Json::parse(read_text(folder / "r.json"))["scales"];
    REQUIRE(scales.size() == 1);
    CHECK(scales[0]["scale"] == 510.0);
    CHECK(scales[0]["projections"][0]["largest_weight"] == 0.5);
    CHECK(scales[0]["arguments"][1]["became"] == Json{510, 510});
    CHECK(run_seamount({"verify", folder / "n.yaml", folder / "n.smi"}).code == 0);
}

TEST_CASE("lists without rows are empty, wherever they stand", "[losses]") {
    TemporaryFolder folder;
    write_text(folder / "none.csv", "step,index\n");
    write_text(folder / "nothing.csv", "");
    const std::string target =
        "populations:\n  p: {neuron: loihi1_cuba, size: 3, params: {vth: 10, bias: 2000}}\n";
    for (const std::string file : {"none.csv", "nothing.csv"}) {
        run(folder,
            "inputs:\n  s: {size: 3, spikes: {file: " + file + "}}\n" + target +
                "projections:\n  - {from: s, to: p, rule: one_to_one, weights: 9}\n",
            {"--steps", "5", "--input", "s=" + (folder / file)});
        CHECK(summary(folder)["input_spikes"] == 0);
    }
    write_text(folder / "edges.csv", "source,target,weight\n");
    for (const std::string file : {"edges.csv", "nothing.csv"}) {
        run(folder,
            target + "projections:\n  - {from: p, to: p, rule: list, edges: {file: " + file +
                "}, weights: 1}\n",
            {"--steps", "5"});
        CHECK(summary(folder)["synapses"] == 0);
    }
}

TEST_CASE("tables may start with a byte-order mark, whoever reads them", "[losses]") {
    TemporaryFolder folder;
    const std::string mark = "\xEF\xBB\xBF";
    write_text(folder / "trace.csv", mark + "cycle,source,destination,flits\n0,0,1,1\n");
    const Finished mesh =
        run_seamount({"mesh", "--trace", folder / "trace.csv", "-q", "--json", folder / "j.json"});
    INFO(mesh.err);
    CHECK(mesh.code == 0);
    write_text(folder / "in.csv", mark + "step,value\r\n1,100\r\n");
    CHECK(run_seamount({"neuron", "lif", "--param", "vth=10", "--param", "dv=0", "--steps", "4",
                        "--input", folder / "in.csv"})
              .code == 0);
    write_text(folder / "s.csv", mark + "step,index\n0,0\n2,2\n");
    run(folder, "inputs:\n  s: {size: 3, spikes: {file: s.csv}}\n" + kRelay, {"--steps", "4"});
    CHECK(rows_with(read_text(folder / "o/spikes.csv"), ",1") == 2);
}
