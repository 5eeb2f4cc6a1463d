#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "tests/support/skip.hpp"
#include "tests/system/process.hpp"
#include "tests/system/sweep_folder.hpp"

using namespace seamount::test;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

constexpr const char* kSpikes =
    "set: {run.steps: 5}\nparameters: {network.chance: [0.1, 0.2]}\n"
    "objectives: {x: {maximize: spikes}}\n";
constexpr const char* kScript =
    "set: {run.steps: 5}\nparameters: {network.chance: [0.1, 0.2]}\n"
    "objectives: {x: {minimize: {script: score.py}}}\n";

}  // namespace

TEST_CASE("a sweep whose network is edited while it runs stores no point of the edited one",
          "[explore_faults]") {
    const SweepFolder folder{
        "set: {run.steps: 4000}\nparameters: {compile.mapping_seed: [1, 2, 3, 4, 5, 6, 7, 8]}\n"
        "objectives: {x: {minimize: spikes}}\n"};
    const std::string net = folder / "two_layers.yaml";
    const std::string before = read_text(net);
    Process sweep{{"explore", "s.yaml", "--store", "a.sqlite", "--jobs", "1"},
                  folder.path(),
                  folder.environment()};
    for (int i = 0; i < 500 && !fs::exists(folder / "a.sqlite"); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    std::string edited = before;
    edited.replace(edited.find("chance: "), 8, "chance: 0.9 #");
    write_text(net, edited);
    const Finished stopped = sweep.wait();
    CHECK(stopped.code == 2);
    CHECK_THAT(stopped.err, Contains("EXP-CHANGED") && Contains("two_layers.yaml") &&
                                Contains("of 8 done; start again to go on"));
    const Finished refused = folder.explore({"s.yaml", "--store", "a.sqlite"});
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains("EXP-CHANGED") && Contains("two_layers.yaml has changed"));
    write_text(net, before);
    REQUIRE(folder.explore({"s.yaml", "--store", "a.sqlite"}).code == 0);
    REQUIRE(folder.explore({"s.yaml", "--store", "b.sqlite", "--no-cache"}).code == 0);
    CHECK(folder.column("a.sqlite", "objective.x") == folder.column("b.sqlite", "objective.x"));
}

TEST_CASE("a module that an objective's script imports decides its value", "[explore_faults]") {
    const SweepFolder folder{kScript};
    folder.script("score.py", "#!/usr/bin/python3\nimport helper; print(helper.score())\n");
    write_text(folder / "helper.py", "def score(): return 2\n");
    REQUIRE(folder.explore({"s.yaml", "--store", "a.sqlite"}).code == 0);
    write_text(folder / "helper.py", "def score(): return 7\n");
    fs::remove_all(folder / "__pycache__");
    const Finished again = folder.explore({"s.yaml", "--store", "b.sqlite"});
    CHECK(again.code == 0);
    CHECK_THAT(again.out, Contains("2 from the cache"));  // the runs; the script has run anew
    CHECK(folder.column("b.sqlite", "objective.x") == std::vector<std::string>{"7", "7"});
    const Finished mixed = folder.explore({"s.yaml", "--store", "a.sqlite"});
    CHECK(mixed.code == 2);
    CHECK_THAT(mixed.err, Contains("EXP-CHANGED") && Contains("helper.py"));
}

TEST_CASE("a cache that is damaged, or in no place to write, changes nothing", "[explore_faults]") {
    const SweepFolder folder{kSpikes};
    REQUIRE(folder.explore({"s.yaml", "--store", "a.sqlite", "--no-cache"}).code == 0);
    fs::create_directories(folder / "cache");
    const bool damaged = GENERATE(true, false);
    if (damaged) {
        write_text(folder / "cache/points.sqlite", std::string(20'000, 'x'));
    } else {
        fs::remove_all(folder / "cache");
        write_text(folder / "cache", "no folder");
    }
    const Finished run = folder.explore({"s.yaml", "--store", "b.sqlite"});
    CHECK(run.code == 0);
    CHECK_THAT(run.out, Contains("2 done"));
    CHECK_THAT(run.err, Contains("EXP-CACHE") && Contains("warning:"));
    CHECK(folder.column("a.sqlite", "objective.x") == folder.column("b.sqlite", "objective.x"));
}

TEST_CASE("looking for mistakes runs no script and no optimiser and writes nothing",
          "[explore_faults]") {
    const SweepFolder folder{kScript};
    folder.script("score.py", "#!/bin/sh\ntouch it_ran\necho 1\n");
    const Finished checked = folder.explore({"s.yaml", "--check"});
    CHECK(checked.code == 0);
    CHECK_THAT(checked.out, Contains("nothing is wrong"));
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator{folder.path()}) {
        names.insert(entry.path().filename().string());
    }
    CHECK(names == std::set<std::string>{"relay.asm", "s.yaml", "score.py", "two_layers.yaml"});
}

TEST_CASE("a sweep cannot say where its runs write", "[explore_faults]") {
    for (const char* option : {"profile", "packet_trace", "save_weights", "json", "out"}) {
        const SweepFolder folder{std::string{"set: {run.steps: 5, run."} + option +
                                 ": victim}\nparameters: {network.chance: [0.1]}\n"
                                 "objectives: {x: {minimize: spikes}}\n"};
        write_text(folder / "victim", "mine");
        const Finished run = folder.explore({"s.yaml"});
        CHECK(run.code == 2);
        CHECK_THAT(run.err, Contains("EXP-PATH") && Contains("where a run writes"));
        CHECK(read_text(folder / "victim") == "mine");
    }
}

TEST_CASE("problems of a sweep's file, paths, values and objectives are told together",
          "[explore_faults]") {
    const SweepFolder folder{
        "set: {run.steps: 5}\nparameters:\n  network.chanse: [0.1]\n  chip.topology.width: [0]\n"
        "objectives: {x: {minimize: spikez}}\nbudget: {pionts: 3}\n"};
    const Finished run = folder.explore({"s.yaml", "--check"});
    CHECK(run.code == 2);
    CHECK_THAT(run.err, Contains("'network.chance'") && Contains("chip.topology.width = 0") &&
                            Contains("did you mean 'spikes'?") && Contains("pionts"));
}

TEST_CASE("a value that the network does not take is found before anything runs",
          "[explore_faults]") {
    const SweepFolder folder{
        "set: {run.steps: 5}\nparameters:\n  network.populations.hidden.params.vth: [100, "
        "1000000000]\n"
        "objectives: {x: {minimize: spikes}}\n"};
    const Finished run = folder.explore({"s.yaml", "--check"});
    CHECK(run.code == 2);
    CHECK_THAT(run.err, Contains("s.yaml:4:") && Contains("EXP-VALUE") && Contains("1000000000"));
}

TEST_CASE("a sweep whose points cannot run says so with the reason", "[explore_faults]") {
    const SweepFolder folder{
        "set: {run.steps: 5, run.input: nobody=x.csv}\nparameters: {network.chance: [0.1]}\n"
        "objectives: {x: {minimize: spikes}}\n"};
    const Finished run = folder.explore({"s.yaml"});
    CHECK(run.code == 2);
    CHECK_THAT(run.err, Contains("EXP-RUN") && Contains("no input 'nobody'"));
}

TEST_CASE("a store in a folder that cannot be written is read all the same", "[explore_faults]") {
    if (geteuid() != 0 ||
        std::system("setpriv --reuid=65534 --regid=65534 --clear-groups true 2> /dev/null") != 0) {
        SKIP_TEST("needs root, to become somebody without rights");
    }
    const SweepFolder folder{kSpikes};
    REQUIRE(folder.explore({"s.yaml", "--store", "a.sqlite"}).code == 0);
    fs::permissions(folder.path(),
                    fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
    fs::permissions(folder / "a.sqlite", fs::perms::others_read, fs::perm_options::add);
    const std::string command =
        "cd / && setpriv --reuid=65534 --regid=65534 --clear-groups '" SEAMOUNT_BINARY
        "' explore report '" +
        (folder / "a.sqlite") + "' --print > /dev/null";
    CHECK(std::system(command.c_str()) == 0);
    CHECK_FALSE(fs::exists(folder / "a.sqlite-wal"));
}

TEST_CASE("a cache on a full disk loses no point", "[explore_faults]") {
    const SweepFolder folder{
        "set: {run.steps: 5}\nparameters: {compile.mapping_seed: {range: [1, 40], step: 1}}\n"
        "objectives: {x: {minimize: spikes}}\n"};
    fs::create_directories(folder / "cache");
    const std::string disk = folder / "cache";
    const std::string mount = "mount -t tmpfs -o size=48k tmpfs '" + disk + "' 2> /dev/null";
    if (geteuid() != 0 || std::system(mount.c_str()) != 0) SKIP_TEST("needs root, to mount a disk");
    const Finished run = folder.explore({"s.yaml", "--store", "a.sqlite"});
    CHECK(std::system(("umount '" + disk + "'").c_str()) == 0);
    CHECK(run.code == 0);
    CHECK_THAT(run.out, Contains("40 done"));
    CHECK_THAT(run.err, Contains("EXP-CACHE"));
    CHECK(folder.column("a.sqlite", "status") == std::vector<std::string>(40, "done"));
}

TEST_CASE("a sweep that is interrupted says how far it came and goes on", "[explore_faults]") {
    const SweepFolder folder{
        "parameters: {run.steps: [5, 1000000000]}\nobjectives: {x: {minimize: spikes}}\n"};
    Process sweep{{"explore", "s.yaml", "--store", "a.sqlite", "--jobs", "2"},
                  folder.path(),
                  folder.environment()};
    for (int i = 0; i < 500; ++i) {
        if (folder.explore({"show", "a.sqlite", "1"}).out.find("done") != std::string::npos) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    sweep.send(SIGINT);
    const Finished ended = sweep.wait();
    CHECK(ended.signal == SIGINT);
    CHECK_THAT(ended.err, Contains("1 of 2 done; start again to go on"));
    CHECK_THAT(folder.explore({"show", "a.sqlite", "2"}).out, Contains("waiting"));
}

TEST_CASE("a sweep whose store is deleted does not end as if all were well", "[explore_faults]") {
    const SweepFolder folder{
        "set: {run.steps: 2000}\nparameters: {compile.mapping_seed: [1, 2, 3, 4, 5, 6]}\n"
        "objectives: {x: {minimize: spikes}}\n"};
    Process sweep{{"explore", "s.yaml", "--store", "a.sqlite", "--jobs", "1"},
                  folder.path(),
                  folder.environment()};
    for (int i = 0; i < 500; ++i) {
        if (folder.explore({"show", "a.sqlite", "1"}).code == 0) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    fs::remove(folder / "a.sqlite");
    const Finished ended = sweep.wait();
    CHECK(ended.code == 2);
    CHECK_THAT(ended.err, Contains("deleted or replaced"));
}

TEST_CASE("a report replaces an earlier page and nothing else", "[explore_faults]") {
    const SweepFolder folder{kSpikes};
    REQUIRE(folder.explore({"s.yaml", "--store", "a.sqlite"}).code == 0);
    write_text(folder / "a.html", "notes");
    const Finished foreign = folder.explore({"report", "a.sqlite"});
    CHECK(foreign.code == 2);
    CHECK_THAT(foreign.err, Contains("OUT-FOREIGN"));
    CHECK(read_text(folder / "a.html") == "notes");
    REQUIRE(folder.explore({"report", "a.sqlite", "--force"}).code == 0);
    REQUIRE(folder.explore({"report", "a.sqlite"}).code == 0);
    write_text(folder / "a.html", read_text(folder / "a.html") + "<!-- my own words -->");
    CHECK(folder.explore({"report", "a.sqlite"}).code == 2);
    CHECK_THAT(read_text(folder / "a.html"), Contains("my own words"));
}

TEST_CASE("a damaged store is refused with the place, whatever is asked of it",
          "[explore_faults]") {
    const SweepFolder folder{kSpikes};
    REQUIRE(folder.explore({"s.yaml", "--store", "a.sqlite"}).code == 0);
    const std::string whole = read_text(folder / "a.sqlite");
    const std::string word =
        GENERATE(std::string{"\"objectives\":["}, std::string{"\"maximize\":true"},
                 std::string{"\"spike_hash\""}, std::string{"\"strategy\""});
    std::string damaged = whole;
    std::size_t at = 0;
    while ((at = damaged.find(word, at)) != std::string::npos) {
        damaged.replace(at, word.size(), word.size(), '#');
    }
    write_text(folder / "d.sqlite", damaged);
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"report", "d.sqlite", "-o", "d.html"},
          {"report", "d.sqlite", "--print"},
          {"export", "d.sqlite", "d.csv"}}) {
        const Finished run = folder.explore(words);
        CHECK(run.code == 2);
        CHECK_THAT(run.err, Contains("EXP-STORE") && Contains("damaged"));
    }
    write_text(folder / "t.sqlite", whole.substr(0, whole.size() * 2 / 3));
    CHECK(folder.explore({"report", "t.sqlite", "--print"}).code == 2);
}

TEST_CASE("objectives near the smallest number have a report", "[explore_faults]") {
    const SweepFolder folder{kScript};
    folder.script("score.py", "#!/bin/sh\necho 1e-310\n");
    REQUIRE(folder.explore({"s.yaml", "--store", "a.sqlite"}).code == 0);
    CHECK(folder.explore({"report", "a.sqlite"}).code == 0);
    CHECK(folder.explore({"report", "a.sqlite", "--print"}).code == 0);
}

TEST_CASE("the seed of a network can be set and swept", "[explore_faults]") {
    const SweepFolder folder{
        "set: {run.steps: 30}\nparameters: {network.seed: [3, 5]}\n"
        "objectives: {x: {minimize: spikes}}\n"};
    const Finished run = folder.explore({"s.yaml", "--store", "a.sqlite"});
    INFO(run.err);
    REQUIRE(run.code == 0);
    const auto hashes = folder.column("a.sqlite", "summary.spike_hash");
    CHECK(hashes.at(0) != hashes.at(1));
    REQUIRE(run_seamount({"run", "two_layers.yaml", "--set", "seed=5", "--steps", "30", "--json",
                          "r.json", "-q"},
                         folder.path())
                .code == 0);
    const auto summary = nlohmann::json::parse(read_text(folder / "r.json"));
    CHECK(summary["spike_hash"] == hashes.at(1));
    CHECK(summary["seed"] == 5);
}

TEST_CASE("a run names the hashes of all that it was made of", "[explore_faults]") {
    const SweepFolder folder{kSpikes};
    const auto hashes = [&folder] {
        REQUIRE(run_seamount({"run", "two_layers.yaml", "--steps", "5", "--json", "r.json", "-q"},
                             folder.path())
                    .code == 0);
        return nlohmann::json::parse(read_text(folder / "r.json"))["hashes"];
    };
    const nlohmann::json first = hashes();
    for (const char* key : {"build", "image", "chip"}) {
        CHECK(first[key].get<std::string>().size() == 32);
    }
    CHECK(first["inputs"].contains("two_layers.yaml"));
    CHECK(first["inputs"].size() >= 3);  // with the program and the chip
    CHECK(hashes() == first);
    REQUIRE(run_seamount({"compile", "two_layers.yaml", "-o", "x.smi", "-q"}, folder.path()).code ==
            0);
    REQUIRE(run_seamount({"run", "x.smi", "--steps", "5", "--json", "x.json", "-q"}, folder.path())
                .code == 0);
    const auto image = nlohmann::json::parse(read_text(folder / "x.json"))["hashes"];
    CHECK(image["image"] == first["image"]);
    CHECK(image["inputs"]["x.smi"] == first["image"]);  // the hash of the file itself
    write_text(folder / "relay.asm", read_text(folder / "relay.asm") + "\n; a comment\n");
    const nlohmann::json second = hashes();
    CHECK(second["inputs"] != first["inputs"]);
    CHECK(second["image"] == first["image"]);
}
