#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

/// Host values pass through `relay` on core 0, the host's own tile, to sinks on other tiles. The
/// chip `small` has 2 x 2 tiles of one core: core 3 is two hops away.
std::string network(const std::string& values, const std::string& near_bits,
                    const std::string& far_bits, const std::string& near_core = "3") {
    const std::string relay = SEAMOUNT_SOURCE_DIR "/configs/neurons/graded_vec.asm";
    const auto width = [](const std::string& bits) {
        return bits.empty() ? "" : ", payload_bits: " + bits;
    };
    return "network: graded\n"
           "inputs:\n"
           "  values: {size: 1, spikes: [" +
           values +
           "]}\n"
           "populations:\n"
           "  relay: {neuron: " +
           relay +
           ", size: 1, mapping: {fixed: 0}}\n"
           "  near: {neuron: " +
           relay + ", size: 1, params: {vth: 8000000}, mapping: {fixed: " + near_core +
           "}}\n"
           "  far: {neuron: " +
           relay +
           ", size: 1, params: {vth: 8000000}, mapping: {fixed: 3}}\n"
           "projections:\n"
           "  - {from: values, to: relay, rule: one_to_one, weights: 1, graded: true}\n"
           "  - {from: relay, to: near, rule: one_to_one, weights: 1, graded: true" +
           width(near_bits) +
           "}\n"
           "  - {from: relay, to: far, rule: one_to_one, weights: 1, graded: true" +
           width(far_bits) + "}\n";
}

struct Outcome {
    Json json;
    std::string err;
    std::vector<int> flits;  ///< of the relay's packets, in order
};

Outcome run(const TemporaryFolder& folder, const std::string& text,
            const std::vector<std::string>& options = {}, const std::string& flit_bits = "16") {
    write_text(folder / "n.yaml", text);
    std::vector<std::string> all{"run",
                                 folder / "n.yaml",
                                 "--chip",
                                 SEAMOUNT_SOURCE_DIR "/configs/chips/small.yaml",
                                 "--steps",
                                 "6",
                                 "--json",
                                 folder / "r.json",
                                 "--packet-trace",
                                 folder / "p.csv",
                                 "--set",
                                 "mesh.flit_bits=" + flit_bits};
    all.insert(all.end(), options.begin(), options.end());
    const Finished finished = run_seamount(all);
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    Outcome outcome{Json::parse(read_text(folder / "r.json")), finished.err, {}};
    std::istringstream lines{read_text(folder / "p.csv")};
    std::string line;
    while (std::getline(lines, line) && line.starts_with('#')) continue;
    REQUIRE(line == "cycle,source,destination,flits");
    while (std::getline(lines, line)) {
        std::istringstream fields{line};
        std::vector<std::string> row;
        for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
        if (row.at(2) != "0") outcome.flits.push_back(std::stoi(row.at(3)));
    }
    return outcome;
}

}  // namespace

TEST_CASE("a packet has the flits of its header and of the payload that its projection declares",
          "[graded_packets]") {
    const TemporaryFolder folder;
    struct Case {
        const char* bits;
        int flits;  ///< (header 32 + payload) / 16, rounded up
    };
    for (const Case& c :
         {Case{"7", 3}, Case{"16", 3}, Case{"17", 4}, Case{"24", 4}, Case{"32", 4}, Case{"", 4}}) {
        INFO("payload_bits: " << c.bits);
        const Outcome outcome = run(folder, network("[0, 0, 60]", c.bits, c.bits));
        CHECK(outcome.flits == std::vector<int>{c.flits});  // one packet serves both sinks
        CHECK(outcome.json["hops"] == 2 * c.flits);
        CHECK(outcome.json["event_counts"]["hop_ew"] == c.flits);
        CHECK(outcome.json["event_counts"]["hop_ns"] == c.flits);
        CHECK(outcome.json["wide_packets"] == 0);
    }
    const Outcome narrow =
        run(folder, network("[0, 0, 60]", "7", "7"), {"--set", "mesh.header_bits=9"});
    CHECK(narrow.flits == std::vector<int>{1});
}

TEST_CASE("a chip may make packets as wide as their values", "[graded_packets]") {
    const TemporaryFolder folder;
    // 7, 8, 16, 17 and 24 bits as signed numbers
    const std::string values =
        "[0, 0, -64], [1, 0, 64], [2, 0, -32768], [3, 0, 32768], "
        "[4, 0, 7999999]";
    const std::vector<std::string> by_value{"--set", "mesh.payload_width=value"};
    CHECK(run(folder, network(values, "32", "32"), by_value, "8").flits ==
          std::vector<int>{5, 5, 6, 7, 7});
}

TEST_CASE("a payload beyond its declared width is carried whole, and reported",
          "[graded_packets]") {
    const TemporaryFolder folder;
    const Outcome outcome = run(folder, network("[0, 0, 60], [1, 0, 7999999]", "7", "7"));
    CHECK(outcome.flits == std::vector<int>{3, 4});
    CHECK(outcome.json["wide_packets"] == 1);
    CHECK_THAT(outcome.err,
               Contains("1 packet has a payload beyond the width") && Contains("[RUN-PAYLOAD]"));
    const Outcome wide = run(folder, network("[0, 0, 60], [1, 0, 7999999]", "24", "24"));
    CHECK(outcome.json["spike_hash"] == wide.json["spike_hash"]);
    CHECK_THAT(wide.err, !Contains("RUN-PAYLOAD"));
}

TEST_CASE("a graded spike is as wide to every core, whatever projections share a core",
          "[graded_packets]") {
    const TemporaryFolder folder;
    const std::string values = "[0, 0, 1], [1, 0, -5], [2, 0, 3000]";
    const Outcome together = run(folder, network(values, "7", "24", "3"));
    const Outcome apart = run(folder, network(values, "7", "24", "1"));
    CHECK(together.flits == std::vector<int>(3, 4));
    CHECK(apart.flits == std::vector<int>(6, 4));
    CHECK(apart.json["spike_hash"] == together.json["spike_hash"]);
    for (const char* mesh : {"flit", "ideal"}) {
        INFO(mesh);
        const Outcome other = run(folder, network(values, "7", "24", "1"), {"--mesh", mesh});
        CHECK(other.flits == apart.flits);
        for (const char* key : {"spike_hash", "packets", "hops", "synaptic_events"}) {
            CHECK(other.json[key] == apart.json[key]);
        }
    }
}

TEST_CASE("inspect, verify and the chip sheet know the width of payloads", "[graded_packets]") {
    const TemporaryFolder folder;
    const std::string chip = SEAMOUNT_SOURCE_DIR "/configs/chips/small.yaml";
    write_text(folder / "n.yaml", network("[0, 0, 60]", "7", "24", "1"));
    REQUIRE(
        run_seamount({"compile", folder / "n.yaml", "--chip", chip, "-o", folder / "n.smi", "-q"})
            .code == 0);
    CHECK(run_seamount({"verify", folder / "n.yaml", folder / "n.smi", "--chip", chip}).code == 0);
    CHECK_THAT(run_seamount({"inspect", folder / "n.smi", "--core", "0"}).out,
               Contains("1/0[24] 3/0[24]"));
    CHECK_THAT(run_seamount({"inspect", chip}).out,
               Contains("mesh.flit_bits") && Contains("mesh.payload_width"));
    // With 32 bits in the network, the image's 24 are wrong.
    write_text(folder / "n.yaml", network("[0, 0, 60]", "7", "32", "1"));
    const Finished wrong =
        run_seamount({"verify", folder / "n.yaml", folder / "n.smi", "--chip", chip});
    CHECK(wrong.code == 1);
    CHECK_THAT(wrong.out + wrong.err,
               Contains("sends payloads of 24 bits to core 1, the network says 32") &&
                   Contains("[VFY-AXON]"));
}

TEST_CASE("a width of payloads that nothing takes is an error", "[graded_packets]") {
    const TemporaryFolder folder;
    std::string text = network("[0, 0, 60]", "7", "");
    text.replace(text.find("graded: true, payload_bits"), 12, "graded: false");
    write_text(folder / "n.yaml", text);
    const Finished finished = run_seamount({"compile", folder / "n.yaml", "-o", folder / "n.smi"});
    CHECK(finished.code == 2);
    CHECK_THAT(finished.err,
               Contains("n.yaml:10:") && Contains("take no payloads") && Contains("[NET-RULE]"));
}
