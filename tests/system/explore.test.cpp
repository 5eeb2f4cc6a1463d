#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/support/skip.hpp"
#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

/// Runs `seamount explore` with a cache of the folder's own.
Finished explore(const TemporaryFolder& folder, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "explore");
    return run_seamount(arguments, folder.path(), {"SEAMOUNT_CACHE=" + folder.path().string()});
}

/// Runs a sweep without a cache and gives its results as CSV without times.
std::string results(const TemporaryFolder& folder, const std::string& store,
                    std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--store", store, "--no-cache", "-q"});
    const Finished run = explore(folder, arguments);
    INFO(run.err);
    REQUIRE(run.code == 0);
    REQUIRE(explore(folder, {"export", store, store + ".csv", "--without-times"}).code == 0);
    return read_text(folder / (store + ".csv"));
}

std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string sweep_beside_network(const TemporaryFolder& folder, const std::string& text) {
    for (const char* name : {"two_layers.yaml", "relay.asm"}) {
        fs::copy_file(data(name), folder / name, fs::copy_options::skip_existing);
    }
    write_text(folder / "s.yaml", text);
    return folder / "s.yaml";
}

constexpr const char* kSmall =
    "network: two_layers.yaml\n"
    "set: {run.steps: 5}\n"
    "parameters: {network.chance: [0.1, 0.2]}\n"
    "objectives: {time: {minimize: modelled_time_s}}\n";

}  // namespace

TEST_CASE("a sweep runs every point of its grid and keeps every counter", "[explore]") {
    const TemporaryFolder folder;
    const std::string csv = results(folder, "a.sqlite", {data("explore.yaml")});
    CHECK(lines(csv) == 13);
    CHECK_THAT(csv, Contains("summary.event_counts.synapse") && Contains("objective.energy"));
    CHECK_THAT(csv, !Contains("failed") && !Contains("waiting"));
}

TEST_CASE("a sweep with one process, many processes and merged shards has the same results",
          "[explore]") {
    const TemporaryFolder folder;
    const std::string sweep = data("explore.yaml");
    const std::string one = results(folder, "one.sqlite", {sweep, "--jobs", "1"});
    CHECK(results(folder, "three.sqlite", {sweep, "--jobs", "3"}) == one);
    std::vector<std::string> merge{"merge", "all.sqlite"};
    for (const char* shard : {"1", "2", "3", "4"}) {
        const std::string store = std::string{"s"} + shard + ".sqlite";
        CHECK(lines(results(folder, store, {sweep, "--shard", std::string{shard} + "/4"})) == 4);
        merge.push_back(store);
    }
    REQUIRE(explore(folder, merge).code == 0);
    REQUIRE(explore(folder, {"export", "all.sqlite", "all.csv", "--without-times"}).code == 0);
    CHECK(read_text(folder / "all.csv") == one);
}

TEST_CASE("a sweep that is killed again and again ends like one that was not", "[explore]") {
    const TemporaryFolder folder;
    const std::string sweep = data("explore.yaml");
    const std::string whole = results(folder, "whole.sqlite", {sweep});
    for (int kill = 0; kill < 5; ++kill) {
        Process process{{"explore", sweep, "--store", folder / "k.sqlite", "--no-cache", "-q"}};
        std::this_thread::sleep_for(std::chrono::milliseconds(40 + 35 * kill));
        process.send(SIGKILL);
        CHECK(process.wait().code != 1);
    }
    CHECK(results(folder, "k.sqlite", {sweep}) == whole);
}

TEST_CASE("a second sweep runs only what the first has not run", "[explore]") {
    const TemporaryFolder folder;
    const std::string sweep = data("explore.yaml");
    REQUIRE(explore(folder, {sweep, "--store", "a.sqlite"}).code == 0);
    // chance 0.2 and 0.3 are known; 0.4 is new: 4 of 12 points.
    const Finished second = explore(folder, {sweep, "--set", "first=0.4", "--store", "b.sqlite"});
    CHECK(second.code == 0);
    CHECK_THAT(second.out, Contains("12 done") && Contains("4 executed, 8 from the cache"));
    const Finished again = explore(folder, {sweep, "--store", "a.sqlite"});
    CHECK_THAT(again.out, Contains("12 done") && Contains("0 executed, 0 from the cache"));
}

TEST_CASE("a point can be shown and run again bit for bit", "[explore]") {
    const TemporaryFolder folder;
    REQUIRE(explore(folder, {data("explore.yaml"), "--store", "a.sqlite", "-q"}).code == 0);
    const Finished shown = explore(folder, {"show", "a.sqlite", "7"});
    CHECK_THAT(shown.out, Contains("point 7, final: done") && Contains("chip.prices") &&
                              Contains("seamount run ") && Contains("spike_hash"));
    const Finished again = explore(folder, {"rerun", "a.sqlite", "7"});
    CHECK(again.code == 0);
    CHECK_THAT(again.out, Contains("every counter is the same"));
    const Finished onto = explore(folder, {"export", "a.sqlite", "./a.sqlite"});
    CHECK(onto.code == 2);
    CHECK_THAT(onto.err, Contains("OUT-WRITE"));
    const Finished missing = explore(folder, {"show", "a.sqlite", "99"});
    CHECK(missing.code == 2);
    CHECK_THAT(missing.err, Contains("there is no point 99") && Contains("EXP-POINT"));
}

TEST_CASE("mistakes of a sweep are reported before anything runs", "[explore]") {
    const TemporaryFolder folder;
    const auto refused = [&folder](const std::string& text) {
        const Finished run = explore(folder, {sweep_beside_network(folder, text), "--store", "x"});
        CHECK(run.code == 2);
        CHECK_FALSE(fs::exists(folder / "x"));
        return run.err;
    };
    const std::string head = "network: two_layers.yaml\nset: {run.steps: 5}\n";
    const std::string time = "objectives: {time: {minimize: modelled_time_s}}\n";
    CHECK_THAT(refused(head + time + "parameters: {network.chanse: [0.1]}\n"),
               Contains("s.yaml:4:14: error:") && Contains("did you mean 'network.chance'?") &&
                   Contains("EXP-PATH"));
    CHECK_THAT(refused(head + time + "parameters: {run.colour: [1]}\n"), Contains("EXP-PATH"));
    CHECK_THAT(refused(head + time +
                       "parameters: {network.chance: [0.1]}\n"
                       "derived: {chip.topology.hieght: 2 + 2}\n"),
               Contains("hieght") && Contains("EXP-PATH"));
    CHECK_THAT(refused(head + time + "parameters: {chip.pryces: [nahuku]}\n"),
               Contains("EXP-PATH"));
    CHECK_THAT(refused(head + time + "parameters: {compile.placer: [hillbert]}\n"),
               Contains("EXP-VALUE"));
    CHECK_THAT(refused(head + "objectives: {time: {minimize: modelled_tine_s}}\n"
                              "parameters: {network.chance: [0.1]}\n"),
               Contains("did you mean 'modelled_time_s'?") && Contains("EXP-OBJECTIVE"));
    CHECK_THAT(refused(head + time +
                       "parameters: {network.chance: [0.1]}\n"
                       "constraints: [chance > 1]\n"),
               Contains("EXP-EMPTY"));
    CHECK_THAT(refused(head + time + "parameters: {network.chance: [abc]}\n"),
               Contains("s.yaml:4:14: error:") && Contains("EXP-VALUE"));
}

TEST_CASE("a point that fails, hangs or eats memory has the reason and spares the others",
          "[explore]") {
    const TemporaryFolder folder;
    const auto reasons = [&folder](const std::string& text) {
        const Finished run = explore(folder, {sweep_beside_network(folder, text), "--store",
                                              "x.sqlite", "--no-cache", "--export", "x.csv"});
        CHECK(run.code == 1);
        const std::string report = explore(folder, {"report", "x.sqlite", "--print"}).out;
        fs::remove(folder / "x.sqlite");
        return read_text(folder / "x.csv") + report;
    };
    const std::string slow =
        "network: two_layers.yaml\n"
        "parameters: {run.steps: [5, 1000000000]}\n"
        "objectives: {time: {minimize: modelled_time_s}}\n"
        "limits: {time_s: 2}\n";
    CHECK_THAT(reasons(slow), Contains("1,final,,done") && Contains("EXP-TIME"));
    write_text(folder / "score.sh",
               "#!/bin/sh\ngrep -q '\"steps\": 5,' && { echo broken >&2; exit 3; }\necho 1\n");
    fs::permissions(folder / "score.sh", fs::perms::owner_all);
    const std::string script =
        "network: two_layers.yaml\n"
        "parameters: {run.steps: [4, 5]}\n"
        "objectives: {score: {maximize: {script: score.sh}}}\n";
    CHECK_THAT(reasons(script), Contains("1,final,,done") &&
                                    Contains("score.sh ended with exit code 3") &&
                                    Contains("failed: EXP-SCRIPT\n          point 2: "));
    const std::string memory = std::string{kSmall} + "limits: {memory_mb: 1}\n";
    CHECK_THAT(explore(folder, {sweep_beside_network(folder, memory), "--store", "m.sqlite",
                                "--no-cache", "--export", "m.csv"})
                   .out,
               Contains("2 failed"));
    CHECK_THAT(read_text(folder / "m.csv"), Contains("EXP-MEMORY") || Contains("EXP-CRASH"));
}

TEST_CASE("a script that cannot work is found before anything runs", "[explore]") {
    const TemporaryFolder folder;
    write_text(folder / "score.sh", "#!/bin/sh\nexit 1\n");
    fs::permissions(folder / "score.sh", fs::perms::owner_all);
    const std::string sweep =
        sweep_beside_network(folder,
                             "network: two_layers.yaml\nparameters: {run.steps: [4, 5]}\n"
                             "objectives: {score: {maximize: {script: score.sh}}}\n");
    const Finished run = explore(folder, {sweep, "--store", "x.sqlite"});
    CHECK(run.code == 2);
    CHECK_THAT(run.err, Contains("EXP-SCRIPT"));
}

TEST_CASE("a store goes on with its own sweep only, and with one process at a time", "[explore]") {
    const TemporaryFolder folder;
    const std::string sweep = sweep_beside_network(folder, kSmall);
    REQUIRE(explore(folder, {sweep, "--store", "a.sqlite"}).code == 0);
    (void)sweep_beside_network(folder, std::string{kSmall} + "constraints: [chance < 1]\n");
    const Finished changed = explore(folder, {sweep, "--store", "a.sqlite"});
    CHECK(changed.code == 2);
    CHECK_THAT(changed.err, Contains("EXP-CHANGED"));
    (void)sweep_beside_network(folder,
                               "network: two_layers.yaml\nset: {run.steps: 1000000000}\n"
                               "parameters: {network.chance: [0.1]}\n"
                               "objectives: {time: {minimize: modelled_time_s}}\n");
    Process process{{"explore", sweep, "--store", folder / "b.sqlite", "--no-cache", "-q"}};
    for (int i = 0; i < 500; ++i) {
        if (explore(folder, {"show", "b.sqlite", "1"}).out.find("running") != std::string::npos) {
            break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    const Finished second = explore(folder, {sweep, "--store", "b.sqlite"});
    CHECK(second.code == 2);
    CHECK_THAT(second.err, Contains("EXP-BUSY"));
    process.send(SIGKILL);
    (void)process.wait();
}

TEST_CASE("repeats give a mean and a spread", "[explore]") {
    const TemporaryFolder folder;
    const std::string sweep =
        sweep_beside_network(folder, std::string{kSmall} + "seeds: [1, 2, 3]\n");
    REQUIRE(explore(folder, {sweep, "--store", "a.sqlite", "--export", "a.csv"}).code == 0);
    CHECK(lines(read_text(folder / "a.csv")) == 7);
    CHECK_THAT(explore(folder, {"report", "a.sqlite", "--print"}).out, Contains(" +- "));
}

TEST_CASE("a screening is confirmed where it matters and reports changes of rank", "[explore]") {
    const TemporaryFolder folder;
    const std::string sweep = sweep_beside_network(
        folder,
        "network: two_layers.yaml\nset: {run.steps: 20, run.mesh: packet}\n"
        "parameters: {network.chance: [0.1, 0.2, 0.3, 0.4]}\n"
        "objectives: {time: {minimize: modelled_time_s}, spikes: {maximize: spikes}}\n"
        "screen: {set: {run.mesh: ideal}}\n");
    REQUIRE(explore(folder, {sweep, "--store", "a.sqlite", "--export", "a.csv"}).code == 0);
    const std::string csv = read_text(folder / "a.csv");
    CHECK_THAT(csv, Contains(",screen,") && Contains(",final,"));
    CHECK_THAT(explore(folder, {"report", "a.sqlite", "--print"}).out,
               Contains("Screening against confirmation") && Contains("pairs change order"));
}

TEST_CASE("a program of the user's can choose the points", "[explore]") {
    const TemporaryFolder folder;
    write_text(folder / "search.py",
               "import json, sys\n"
               "json.loads(sys.stdin.readline())['space']\n"
               "chances, told = [0.1, 0.35, 0.4], 0\n"
               "for line in sys.stdin:\n"
               "    line = json.loads(line)\n"
               "    if 'tell' in line:\n"
               "        told += line['status'] == 'done' and line['values']['spikes'] > 0\n"
               "        continue\n"
               "    if not chances:\n"
               "        print(json.dumps({'stop' if told == 3 else 'end': True}), flush=True)\n"
               "        continue\n"
               "    print(json.dumps({'id': 1, 'parameters': {'network.chance': chances.pop()}}))\n"
               "    print('{\"end\": true}', flush=True)\n");
    const std::string sweep =
        sweep_beside_network(folder,
                             "network: two_layers.yaml\nset: {run.steps: 20}\n"
                             "parameters: {network.chance: {range: [0.1, 0.5]}}\n"
                             "objectives: {spikes: {maximize: spikes}}\n"
                             "strategy: {name: ask_tell, command: [python3, search.py]}\n");
    const Finished run = explore(folder, {sweep, "--store", "a.sqlite", "--export", "a.csv"});
    INFO(run.err);
    CHECK(run.code == 0);
    CHECK(lines(read_text(folder / "a.csv")) == 4);
    write_text(folder / "search.py", "print('hello', flush=True)\n");
    const Finished bad = explore(folder, {sweep, "--store", "b.sqlite"});
    CHECK(bad.code == 2);
    CHECK_THAT(bad.err, Contains("EXP-ASK-TELL"));
}

TEST_CASE("NSGA-II that was killed asks for the same points again", "[explore]") {
    const TemporaryFolder folder;
    const std::string sweep = sweep_beside_network(
        folder,
        "network: two_layers.yaml\nset: {run.steps: 10}\n"
        "parameters: {network.chance: {range: [0.1, 0.5]}, compile.placer: [row_major, hilbert]}\n"
        "objectives: {spikes: {maximize: spikes}, time: {minimize: modelled_time_s}}\n"
        "strategy: {name: nsga2, population: 4, generations: 3, seed: 2}\n");
    const std::string whole = results(folder, "whole.sqlite", {sweep});
    CHECK(lines(whole) == 13);
    Process process{{"explore", sweep, "--store", folder / "k.sqlite", "--no-cache", "-q"}};
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    process.send(SIGKILL);
    (void)process.wait();
    CHECK(results(folder, "k.sqlite", {sweep}) == whole);
    const Finished shard = explore(folder, {sweep, "--shard", "1/2", "--store", "s.sqlite"});
    CHECK(shard.code == 2);
    CHECK_THAT(shard.err, Contains("EXP-SHARD"));
}

TEST_CASE("stores of different sweeps are not merged", "[explore]") {
    const TemporaryFolder folder;
    const std::string sweep = sweep_beside_network(folder, kSmall);
    REQUIRE(explore(folder, {sweep, "--store", "a.sqlite"}).code == 0);
    (void)sweep_beside_network(folder, std::string{kSmall} + "constraints: [chance < 1]\n");
    REQUIRE(explore(folder, {sweep, "--store", "b.sqlite"}).code == 0);
    const Finished merge = explore(folder, {"merge", "c.sqlite", "a.sqlite", "b.sqlite"});
    CHECK(merge.code == 2);
    CHECK_THAT(merge.err, Contains("EXP-MERGE"));
    CHECK_FALSE(fs::exists(folder / "c.sqlite"));
}

TEST_CASE("under mpirun a build without MPI says so", "[explore]") {
    const TemporaryFolder folder;
    const std::string sweep = sweep_beside_network(folder, kSmall);
    fs::copy_file(SEAMOUNT_BINARY, folder / "seamount");
    const std::string command = "OMPI_COMM_WORLD_SIZE=3 '" + (folder / "seamount") + "' explore '" +
                                sweep + "' 2> '" + (folder / "err") + "'";
    CHECK(WEXITSTATUS(std::system(command.c_str())) == 2);
    CHECK_THAT(read_text(folder / "err"), Contains("EXP-MPI"));
}

TEST_CASE("the sweeps of the library have nothing wrong and their first points run", "[explore]") {
    const TemporaryFolder folder;
    for (const std::string name :
         {"congestion", "core_size", "core_size_conv", "digits_precision", "layer_size"}) {
        const std::string sweep = SEAMOUNT_SOURCE_DIR "/configs/sweeps/" + name + ".yaml";
        const Finished run = explore(folder, {sweep, "--check"});
        INFO(name << run.err);
        CHECK(run.code == 0);
        CHECK_THAT(run.out, Contains("nothing is wrong"));
    }
    CHECK(fs::exists(SEAMOUNT_SOURCE_DIR "/configs/sweeps/congestion/network.yaml"));
}

TEST_CASE("the Slurm script runs the parts of an array and merges them", "[explore]") {
    const TemporaryFolder folder;
    const std::string whole = results(folder, "whole.sqlite", {data("explore.yaml")});
    const auto script = [&folder](const std::string& variables) {
        const std::string command = variables + " SEAMOUNT='" SEAMOUNT_BINARY "' SEAMOUNT_CACHE='" +
                                    folder.path().string() +
                                    "' " SEAMOUNT_SOURCE_DIR "/tools/slurm_sweep.sh '" +
                                    data("explore.yaml") + "' '" + (folder / "r") + "' > /dev/null";
        return std::system(command.c_str());
    };
    for (const char* part : {"1", "2"}) {
        REQUIRE(script(std::string{"SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_ID="} + part) == 0);
    }
    REQUIRE(script("SEAMOUNT_MERGE=1") == 0);
    REQUIRE(explore(folder, {"export", "r/all.sqlite", "all.csv", "--without-times"}).code == 0);
    CHECK(read_text(folder / "all.csv") == whole);
    CHECK(fs::exists(folder / "r/all.html"));
}

TEST_CASE("ranks of mpirun give the same results as one process", "[explore]") {
    const fs::path program = fs::path{SEAMOUNT_BINARY}.parent_path() / "seamount-mpi";
    if (!fs::exists(program) || std::system("command -v mpirun > /dev/null") != 0) {
        SKIP_TEST("built without MPI, or no mpirun");
    }
    const TemporaryFolder folder;
    const std::string whole = results(folder, "whole.sqlite", {data("explore.yaml")});
    const std::string command =
        "cd '" + folder.path().string() +
        "' && mpirun --allow-run-as-root --oversubscribe -n 3 '" SEAMOUNT_BINARY "' explore '" +
        data("explore.yaml") + "' --store m.sqlite --no-cache -q > mpi.log 2>&1";
    const int code = std::system(command.c_str());
    INFO(read_text(folder / "mpi.log"));
    REQUIRE(code == 0);
    REQUIRE(explore(folder, {"export", "m.sqlite", "m.csv", "--without-times"}).code == 0);
    CHECK(read_text(folder / "m.csv") == whole);
}

TEST_CASE("objectives may use derived values and words of the parameters", "[explore]") {
    const TemporaryFolder folder;
    const std::string sweep = sweep_beside_network(
        folder,
        "network: two_layers.yaml\nset: {run.steps: 5}\n"
        "parameters: {network.chance: [0.1, 0.2], compile.placer: [hilbert]}\n"
        "derived: {double: 2 * chance}\n"
        "objectives: {d: {minimize: double}, h: {maximize: \"placer == 'hilbert'\"}}\n");
    REQUIRE(explore(folder, {sweep, "--store", "a.sqlite", "--export", "a.csv"}).code == 0);
    CHECK_THAT(read_text(folder / "a.csv"),
               Contains("hilbert,0.1,5,0.2,1,") && Contains("hilbert,0.2,5,0.4,1,"));
}
