#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;

namespace {

std::string text_of(const std::string& path) {
    std::ifstream in{path};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

nlohmann::json json_of(const std::string& path) {
    return nlohmann::json::parse(text_of(path));
}

void write(const std::string& path, const std::string& text) {
    std::ofstream{path} << text;
}

}  // namespace

TEST_CASE("mesh reports latency, accepted rate and link use at every fidelity", "[mesh]") {
    const TemporaryFolder folder;
    for (const std::string fidelity : {"flit", "packet", "ideal"}) {
        const Finished finished = run_seamount({"mesh",
                                                "--width",
                                                "8",
                                                "--height",
                                                "4",
                                                "--pattern",
                                                "uniform",
                                                "--rate",
                                                "0.1",
                                                "--flits",
                                                "2",
                                                "--buffer",
                                                "4",
                                                "--pipeline",
                                                "B",
                                                "--fidelity",
                                                fidelity,
                                                "--cycles",
                                                "2000",
                                                "--json",
                                                folder / "m.json",
                                                "--links",
                                                folder / "links.csv"});
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        const auto json = json_of(folder / "m.json");
        for (const char* key : {"avg_packet_latency", "p50", "p99", "max_packet_latency",
                                "accepted_flits_per_node_cycle", "offered_flits_per_node_cycle",
                                "delivered_packets", "link_utilisation_max"}) {
            INFO(key);
            CHECK(json.contains(key));
        }
        CHECK(json["fidelity"] == fidelity);
        CHECK(json["avg_packet_latency"].get<double>() > 20.0);
        CHECK(json["accepted_flits_per_node_cycle"].get<double>() == Approx(0.1).epsilon(0.1));
        CHECK(json["max_packet_latency"] >= json["p99"]);
        CHECK(json["p99"] >= json["p50"]);
        CHECK_THAT(text_of(folder / "links.csv"),
                   Catch::StartsWith("rate,mesh,tile,x,y,direction,flits,utilisation,"));
    }
}

TEST_CASE("every pattern runs on square and oblong meshes and with any packet length", "[mesh]") {
    for (const std::string pattern : {"uniform", "bitcomp", "neighbor", "hotspot10", "tornado",
                                      "shuffle", "bitrev", "bitrot"}) {
        for (const auto& [width, height] : {std::pair{"4", "8"}, {"8", "4"}, {"16", "16"}}) {
            const Finished finished =
                run_seamount({"mesh", "--pattern", pattern, "--width", width, "--height", height,
                              "--rate", "0.05", "--flits", "16", "--cycles", "200"});
            INFO(pattern << ' ' << width << 'x' << height << ' ' << finished.err);
            CHECK(finished.code == 0);
        }
    }
}

TEST_CASE("several rates are a sweep, and the same command gives the same figures", "[mesh]") {
    const TemporaryFolder folder;
    for (const std::string name : {"a.json", "b.json"}) {
        REQUIRE(run_seamount({"mesh", "--rate", "0.1", "--rate", "0.3", "--cycles", "1000",
                              "--json", folder / name})
                    .code == 0);
    }
    auto a = json_of(folder / "a.json")["points"];
    auto b = json_of(folder / "b.json")["points"];
    REQUIRE(a.size() == 2);
    for (auto* points : {&a, &b}) {
        for (auto& point : *points) point.erase("wall_s");
    }
    CHECK(a == b);
    CHECK(a[1]["avg_packet_latency"] > a[0]["avg_packet_latency"]);
}

TEST_CASE("mesh refuses what makes no sense, all at once", "[mesh]") {
    const Finished finished =
        run_seamount({"mesh", "--pattern", "transpose", "--width", "4", "--rate", "3", "--channels",
                      "5", "--routing", "xy_yx"});
    CHECK(finished.code == 2);
    CHECK_THAT(finished.err, Contains("[CLI-MESH]") && Contains("--rate is 3, must be in (0, 1]") &&
                                 Contains("square") && Contains("--channels is 5") &&
                                 Contains("--meshes 2"));
    CHECK_THAT(run_seamount({"mesh"}).err, Contains("there is no traffic [CLI-MESH]"));
    CHECK_THAT(run_seamount({"mesh", "--rate", "0.1", "--width", "256", "--height", "256",
                             "--channels", "8", "--buffer", "255"})
                   .err,
               Contains("133693440 places, must be at most 16777216") && Contains("[CLI-MESH]"));
    CHECK(run_seamount({"mesh", "--rate", "nan"}).code == 2);
    CHECK_THAT(run_seamount({"mesh", "--rate", "0.1", "--pattern", "shuffle", "--width", "6",
                             "--hotspot", "3"})
                   .err,
               Contains("shuffle needs a power of two of nodes, not 6x8 = 48") &&
                   Contains("--hotspot is for hotspot10, not for shuffle") &&
                   Contains("[CLI-MESH]"));
    CHECK_THAT(
        run_seamount({"mesh", "--rate", "0.1", "--pattern", "hotspot10", "--hotspot", "64"}).err,
        Contains("--hotspot is 64, must be in [0, 63]") && Contains("[CLI-MESH]"));
    const TemporaryFolder folder;
    write(folder / "t.csv", "cycle,source,destination,flits\n0,0,99,1\n");
    const Finished trace = run_seamount({"mesh", "--trace", folder / "t.csv"});
    CHECK(trace.code == 2);
    CHECK_THAT(trace.err,
               Contains("t.csv:2:5: error: 'destination' is '99'") && Contains("[CLI-TRACE]"));
}

TEST_CASE("a run records its packets, and mesh replays them", "[mesh]") {
    const TemporaryFolder folder;
    const std::string network =
        std::string{SEAMOUNT_SOURCE_DIR} + "/tests/system/data/two_layers.yaml";
    const Finished run = run_seamount({"run", network, "--steps", "20", "--json",
                                       folder / "run.json", "--packet-trace", folder / "net.csv"});
    INFO(run.err);
    REQUIRE(run.code == 0);
    const Finished replay = run_seamount({"mesh", "--width", "8", "--height", "4", "--trace",
                                          folder / "net.csv", "--json", folder / "m.json"});
    INFO(replay.err);
    REQUIRE(replay.code == 0);
    CHECK(json_of(folder / "m.json")["delivered_packets"] ==
          json_of(folder / "run.json")["packets"]);
    CHECK(json_of(folder / "run.json")["packets"] > 0);
}

TEST_CASE("spikes are the same at every fidelity, on two meshes and on several chips", "[mesh]") {
    const TemporaryFolder folder;
    write(folder / "plain.yaml", "extends: loihi1.yaml\n");
    write(folder / "meshes.yaml",
          "extends: loihi1.yaml\nmesh: {meshes: 2, routing: xy_yx, virtual_channels: 2}\n");
    write(folder / "chips.yaml",
          "extends: loihi1.yaml\ntopology: {width: 4, height: 2, chips: [2, 2]}\n"
          "mesh: {offchip_occupancy_ns: 20}\n");
    const std::string network =
        std::string{SEAMOUNT_SOURCE_DIR} + "/tests/system/data/two_layers.yaml";
    std::string hash;
    for (const std::string chip : {"plain.yaml", "meshes.yaml", "chips.yaml"}) {
        std::uint64_t packets = 0;
        double ideal_s = 0.0;
        for (const std::string mesh : {"ideal", "packet", "flit"}) {
            const Finished run = run_seamount({"run", network, "--chip", folder / chip, "--steps",
                                               "40", "--mesh", mesh, "--json", folder / "r.json"});
            INFO(chip << ' ' << mesh << ' ' << run.err);
            REQUIRE(run.code == 0);
            const auto json = json_of(folder / "r.json");
            if (hash.empty()) hash = json["spike_hash"];
            CHECK(json["spike_hash"] == hash);
            CHECK(json["spikes"] > 0);
            if (mesh == "ideal") {
                packets = json["packets"];
                ideal_s = json["modelled_time_s"];
            }
            CHECK(json["packets"] == packets);
            CHECK(json["modelled_time_s"].get<double>() >= ideal_s);
        }
    }
}
