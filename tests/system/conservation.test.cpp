#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "tests/system/process.hpp"
#include "tests/system/run_records.hpp"

// What must add up in every run, on random networks over one to four chips, one or two meshes, at
// every mesh fidelity: nothing is lost, nothing is counted twice.

using namespace seamount::test;

namespace {

/// Few neurons per core, so that a small network needs every chip.
std::string chip_text(const std::string& chips, int neurons_per_core, const std::string& meshes) {
    return "extends: loihi1.yaml\n"
           "topology: {width: 2, height: 1, cores_per_tile: 2, chips: " +
           chips +
           "}\n"
           "limits: {compartments: " +
           std::to_string(neurons_per_core) +
           "}\n"
           "mesh: {offchip_occupancy_ns: 20, " +
           meshes + "}\n";
}

std::string network_text(std::uint64_t seed) {
    return "network: random\nseed: " + std::to_string(seed) +
           "\npopulations:\n"
           "  cells: {neuron: loihi1_cuba, size: 60, params: {decay_u: 1024, decay_v: 256, "
           "vth: 100, noise_enable: 1, noise_exp: 9}}\n"
           "inputs:\n"
           "  drive: {size: 30, poisson: 0.3}\n"
           "projections:\n"
           "  - {from: drive, to: cells, rule: fixed_probability, probability: 0.3, weights: "
           "{uniform: [20, 70]}, delay: {uniform: [0, 5]}}\n"
           "  - {from: cells, to: cells, rule: fixed_probability, probability: 0.2, weights: "
           "{uniform: [-20, 20]}, delay: {uniform: [0, 3]}}\n";
}

double number(const Row& row, const std::string& column) {
    return std::stod(row.at(column));
}

double sum(const std::vector<Row>& rows, const std::string& column) {
    double total = 0.0;
    for (const Row& row : rows) total += number(row, column);
    return total;
}

struct Run {
    nlohmann::json json;
    std::vector<Row> steps;
    std::vector<Row> cores;
    std::vector<Row> stages;
    std::vector<Row> links;
};

Run run(const TemporaryFolder& folder, const std::string& chip, const std::string& mesh,
        std::uint64_t steps) {
    const std::string out = folder / ("out" + std::to_string(steps));
    Run run;
    run.json = run_json({folder / "net.yaml", "--chip", chip, "--steps", std::to_string(steps),
                         "--mesh", mesh, "--out", out});
    run.steps = csv(out + "/perf.csv");
    run.cores = csv(out + "/cores.csv");
    run.stages = csv(out + "/stages.csv");
    run.links = csv(out + "/links.csv");
    return run;
}

void check_counts(const Run& run) {
    const auto& json = run.json;
    // Every packet that a core or the host sent came to a core.
    CHECK(sum(run.cores, "packets_in") == json["packets"]);
    CHECK(sum(run.steps, "packets") == json["packets"]);
    CHECK(sum(run.steps, "hops") == json["hops"]);
    for (const char* column : {"spikes", "synaptic_events", "active_updates"}) {
        INFO(column);
        CHECK(sum(run.cores, column) == json[column]);
        CHECK(sum(run.steps, column) == json[column]);
    }
    CHECK(sum(run.cores, "updates") == json["neuron_updates"]);
    double flits = 0.0;
    for (const Row& link : run.links) {
        if (link.at("direction") != "local") flits += number(link, "flits");
    }
    if (json["mesh"] != "ideal") CHECK(flits == json["hops"]);
}

void check_energy(const Run& run) {
    const auto& energy = run.json["energy_j"];
    const double total = energy["total"];
    double parts = 0.0;
    for (const auto& [event, joules] : energy["events"].items()) parts += joules.get<double>();
    CHECK(parts == Approx(energy["dynamic"].get<double>()).epsilon(1e-12));
    double components = 0.0;
    for (const auto& [name, joules] : energy["components"].items()) {
        components += joules.get<double>();
    }
    CHECK(components == Approx(energy["dynamic"].get<double>()).epsilon(1e-12));
    CHECK(energy["dynamic"].get<double>() + energy["fixed"].get<double>() +
              energy["idle"].get<double>() ==
          Approx(total).epsilon(1e-12));
    CHECK(sum(run.steps, "energy_pj") * 1e-12 == Approx(total).epsilon(1e-6));
}

/// The last step of `longer` takes at least as long as every stage of every core and every link is
/// busy in it.
void check_bounds(const Run& shorter, const Run& longer) {
    constexpr double kRounding = 1e-3;
    const double step_ns = number(longer.steps.back(), "time_ns");
    const auto name = [](const Row& row) {
        std::string key;
        for (const char* column : {"core", "mesh", "tile_x", "tile_y", "stage", "direction"}) {
            const auto found = row.find(column);
            if (found != row.end()) key += found->second + ' ';
        }
        return key;
    };
    std::map<std::string, double> before;
    for (const auto* rows : {&shorter.stages, &shorter.links}) {
        for (const Row& row : *rows) before[name(row)] = number(row, "busy_ns");
    }
    for (const auto* rows : {&longer.stages, &longer.links}) {
        for (const Row& row : *rows) {
            INFO(name(row));
            CHECK(number(row, "busy_ns") - before[name(row)] <= step_ns + kRounding);
        }
    }
    CHECK(sum(longer.steps, "time_ns") * 1e-9 ==
          Approx(longer.json["modelled_time_s"].get<double>()).epsilon(1e-9));
}

/// Runs a random network at every fidelity, with one mesh and two.
void check_system(const std::string& chips, int neurons_per_core) {
    for (const std::uint64_t seed : {1U, 2U}) {
        const TemporaryFolder folder;
        write_text(folder / "net.yaml", network_text(seed));
        write_text(folder / "lone.yaml", chip_text("[1, 1]", 16, "meshes: 1"));
        const std::string hash = run(folder, folder / "lone.yaml", "ideal", 13).json["spike_hash"];
        for (const std::string meshes : {"meshes: 1", "meshes: 2, policy: parity"}) {
            write_text(folder / "chip.yaml", chip_text(chips, neurons_per_core, meshes));
            for (const std::string mesh : {"flit", "packet", "ideal"}) {
                INFO(chips << ' ' << meshes << ' ' << mesh << " seed " << seed);
                const Run shorter = run(folder, folder / "chip.yaml", mesh, 12);
                const Run longer = run(folder, folder / "chip.yaml", mesh, 13);
                CHECK(longer.json["spikes"] > 0);
                CHECK(longer.json["spike_hash"] == hash);
                check_counts(longer);
                check_energy(longer);
                check_bounds(shorter, longer);
                CHECK((longer.json["event_counts"]["hop_offchip"] > 0) == (chips != "[1, 1]"));
            }
        }
    }
}

}  // namespace

TEST_CASE("nothing is lost on one chip", "[conservation]") {
    check_system("[1, 1]", 16);
}

TEST_CASE("nothing is lost on two chips side by side", "[conservation][study]") {
    check_system("[2, 1]", 8);
}

TEST_CASE("nothing is lost on two chips one above the other", "[conservation][study]") {
    check_system("[1, 2]", 8);
}

TEST_CASE("nothing is lost on three chips", "[conservation][study]") {
    check_system("[3, 1]", 5);
}

TEST_CASE("nothing is lost on four chips", "[conservation]") {
    check_system("[2, 2]", 4);
}
