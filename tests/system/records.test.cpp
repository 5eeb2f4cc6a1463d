#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/system/process.hpp"
#include "tests/system/run_records.hpp"

using namespace seamount::test;
using Json = nlohmann::json;

namespace {

const std::string kNetwork = run_network();

std::string head(const std::string& path) {
    const std::string text = read_text(path);
    return text.substr(0, text.find('\n'));
}

std::uint64_t sum(const std::vector<Row>& rows, const std::string& column) {
    std::uint64_t total = 0;
    for (const Row& row : rows) total += std::stoull(row.at(column));
    return total;
}

double sum_of_doubles(const std::vector<Row>& rows, const std::string& column) {
    double total = 0.0;
    for (const Row& row : rows) total += std::stod(row.at(column));
    return total;
}

std::uint64_t splitmix(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
}

/// The hash of a spikes.csv of two_layers.yaml, written from its documentation.
std::string hash_of(const std::vector<Row>& spikes) {
    std::uint64_t total = 0;
    for (const Row& spike : spikes) {
        const std::uint64_t first = spike.at("population") == "hidden" ? 0 : 40;
        const std::uint64_t neuron = first + std::stoull(spike.at("neuron"));
        const auto payload = static_cast<std::uint32_t>(std::stol(spike.at("payload")));
        total += splitmix(splitmix(splitmix(std::stoull(spike.at("step"))) + neuron) + payload);
    }
    std::ostringstream text;
    text << std::hex;
    text.width(16);
    text.fill('0');
    text << total;
    return text.str();
}

}  // namespace

TEST_CASE("the JSON summary has the keys that others rely on", "[records]") {
    const Json json = run_json(base_run());
    for (const char* key : {"steps",        "neurons",      "synapses",        "spikes",
                            "packets",      "hops",         "synaptic_events", "neuron_updates",
                            "instructions", "spike_hash",   "modelled_time_s", "energy_j",
                            "wall_s",       "steps_per_s",  "peak_rss_bytes",  "seed",
                            "version",      "mesh",         "threads",         "chip",
                            "prices",       "input_spikes", "max_link_flits",  "active_updates",
                            "neurobench"}) {
        INFO(key);
        CHECK(json.contains(key));
    }
    CHECK(json["steps"] == 60);
    CHECK(json["neurons"] == 50);
    CHECK(json["spikes"] > 20);
    CHECK(json["neuron_updates"] == 60 * 50);
    CHECK(json["seed"] == 7);
    CHECK(json["modelled_time_s"] > 0.0);
    const Json& energy = json["energy_j"];
    CHECK(energy["total"].get<double>() ==
          Approx(energy["dynamic"].get<double>() + energy["stepping"].get<double>() +
                 energy["idle"].get<double>()));
    CHECK(energy["fixed"] == energy["stepping"]);
    double components = 0.0;
    for (const Json& part : energy["components"]) components += part.get<double>();
    CHECK(energy["dynamic"].get<double>() == Approx(components));
    double time = 0.0;
    for (const Json& part : json["time_parts_s"]) time += part.get<double>();
    CHECK(json["modelled_time_s"].get<double>() == Approx(time));
    double events = 0.0;
    for (const Json& part : energy["events"]) events += part.get<double>();
    CHECK(energy["dynamic"].get<double>() == Approx(events));
    CHECK(json["spike_hash"].get<std::string>().size() == 16);
    CHECK(json["neurobench"]["connection_sparsity"] > 0.0);
    CHECK(json["neurobench"]["activation_sparsity"].get<double>() ==
          Approx(1.0 - json["spikes"].get<double>() / 3000.0));
}

TEST_CASE("the records of a run have these columns and agree with its summary", "[records]") {
    TemporaryFolder folder;
    const std::string out = folder / "records";
    REQUIRE(run_seamount({"run", kNetwork, "--steps", "60", "--out", out}).code == 0);
    CHECK(head(out + "/spikes.csv") == "step,population,neuron,payload");
    CHECK(head(out + "/potentials.csv") == "step,population,neuron,variable,value");
    CHECK(head(out + "/perf.csv") ==
          "step,spikes,packets,hops,synaptic_events,updates,active_updates,time_ns,energy_pj,"
          "dynamic_pj,stepping_pj,idle_pj,last_core,source_core,bound_by,update_ns,spike_out_ns,"
          "axon_out_ns,axon_in_ns,synapse_fetch_ns,accumulate_ns,learning_ns,mesh_ns,mesh_wait_ns,"
          "host_ns,barrier_ns,host_step_ns");
    CHECK(head(out + "/stages.csv") ==
          "core,tile_x,tile_y,stage,busy_ns,utilisation,wait_ns,longest_queue");
    CHECK(head(out + "/cores.csv") ==
          "core,tile_x,tile_y,compartments,updates,active_updates,instructions,spikes,packets_in,"
          "synaptic_events,dropped_pushes,overflows");
    CHECK_FALSE(std::filesystem::exists(out + "/samples.csv"));

    const Json json = Json::parse(read_text(out + "/summary.json"));
    const auto spikes = csv(out + "/spikes.csv");
    const auto perf = csv(out + "/perf.csv");
    const auto cores = csv(out + "/cores.csv");
    CHECK(json["spikes"] == spikes.size());
    CHECK(json["spike_hash"] == hash_of(spikes));
    CHECK(perf.size() == 60);
    for (const char* column : {"spikes", "packets", "hops", "synaptic_events", "active_updates"}) {
        INFO(column);
        CHECK(json[column] == sum(perf, column));
    }
    CHECK(json["modelled_time_s"].get<double>() ==
          Approx(1e-9 * sum_of_doubles(perf, "time_ns")).epsilon(1e-9));
    CHECK(json["energy_j"]["total"].get<double>() ==
          Approx(1e-12 * sum_of_doubles(perf, "energy_pj")).epsilon(1e-6));
    for (const auto& row : perf) {
        double parts = 0.0;
        for (const auto& [column, value] : row) {
            if (column.ends_with("_ns") && column != "time_ns") parts += std::stod(value);
        }
        CHECK(parts == Approx(std::stod(row.at("time_ns"))).epsilon(1e-9));
    }
    for (const auto& [cause, part] : json["time_parts_s"].items()) {
        INFO(cause);
        CHECK(part.get<double>() ==
              Approx(1e-9 * sum_of_doubles(perf, cause + "_ns")).epsilon(1e-9));
    }
    CHECK(csv(out + "/stages.csv").size() == 7 * cores.size());
    CHECK(json["cores"] == cores.size());
    CHECK(json["spikes"] == sum(cores, "spikes"));
    CHECK(json["synaptic_events"] == sum(cores, "synaptic_events"));
    CHECK(json["instructions"] == sum(cores, "instructions"));
    // probes: v and v_chip of two neurons after every second step, ratio of one after each
    CHECK(csv(out + "/potentials.csv").size() == 30 * 2 * 2 + 60);
}
