#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "tests/system/process.hpp"
#include "tests/system/run_records.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string kNetwork = run_network();

void replace(std::string& text, const std::string& what, const std::string& by) {
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    text.replace(at, what.size(), by);
}

const std::vector<std::string> kFunctionalKeys{
    "spike_hash",     "spikes",       "input_spikes", "synaptic_events", "neuron_updates",
    "active_updates", "instructions", "steps",        "neurons",         "synapses"};

void check_same_function(const Json& a, const Json& b) {
    for (const std::string& key : kFunctionalKeys) {
        INFO(key);
        CHECK(a.at(key) == b.at(key));
    }
}

}  // namespace

TEST_CASE("mesh, threads, mapping and image change no spike", "[run]") {
    TemporaryFolder folder;
    const Json reference = run_json(base_run());
    check_same_function(reference, run_json(base_run({"--mesh", "ideal"})));
    check_same_function(reference, run_json(base_run({"--threads", "2"})));
    check_same_function(reference, run_json(base_run({"--placer", "hilbert"})));
    check_same_function(reference, run_json(base_run({"--placer", "row_major"})));
    check_same_function(reference, run_json(base_run({"--set", "prices=nahuku"})));

    const std::string image = folder / "net.smi";
    REQUIRE(run_seamount({"compile", kNetwork, "-o", image}).code == 0);
    const Json from_image = run_json({image, "--steps", "60"});
    check_same_function(reference, from_image);
    for (const char* key : {"packets", "hops", "modelled_time_s", "energy_j", "max_link_flits"}) {
        INFO(key);
        CHECK(reference[key] == from_image[key]);
    }
    REQUIRE(run_seamount({"compile", kNetwork, "--seed", "99", "-o", image}).code == 0);
    check_same_function(reference, run_json({image, "--steps", "60"}));
}

TEST_CASE("a run without time has the spikes and counts of one with it, and no times", "[run]") {
    TemporaryFolder folder;
    const Json timed = run_json(base_run());
    const std::string out = folder / "out";
    const Json untimed = run_json(base_run({"--untimed", "--out", out}));
    check_same_function(timed, untimed);
    CHECK(untimed.at("packets") == timed.at("packets"));
    CHECK(untimed.at("untimed") == true);
    for (const char* key : {"modelled_time_s", "energy_j", "event_counts", "hops", "mesh", "prices",
                            "time_parts_s", "start_up_s", "max_link_flits", "powered"}) {
        INFO(key);
        CHECK(timed.contains(key));
        CHECK(!untimed.contains(key));
    }
    CHECK(read_text(out + "/perf.csv")
              .starts_with("step,spikes,packets,synaptic_events,updates,active_updates\n"));
    CHECK(!std::filesystem::exists(out + "/links.csv"));
    CHECK(!std::filesystem::exists(out + "/stages.csv"));
    const auto finished = [](const std::vector<std::string>& more) {
        std::vector<std::string> arguments = base_run(more);
        arguments.insert(arguments.begin(), "run");
        return run_seamount(arguments);
    };
    const Finished shown = finished({"--untimed"});
    CHECK_THAT(shown.out, Contains("not modelled") && !Contains("energy  "));
    CHECK(run_seamount({"report", out, "-o", folder / "page.html"}).code == 0);
    const Finished refused =
        finished({"--untimed", "--explain-time", "--packet-trace", folder / "p"});
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains("--explain-time beside --untimed") &&
                                Contains("--packet-trace beside --untimed") &&
                                Contains("CLI-UNTIMED"));
    CHECK(finished({"--untimed", "--mesh", "flit"}).code == 2);
}

TEST_CASE("a network on many small cores spikes as on one", "[run]") {
    TemporaryFolder folder;
    write_text(folder / "small.yaml",
               "chip: small\nlimits: {compartments: 8}\nextends: " SEAMOUNT_SOURCE_DIR
               "/configs/chips/loihi1.yaml\n");
    const Json one = run_json(base_run());
    const Json many = run_json(base_run({"--chip", folder / "small.yaml"}));
    CHECK(many["cores"] >= 7);
    CHECK(many["hops"] > one["hops"]);
    check_same_function(one, many);
}

TEST_CASE("the records of spikes and potentials are the same files for every mapping", "[run]") {
    TemporaryFolder folder;
    // neighbours alternate between two cores, the later population is on the first core
    std::string cores;
    for (int i = 0; i < 40; ++i) cores += i % 2 == 0 ? "9, " : "3, ";
    std::string pinned = read_text(kNetwork);
    replace(pinned, "size: 40", "size: 40\n    mapping: {fixed: {values: [" + cores + "]}}");
    replace(pinned, "size: 10", "size: 10\n    mapping: {fixed: 0}");
    replace(pinned, "relay.asm", data("relay.asm"));
    write_text(folder / "pinned.yaml", pinned);
    const auto run = [&](const std::string& network, const std::string& out) {
        const Finished finished =
            run_seamount({"run", network, "--steps", "60", "--out", folder / out});
        INFO(finished.err);
        REQUIRE(finished.code == 0);
    };
    run(kNetwork, "a");
    run(folder / "pinned.yaml", "b");
    CHECK(csv(folder / "b/cores.csv").size() == 3);
    CHECK(!csv(folder / "a/spikes.csv").empty());
    CHECK(read_text(folder / "a/spikes.csv") == read_text(folder / "b/spikes.csv"));
    CHECK(read_text(folder / "a/potentials.csv") == read_text(folder / "b/potentials.csv"));
}

TEST_CASE("the seed changes the noise and the same seed repeats it", "[run]") {
    const Json first = run_json(base_run({"--seed", "11"}));
    const Json second = run_json(base_run({"--seed", "11"}));
    const Json third = run_json(base_run({"--seed", "12"}));
    CHECK(first["spike_hash"] == second["spike_hash"]);
    CHECK(first["spike_hash"] != third["spike_hash"]);
    CHECK(first["seed"] == 11);
}

TEST_CASE("the mapping has a seed of its own, which is the run's unless given", "[run]") {
    TemporaryFolder folder;
    write_text(folder / "small.yaml",
               "chip: small\nlimits: {compartments: 4}\nextends: " SEAMOUNT_SOURCE_DIR
               "/configs/chips/loihi1.yaml\n");
    const std::string chip = folder / "small.yaml";
    const auto compiled = [&](const char* option, const char* seed) {
        const std::string image = folder / "net.smi";
        REQUIRE(
            run_seamount({"compile", kNetwork, "--chip", chip, option, seed, "-o", image}).code ==
            0);
        return read_text(image);
    };
    const auto traffic = [&](const std::string& image) {
        write_text(folder / "run.smi", image);
        const Json run = run_json({folder / "run.smi", "--steps", "60", "--seed", "11"});
        return std::pair{run["hops"], run["modelled_time_s"]};
    };
    const std::string third = compiled("--seed", "3");
    const std::string eleventh = compiled("--seed", "11");
    CHECK(compiled("--mapping-seed", "3") == third);
    REQUIRE(traffic(third) != traffic(eleventh));

    const Json alone = run_json(base_run({"--chip", chip, "--seed", "11"}));
    const Json both = run_json(base_run({"--chip", chip, "--seed", "11", "--mapping-seed", "3"}));
    check_same_function(alone, both);
    CHECK(both["seed"] == 11);
    CHECK(std::pair{alone["hops"], alone["modelled_time_s"]} == traffic(eleventh));
    CHECK(std::pair{both["hops"], both["modelled_time_s"]} == traffic(third));
}

TEST_CASE("a chip without prices counts events and has neither times nor energies", "[run]") {
    TemporaryFolder folder;
    write_text(folder / "bare.yaml", "chip: bare\n");
    const Finished refused =
        run_seamount({"run", kNetwork, "--steps", "5", "--chip", folder / "bare.yaml"});
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains("[CHIP-PRICES]") && Contains("'prices: none'"));

    write_text(folder / "bare.yaml", "chip: bare\nprices: none\n");
    const Finished run =
        run_seamount({"run", kNetwork, "--steps", "5", "--chip", folder / "bare.yaml",
                      "--explain-time", "--out", folder / "out"});
    INFO(run.err);
    REQUIRE(run.code == 0);
    CHECK_THAT(run.out, Contains("bare (prices none)") && Contains("the chip has no prices"));
    const Json json = Json::parse(read_text(folder / "out/summary.json"));
    CHECK(json["prices"] == "none");
    CHECK(json["event_counts"]["update_active"] > 0);
    for (const char* const key : {"modelled_time_s", "energy_j", "time_parts_s", "start_up_s",
                                  "contention_s", "bounded_by"}) {
        CHECK_FALSE(json.contains(key));
    }
    for (const char* const file : {"perf.csv", "links.csv"}) {
        const std::string text = read_text(folder / (std::string{"out/"} + file));
        const std::string head = text.substr(0, text.find('\n'));
        CHECK_THAT(head, !Contains("_ns") && !Contains("_pj") && !Contains("utilisation"));
    }
    CHECK_FALSE(std::filesystem::exists(folder / "out/stages.csv"));

    const std::string image = folder / "n.smi";
    const Finished compiled = run_seamount({"compile", kNetwork, "-o", image, "--chip",
                                            folder / "bare.yaml", "--report", folder / "r.json"});
    CHECK(compiled.code == 0);
    CHECK_THAT(compiled.out, Contains("the chip has no prices"));
    CHECK_FALSE(Json::parse(read_text(folder / "r.json")).contains("expected_step_time_ns"));
    CHECK_THAT(run_seamount({"inspect", image}).out, Contains("prices none"));
    CHECK_FALSE(run_json({image, "--steps", "5"}).contains("energy_j"));
}

TEST_CASE("modelled time that 64 bits do not hold ends the run with an error", "[run]") {
    const std::vector<std::string> slow{"run",     kNetwork, "--set", "prices.host_step_ns=1e12",
                                        "--quiet", "--steps"};
    const auto steps = [&](const std::string& count) {
        std::vector<std::string> words = slow;
        words.push_back(count);
        return run_seamount(words);
    };
    CHECK(steps("9000").code == 0);
    const Finished late = steps("20000");
    CHECK(late.code == 2);
    CHECK_THAT(late.err, Contains("modelled time passes what 64 bits of picoseconds hold") &&
                             Contains("[RUN-TIME]") && Contains("106 days"));
    // What was complete before it stays.
    TemporaryFolder kept;
    const Finished recorded = run_seamount({"run", kNetwork, "--set", "prices.host_step_ns=1e12",
                                            "--quiet", "--steps", "20000", "--out", kept / "out"});
    CHECK(recorded.code == 2);
    CHECK_THAT(recorded.err, Contains("partial holds its records so far"));
    const Json progress = Json::parse(read_text(kept / "out/partial/progress.json"));
    CHECK(progress.at("complete_steps").get<int>() > 9000);
    CHECK_FALSE(std::filesystem::exists(kept / "out/spikes.csv"));
    // Within one step: 5,000 updates of 1e15 ps each.
    TemporaryFolder folder;
    write_text(
        folder / "n.yaml",
        "network: n\npopulations:\n  a: {neuron: loihi1_cuba, size: 5000, params: {vth: 9}}\n");
    const Finished wide =
        run_seamount({"run", folder / "n.yaml", "--set", "prices.update_active_ns=1e12", "--set",
                      "prices.update_inactive_ns=1e12", "--steps", "1", "--quiet"});
    CHECK(wide.code == 2);
    CHECK_THAT(wide.err, Contains("[RUN-TIME]") && Contains("in step 0") && Contains("53 days"));
}
