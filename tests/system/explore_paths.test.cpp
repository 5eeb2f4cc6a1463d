#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

Finished explore(const TemporaryFolder& folder, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "explore");
    return run_seamount(arguments, folder.path(), {"SEAMOUNT_CACHE=" + folder.path().string()});
}

std::string sweep_beside_network(const TemporaryFolder& folder, const std::string& text) {
    for (const char* name : {"two_layers.yaml", "relay.asm"}) {
        fs::copy_file(data(name), folder / name, fs::copy_options::skip_existing);
    }
    write_text(folder / "s.yaml", text);
    return folder / "s.yaml";
}

/// The column of a CSV file whose heading is `name`.
std::vector<double> column_of(const std::string& csv, const std::string& name) {
    std::istringstream rows{csv};
    std::string line;
    std::getline(rows, line);
    const std::string before = line.substr(0, line.find(name));
    const auto column = std::count(before.begin(), before.end(), ',');
    std::vector<double> found;
    while (std::getline(rows, line)) {
        std::istringstream cells{line};
        std::string cell;
        for (auto i = column; i >= 0; --i) std::getline(cells, cell, ',');
        found.push_back(std::stod(cell));
    }
    return found;
}

}  // namespace

TEST_CASE("values of the network file are parameters by their paths", "[explore_paths]") {
    const TemporaryFolder folder;
    const auto swept = [&folder](const std::string& path, const std::string& values) {
        return sweep_beside_network(folder,
                                    "network: two_layers.yaml\nset: {run.steps: 40}\n"
                                    "parameters: {\"network." +
                                        path + "\": " + values +
                                        "}\nobjectives: {spikes: {maximize: spikes}}\n");
    };
    const auto spikes = [&](const std::string& path, const std::string& values) {
        const std::string sweep = swept(path, values);
        const Finished run = explore(folder, {sweep, "--store", "a.sqlite", "--export", "a.csv"});
        INFO(run.err);
        REQUIRE(run.code == 0);
        CHECK_THAT(run.out, Contains("2 done"));
        fs::remove(folder / "a.sqlite");
        return column_of(read_text(folder / "a.csv"), "objective.spikes");
    };
    const std::vector<double> by_threshold = spikes("populations.hidden.params.vth", "[100, 400]");
    CHECK(by_threshold.at(0) > by_threshold.at(1));
    REQUIRE(run_seamount({"run", folder / "two_layers.yaml", "--steps", "40", "--json",
                          folder / "r.json", "-q", "--set", "populations.hidden.params.vth=400"})
                .code == 0);
    CHECK(nlohmann::json::parse(read_text(folder / "r.json"))["spikes"] == by_threshold.at(1));
    const std::vector<double> by_weight = spikes("projections.noise->hidden.probability", "[0, 1]");
    CHECK(by_weight.at(0) < by_weight.at(1));
    const auto refused = [&](const std::string& path) {
        const Finished run = explore(folder, {swept(path, "[1, 2]"), "--store", "x"});
        CHECK(run.code == 2);
        CHECK_FALSE(fs::exists(folder / "x"));
        return run.err;
    };
    CHECK_THAT(refused("populations.hiden.params.vth"),
               Contains("s.yaml:3:14: error:") && Contains("EXP-PATH") &&
                   Contains("did you mean 'network.populations.hidden.params.vth'?"));
    CHECK_THAT(refused("populations.hidden.params.vht"),
               Contains("has no argument 'vht'") && Contains("'vth'") && Contains("EXP-VALUE"));
    CHECK_THAT(refused("limits.compartments"), Contains("EXP-PATH"));
    const Finished words = explore(
        folder, {swept("populations.hidden.params.vth", "[1, fast, 90, -3]"), "--store", "x"});
    CHECK(words.code == 2);
    CHECK_THAT(words.err,
               Contains("vth = fast: 'vth' is fast") && Contains("vth = -3: 'vth' is -3"));
}

TEST_CASE("what a sweep leaves out or empty is said before anything runs", "[explore_paths]") {
    const TemporaryFolder folder;
    const auto refused = [&folder](const std::string& text) {
        const Finished run = explore(folder, {sweep_beside_network(folder, text), "--check"});
        CHECK(run.code == 2);
        return run.err;
    };
    const std::string head = "network: two_layers.yaml\nset: {run.steps: 5}\n";
    const std::string time = "objectives: {time: {minimize: modelled_time_s}}\n";
    const std::string endless =
        "network: two_layers.yaml\nparameters: {network.chance: [abc]}\n" + time;
    CHECK_THAT(refused(endless), Contains("no dataset that says how long to run [CLI-STEPS]") &&
                                     Contains("set: {run.steps: 100}") && Contains("EXP-VALUE"));
    CHECK_THAT(refused("set: {run.samples: 3}\n" + endless),
               Contains("run.samples needs a dataset") && Contains("CLI-SAMPLES"));
    CHECK_THAT(refused("network: \"\"\nchip: \"\"\n"),
               Contains("s.yaml:1:10: error: the name of the network is empty [EXP-FILE]") &&
                   Contains("s.yaml:2:7: error: the name of the chip is empty [EXP-FILE]"));
    CHECK_THAT(refused("network: [two_layers.yaml]\n" + time), Contains("s.yaml:1:10: error:"));
    CHECK_THAT(refused("chip: loihi_1\nparameters: {network.chance: [0.1]}\n" + head + time),
               Contains("loihi_1"));
    const std::string good = head + "parameters: {network.chance: [0.1]}\n";
    CHECK_THAT(refused(good + time + "derived: {\"\": \"1\"}\n"),
               Contains("a derived value needs a name [EXP-PATH]"));
    CHECK_THAT(refused(good + "objectives: {\"\": {minimize: spikes}}\n"),
               Contains("an objective needs a name [EXP-OBJECTIVE]"));
    CHECK_THAT(refused(good + time + "derived: {chip.limits.output_axons: \"-1\"}\n"),
               Contains("1 point tried, none of which can be: the point ") &&
                   Contains("'output_axons' is -1, must be in [0,") && Contains("EXP-RUN"));
    CHECK_THAT(refused("network: two_layers.yaml\nparameters: {network.chance: [0.1]}\n"
                       "set: {run.threads: 0}\n" +
                       time),
               Contains("s.yaml:3:7: error: run.threads = 0"));
}
