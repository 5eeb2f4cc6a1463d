#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdlib>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

TEST_CASE("the balanced network fires the same spikes under every mapping, mesh and thread count",
          "[networks]") {
    const TemporaryFolder folder;
    const auto run = [&folder](std::vector<std::string> options) {
        options.insert(options.begin(),
                       {"run", SEAMOUNT_SOURCE_DIR "/configs/networks/balanced.yaml", "--steps",
                        "100", "--json", folder / "r.json", "-q"});
        REQUIRE(run_seamount(options).code == 0);
        return Json::parse(read_text(folder / "r.json"));
    };
    const Json first = run({});
    CHECK(first["cores"] > 1);
    CHECK(first["spikes"] > 10'000);
    CHECK(first["hops"] > 0);
    for (const std::vector<std::string>& options : {std::vector<std::string>{"--mesh", "ideal"},
                                                    {"--threads", "2"},
                                                    {"--threads", "auto"},
                                                    {"--placer", "hilbert"},
                                                    {"--mapping-seed", "2"},
                                                    {"--mapping-seed", "3"}}) {
        INFO(options.front() << " " << options.back());
        const Json other = run(options);
        for (const char* key : {"spike_hash", "spikes", "synaptic_events", "input_spikes"}) {
            CHECK(other[key] == first[key]);
        }
    }
    CHECK(run({"--seed", "2"})["spike_hash"] != first["spike_hash"]);
}

TEST_CASE("the largest of ten values wins, and a tie has one winner, in two steps or bit by bit",
          "[networks]") {
    const TemporaryFolder folder;
    // The spikes on channel 1, which say the value; what is sent on channel 0 is a rank or a bit.
    const auto winners = [&folder](const std::vector<std::string>& options) {
        std::vector<std::string> all{"run",     SEAMOUNT_SOURCE_DIR "/configs/networks/argmax.yaml",
                                     "--steps", "100",
                                     "--out",   folder / "out",
                                     "-q"};
        all.insert(all.end(), options.begin(), options.end());
        const Finished run = run_seamount(all);
        INFO(run.err);
        REQUIRE(run.code == 0);
        std::set<std::string> found;
        std::istringstream lines{read_text(folder / "out/spikes.csv")};
        for (std::string line; std::getline(lines, line);) {
            const int step = std::atoi(line.c_str());
            const bool serial = line.find("serial") != std::string::npos;
            if (step % 25 == (serial ? 23 : 1)) found.insert(line);
        }
        return found;
    };
    const std::set<std::string> by_number{"1,units,7,512",  "26,units,1,8191", "51,units,5,1",
                                          "76,units,8,700", "23,serial,7,512", "48,serial,1,8191",
                                          "73,serial,5,1",  "98,serial,8,700"};
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{},
          {"--threads", "2"},
          {"--mesh", "flit"},
          {"--chip", SEAMOUNT_SOURCE_DIR "/configs/chips/small.yaml"},
          {"--chip", SEAMOUNT_SOURCE_DIR "/configs/chips/loihi1.yaml", "--mapping-seed", "3"}}) {
        CHECK(winners(options) == by_number);
    }
    // With noise the same values win, of those that are equal any one.
    std::set<std::string> of_ten;
    for (const char* const seed : {"1", "2", "3", "4", "5", "6"}) {
        std::set<std::string> noisy = winners({"--set", "noise=255", "--seed", seed});
        CHECK(noisy.size() == 8);
        CHECK(noisy.count("26,units,1,8191") == 1);
        for (const std::string& line : noisy) {
            if (!line.starts_with("76,units,")) continue;
            CHECK(line.ends_with(",700"));
            of_ten.insert(line);
        }
    }
    CHECK(of_ten.size() > 2);
}

TEST_CASE("in the winner-take-all network only the unit with the strongest drive keeps firing",
          "[networks]") {
    const TemporaryFolder folder;
    const auto spikes_after = [&folder](const std::string& inhibition, int from) {
        REQUIRE(run_seamount({"run", SEAMOUNT_SOURCE_DIR "/configs/networks/winner.yaml", "--steps",
                              "400", "--set", "inhibition=" + inhibition, "--out", folder / "out",
                              "-q"})
                    .code == 0);
        std::array<int, 10> spikes{};
        std::istringstream lines{read_text(folder / "out/spikes.csv")};
        std::string line;
        std::getline(lines, line);
        REQUIRE(line == "step,population,neuron,payload");
        while (std::getline(lines, line)) {
            const std::size_t comma = line.find(',', line.find(',') + 1);
            if (std::stoi(line) >= from) ++spikes.at(std::stoul(line.substr(comma + 1)));
        }
        return spikes;
    };
    const std::array<int, 10> settled = spikes_after("-64", 50);
    CHECK(settled[6] > 30);  // its bias is 16, the next best has 15
    for (std::size_t i = 0; i < settled.size(); ++i) {
        INFO(i);
        if (i != 6) CHECK(settled[i] == 0);
    }
    for (const int count : spikes_after("0", 50)) CHECK(count > 10);
}

namespace {

/// Runs a shipped network under three mappings, two meshes and two thread counts: all must give the
/// same spikes. Returns the first result.
Json same_everywhere(const TemporaryFolder& folder, const std::string& network,
                     const std::string& steps, const std::string& compartments) {
    write_text(folder / "chip.yaml",
               "extends: loihi1\nlimits: {compartments: " + compartments + "}\n");
    const auto run = [&](std::vector<std::string> options) {
        options.insert(options.begin(),
                       {"run", SEAMOUNT_SOURCE_DIR "/configs/networks/" + network, "--chip",
                        folder / "chip.yaml", "--steps", steps, "--json", folder / "r.json", "-q"});
        REQUIRE(run_seamount(options).code == 0);
        return Json::parse(read_text(folder / "r.json"));
    };
    Json first = run({});
    CHECK(first["cores"] > 3);
    for (const std::vector<std::string>& options : {std::vector<std::string>{"--mesh", "ideal"},
                                                    {"--threads", "2"},
                                                    {"--mapping-seed", "2"},
                                                    {"--mapping-seed", "3", "--mesh", "ideal"}}) {
        INFO(options.front() << " " << options.back());
        const Json other = run(options);
        for (const char* key : {"spike_hash", "spikes", "synaptic_events"}) {
            CHECK(other[key] == first[key]);
        }
    }
    CHECK(run({"--seed", "99"})["spike_hash"] != first["spike_hash"]);
    return first;
}

}  // namespace

TEST_CASE("noise is the same under every mapping, mesh and thread count", "[networks]") {
    const TemporaryFolder folder;
    const Json result = same_everywhere(folder, "noise.yaml", "200", "512");
    CHECK(result["spikes"] > 5'000);
    CHECK(run_seamount({"run", SEAMOUNT_SOURCE_DIR "/configs/networks/noise.yaml", "--steps", "200",
                        "--out", folder / "out", "-q"})
              .code == 0);
    const std::string spikes = read_text(folder / "out" + "/spikes.csv");
    CHECK(spikes.find("membrane") != std::string::npos);
    CHECK(spikes.find("current") != std::string::npos);
    CHECK(spikes.find("follower") != std::string::npos);
    CHECK(spikes.find("silent") == std::string::npos);
}

TEST_CASE("a soma gated by its tuft answers the conjunction of their inputs", "[networks]") {
    const TemporaryFolder folder;
    CHECK(same_everywhere(folder, "dendrites.yaml", "200", "100")["spikes"] > 500);
    const auto spikes_of_quarters = [&folder](const std::string& join) {
        REQUIRE(
            run_seamount({"run", SEAMOUNT_SOURCE_DIR "/configs/networks/dendrites.yaml", "--steps",
                          "400", "--set", "join=" + join, "--out", folder / join, "-q"})
                .code == 0);
        std::istringstream rows(read_text(folder / join + "/spikes.csv"));
        std::array<int, 4> counts{};
        std::string row;
        std::getline(rows, row);
        while (std::getline(rows, row)) {
            const std::size_t name = row.find("cell.soma,");
            REQUIRE(name != std::string::npos);
            ++counts.at(std::stoul(row.substr(name + 10)) / 100);
        }
        return counts;
    };
    const auto gated = spikes_of_quarters("pass");
    CHECK(gated[0] == 0);
    CHECK(gated[1] == 0);
    CHECK(gated[2] == 0);
    CHECK(gated[3] > 1'000);
    const auto summed = spikes_of_quarters("add");
    CHECK(summed[0] == 0);
    CHECK(summed[1] > 1'000);
    CHECK(summed[2] == 0);
    CHECK(summed[3] > summed[1]);
}

TEST_CASE("graded spikes through convolutions are the same however kernels are stored and mapped",
          "[networks]") {
    const TemporaryFolder folder;
    const Json shared = same_everywhere(folder, "feature_maps.yaml", "40", "300");
    CHECK(shared["spikes"] > 1'000);
    REQUIRE(run_seamount({"run", SEAMOUNT_SOURCE_DIR "/configs/networks/feature_maps.yaml",
                          "--chip", folder / "chip.yaml", "--steps", "40", "--set", "share=false",
                          "--json", folder / "expanded.json", "-q"})
                .code == 0);
    const Json expanded = Json::parse(read_text(folder / "expanded.json"));
    CHECK(expanded["spike_hash"] == shared["spike_hash"]);
    CHECK(expanded["synaptic_events"] == shared["synaptic_events"]);
    CHECK(expanded["synapses"] == shared["synapses"]);
}

TEST_CASE("a negative weight exponent rounds each weight on loihi1 and what a step adds on loihi2",
          "[networks]") {
    const TemporaryFolder folder;
    const auto payload_on = [&folder](const std::string& chip, const std::string& delay) {
        write_text(
            folder / "n.yaml",
            "network: n\n"
            "populations: {out: {neuron: graded_vec, size: 1}}\n"
            "inputs: {in: {size: 2, spikes: [[0, 0, 1], [0, 1, 5]]}}\n"
            "projections:\n"
            "  - {from: in, to: out, rule: all_to_all, weights: 3, exponent: -1, graded: true, "
            "sign: excitatory, delay: " +
                delay + "}\n");
        const Finished run = run_seamount({"run", folder / "n.yaml", "--chip", chip, "--steps",
                                           "70", "--out", folder / "out", "-q"});
        return run.code == 0 ? read_text(folder / "out/spikes.csv") : run.err;
    };
    CHECK(payload_on("loihi1", "0") == "step,population,neuron,payload\n0,out,0,6\n");  // 1 + 5 * 1
    CHECK(payload_on("loihi2", "0") == "step,population,neuron,payload\n0,out,0,9\n");  // 18 / 2
    CHECK(payload_on("loihi2", "63") == "step,population,neuron,payload\n63,out,0,9\n");
    CHECK(payload_on("loihi1", "63").find("must be in [0, 62]") != std::string::npos);
}

TEST_CASE("a partitioner that cannot cut a network says which one does", "[networks]") {
    const TemporaryFolder folder;
    const Finished compiled =
        run_seamount({"compile", SEAMOUNT_SOURCE_DIR "/configs/networks/feature_maps.yaml",
                      "--chip", "loihi1", "--partitioner", "metis", "-o", folder / "d.smi"});
    CHECK(compiled.code == 0);
    CHECK_THAT(compiled.err,
               Contains("warning: partitioner 'metis' does not know rows that neighbours share") &&
                   Contains("[CMP-PARTITION]"));
}

TEST_CASE("a step in which every neuron spikes takes little longer than compile expects",
          "[networks]") {
    const TemporaryFolder folder;
    write_text(folder / "n.yaml",
               "network: n\n"
               "populations:\n"
               "  n: {neuron: loihi1_cuba, size: 200,\n"
               "      params: {decay_u: 4096, decay_v: 0, vth: 1, bias: 1000, bias_exp: 6}}\n"
               "projections:\n"
               "  - {from: n, to: n, rule: fixed_fan_out, fan_out: 20, weights: 1}\n");
    for (const std::string chip : {"loihi1", "loihi2"}) {
        INFO(chip);
        write_text(folder / "chip.yaml", "extends: " + chip + "\nlimits: {compartments: 20}\n");
        const std::vector<std::string> base{folder / "n.yaml", "--chip", folder / "chip.yaml",
                                            "-q"};
        const auto with = [&base](std::vector<std::string> options) {
            options.insert(options.begin() + 1, base.begin(), base.end());
            REQUIRE(run_seamount(options).code == 0);
        };
        with({"compile", "--report", folder / "report.json"});
        with({"run", "--steps", "4", "--json", folder / "run.json"});
        const Json report = Json::parse(read_text(folder / "report.json"));
        const Json run = Json::parse(read_text(folder / "run.json"));
        REQUIRE(run["spikes"] == 800);
        CHECK(report["hops_per_step"].get<int>() * 4 == run["hops"].get<int>());
        const double expected_s = report["expected_step_time_ns"].get<double>() * 1e-9 * 4;
        CHECK(run["modelled_time_s"].get<double>() >= expected_s);
        CHECK(run["modelled_time_s"].get<double>() < expected_s * 1.5);
    }
}
