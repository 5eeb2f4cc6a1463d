#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "isa/assembler.hpp"
#include "isa/image.hpp"
#include "isa/spec/chip_spec.hpp"
#include "tests/support/image_builder.hpp"
#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

using Row = std::map<std::string, std::string>;

std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> cells;
    std::string cell;
    for (std::istringstream stream{line}; std::getline(stream, cell, ',');) cells.push_back(cell);
    if (!line.empty() && line.back() == ',') cells.emplace_back();
    return cells;
}

/// Rows of a CSV file by column name.
std::vector<Row> csv(const std::string& path) {
    std::istringstream text{read_text(path)};
    std::string line;
    std::getline(text, line);
    const std::vector<std::string> head = split(line);
    std::vector<Row> rows;
    while (std::getline(text, line)) {
        const std::vector<std::string> cells = split(line);
        REQUIRE(cells.size() == head.size());
        Row& row = rows.emplace_back();
        for (std::size_t i = 0; i < head.size(); ++i) row[head[i]] = cells[i];
    }
    return rows;
}

std::string head(const std::string& path) {
    const std::string text = read_text(path);
    return text.substr(0, text.find('\n'));
}

Json run_json(const std::vector<std::string>& arguments) {
    TemporaryFolder folder;
    std::vector<std::string> all{"run"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    all.insert(all.end(), {"--json", folder / "r.json", "-q"});
    const Finished finished = run_seamount(all);
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    CHECK(finished.out.empty());
    return Json::parse(read_text(folder / "r.json"));
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

void replace(std::string& text, const std::string& what, const std::string& by) {
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    text.replace(at, what.size(), by);
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

const std::vector<std::string> kFunctionalKeys{
    "spike_hash",     "spikes",       "input_spikes", "synaptic_events", "neuron_updates",
    "active_updates", "instructions", "steps",        "neurons",         "synapses"};

void check_same_function(const Json& a, const Json& b) {
    for (const std::string& key : kFunctionalKeys) {
        INFO(key);
        CHECK(a.at(key) == b.at(key));
    }
}

const std::string kNetwork = data("two_layers.yaml");
const std::vector<std::string> kBase{kNetwork, "--steps", "60"};

std::vector<std::string> with(std::vector<std::string> more) {
    more.insert(more.begin(), kBase.begin(), kBase.end());
    return more;
}

}  // namespace

TEST_CASE("the JSON summary has the keys that others rely on") {
    const Json json = run_json(kBase);
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

TEST_CASE("the records of a run have these columns and agree with its summary") {
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

TEST_CASE("a run explains its time: what bounded it, and the longest steps") {
    const Finished finished = run_seamount({"run", kNetwork, "--steps", "60", "--explain-time"});
    CHECK(finished.code == 0);
    CHECK_THAT(finished.out,
               Catch::Contains("what bounded the run") && Catch::Contains("largest in steps") &&
                   Catch::Contains("the 10 longest steps") && Catch::Contains(" > barrier "));
    const Finished none = run_seamount({"run", kNetwork, "--steps", "60"});
    CHECK_THAT(none.out, !Catch::Contains("longest steps"));
}

TEST_CASE("mesh, threads, mapping and image change no spike") {
    TemporaryFolder folder;
    const Json reference = run_json(kBase);
    check_same_function(reference, run_json(with({"--mesh", "ideal"})));
    check_same_function(reference, run_json(with({"--threads", "2"})));
    check_same_function(reference, run_json(with({"--placer", "hilbert"})));
    check_same_function(reference, run_json(with({"--placer", "row_major"})));
    check_same_function(reference, run_json(with({"--set", "prices=nahuku"})));

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

TEST_CASE("a network on many small cores spikes as on one") {
    TemporaryFolder folder;
    write_text(folder / "small.yaml",
               "chip: small\nlimits: {compartments: 8}\nextends: " SEAMOUNT_SOURCE_DIR
               "/configs/chips/loihi1.yaml\n");
    const Json one = run_json(kBase);
    const Json many = run_json(with({"--chip", folder / "small.yaml"}));
    CHECK(many["cores"] >= 7);
    CHECK(many["hops"] > one["hops"]);
    check_same_function(one, many);
}

TEST_CASE("the records of spikes and potentials are the same files for every mapping") {
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

TEST_CASE("the seed changes the noise and the same seed repeats it") {
    const Json first = run_json(with({"--seed", "11"}));
    const Json second = run_json(with({"--seed", "11"}));
    const Json third = run_json(with({"--seed", "12"}));
    CHECK(first["spike_hash"] == second["spike_hash"]);
    CHECK(first["spike_hash"] != third["spike_hash"]);
    CHECK(first["seed"] == 11);
}

TEST_CASE("the mapping has a seed of its own, which is the run's unless given") {
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

    const Json alone = run_json(with({"--chip", chip, "--seed", "11"}));
    const Json both = run_json(with({"--chip", chip, "--seed", "11", "--mapping-seed", "3"}));
    check_same_function(alone, both);
    CHECK(both["seed"] == 11);
    CHECK(std::pair{alone["hops"], alone["modelled_time_s"]} == traffic(eleventh));
    CHECK(std::pair{both["hops"], both["modelled_time_s"]} == traffic(third));
}

TEST_CASE("a run without output of its own prints a summary") {
    const Finished finished = run_seamount({"run", kNetwork, "--steps", "5"});
    CHECK(finished.code == 0);
    CHECK_THAT(finished.out, Contains("two_layers on loihi1") && Contains("synaptic events") &&
                                 Contains("modelled time") && Contains("per step") &&
                                 Contains("steps/s"));
}

TEST_CASE("the compile report counts what the image holds") {
    TemporaryFolder folder;
    const Finished finished =
        run_seamount({"compile", kNetwork, "-o", "n.smi", "--report", "r.json"}, folder.path());
    REQUIRE(finished.code == 0);
    CHECK_THAT(finished.out, Contains("fullest core") && Contains("synapse bits"));
    const Json report = Json::parse(read_text(folder / "r.json"));
    for (const char* key : {"packets_per_step", "hops_per_step", "max_link_load", "partition_s",
                            "place_s", "compile_s", "peak_rss_bytes"}) {
        INFO(key);
        CHECK(report.contains(key));
    }
    CHECK(report["version"] == SEAMOUNT_VERSION);
    CHECK(report["network"] == "two_layers");
    CHECK(report["chip"] == "loihi1");
    CHECK(report["seed"] == 1);
    CHECK(report["fills"][0]["microcode_words"] > 0);
    const Json run = run_json({folder / "n.smi", "--steps", "1"});
    CHECK(report["neurons"] == run["neurons"]);
    CHECK(report["synapses"] == run["synapses"]);
    CHECK(report["cores"] == run["cores"]);
    CHECK(report["fills"].size() == run["cores"]);
    const Finished sheet = run_seamount({"inspect", "n.smi"}, folder.path());
    CHECK(sheet.code == 0);
    CHECK_THAT(sheet.out, Contains("two_layers on loihi1 (prices davies2018): 50 neurons") &&
                              Contains("relay") && Contains("poisson") && Contains("v_chip"));
}

TEST_CASE("what a run loses or cannot show is said on stderr") {
    const Finished noisy = run_seamount({"run", kNetwork, "--steps", "60"});
    CHECK_THAT(noisy.err, Contains("warning: weights of 'hidden->output': ") &&
                              Contains(" of 120 truncated; error at most ") &&
                              Contains("[RUN-PRECISION]"));
    TemporaryFolder folder;
    const Finished views = run_seamount({"run", kNetwork, "--steps", "3", "--out", folder / "o"});
    CHECK_THAT(views.err, Contains("divided by zero or overflowed") && Contains("[RUN-VIEW]"));
    CHECK(run_seamount({"run", kNetwork, "--steps", "60", "-q"}).err.empty());

    // every compartment pushes to its right neighbour; the last one has none. The compiler refuses
    // such programs, an image may have them.
    const auto program = seamount::isa::assemble(
        ".acc input\n.state s\n        psh #1, input, #1\n        end\n", "push.asm");
    seamount::testing::ImageBuilder builder;
    builder.program(program.words);
    builder.raw().programs[0].accumulators = program.accumulators;
    builder.raw().programs[0].states = {"s"};
    builder.group(builder.core(0), 0, 3, {}, {{0}});
    seamount::isa::Image image = builder.build();
    image.network = "push";
    image.chip =
        seamount::isa::ChipSpec::load(SEAMOUNT_SOURCE_DIR "/configs/chips/loihi1.yaml").resolved;
    seamount::isa::save_image(image, folder / "push.smi");
    const Finished push =
        run_seamount({"run", "push.smi", "--steps", "10", "--json", "r.json"}, folder.path());
    INFO(push.err);
    CHECK(push.code == 0);
    CHECK_THAT(push.err,
               Contains("10 PSH of the microcode went beyond") && Contains("[RUN-DROPPED]"));
    CHECK(Json::parse(read_text(folder / "r.json"))["dropped_pushes"] == 10);
}

TEST_CASE("results that overflow their width are counted and said on stderr") {
    // Two weights of 255 * 2^7 sum to 65,280 units of 2^6: the 22-bit accumulator wraps, once.
    TemporaryFolder folder;
    write_text(folder / "wrap.yaml",
               "network: wrap\n"
               "populations:\n"
               "  n: {neuron: loihi1_cuba, size: 1, params: {vth: 131071}}\n"
               "inputs:\n"
               "  i: {size: 2, spikes: [[1, 0], [1, 1], [2, 0]]}\n"
               "projections:\n"
               "  - {from: i, to: n, rule: all_to_all, weights: 255, exponent: 7}\n");
    const Finished run = run_seamount(
        {"run", "wrap.yaml", "--steps", "5", "--out", "o", "--json", "r.json"}, folder.path());
    INFO(run.err);
    REQUIRE(run.code == 0);
    CHECK_THAT(run.err,
               Contains("1 result of the microcode did not fit") && Contains("[RUN-OVERFLOW]"));
    CHECK(Json::parse(read_text(folder / "r.json"))["overflows"] == 1);
    CHECK_THAT(read_text(folder / "o/cores.csv"), Contains(",overflows\n") && Contains(",1\n"));
}
