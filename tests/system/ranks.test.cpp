// One network over several ranks of mpirun, against one process.
#include <sys/wait.h>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/skip.hpp"
#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;
namespace fs = std::filesystem;

namespace {

bool has_mpi() {
    return fs::exists(fs::path{SEAMOUNT_BINARY}.parent_path() / "seamount-mpi") &&
           std::system("command -v mpirun > /dev/null") == 0;
}

/// As many ranks as one likes on this machine, each on any core. Threads that wait sleep: they
/// would take the cores from other ranks.
std::string mpirun(int ranks) {
    return "env OMP_WAIT_POLICY=passive mpirun --allow-run-as-root --oversubscribe "
           "--bind-to none -n " +
           std::to_string(ranks) + " ";
}

/// Runs `seamount` with `arguments` on ranks, in `folder`.
Finished on_ranks(const TemporaryFolder& folder, int ranks, const std::string& arguments) {
    const std::string command = "cd '" + folder.path().string() + "' && " + mpirun(ranks) +
                                "'" SEAMOUNT_BINARY "' " + arguments + " > out 2> err";
    Finished finished;
    finished.code = WEXITSTATUS(std::system(command.c_str()));
    finished.out = read_text(folder / "out");
    finished.err = read_text(folder / "err");
    return finished;
}

/// All keys of a summary that are no matter of ranks, threads or the moment.
Json results(const std::string& file) {
    Json json = Json::parse(read_text(file));
    for (const char* const key : {"threads", "ranks", "wall_s", "steps_per_s", "peak_rss_bytes"}) {
        json.erase(key);
    }
    return json;
}

std::string config(const std::string& name) {
    return SEAMOUNT_SOURCE_DIR "/configs/networks/" + name + ".yaml";
}

/// A network with words that make it fill several cores.
struct Case {
    std::string network;
    std::string words;
};

/// Ranks, and threads of each.
struct Division {
    int ranks;
    int threads;
};
using Divisions = std::vector<Division>;

/// Everything in the summary is as of one process.
void same_on_ranks(const Case& run, const Divisions& divisions = {{2, 2}, {4, 1}}) {
    INFO(run.network << ' ' << run.words);
    const TemporaryFolder folder;
    const std::string words = "run '" + run.network + "' " + run.words + " -q ";
    REQUIRE(run_shell("-q " + words + "--json '" + (folder / "one.json") + "'") == 0);
    const Json expected = results(folder / "one.json");
    CHECK(expected["cores"] > 1);
    CHECK(expected["spikes"] > 0);
    for (const auto [ranks, threads] : divisions) {
        const Finished finished =
            on_ranks(folder, ranks, words + "--json r.json --threads " + std::to_string(threads));
        INFO("ranks " << ranks << ", threads " << threads << finished.err);
        REQUIRE(finished.code == 0);
        CHECK(finished.err.empty());
        CHECK(results(folder / "r.json") == expected);
        CHECK(Json::parse(read_text(folder / "r.json"))["ranks"] == ranks);
    }
}

/// How often `text` says `word`.
int count(const std::string& text, const std::string& word) {
    int times = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++times;
    return times;
}

}  // namespace

TEST_CASE("ranks of mpirun give the hash, counts, times and energy of one process",
          "[ranks][study]") {
    if (!has_mpi()) SKIP_TEST("built without MPI, or no mpirun");
    const Divisions all{{1, 1}, {1, 2}, {2, 1}, {2, 2}, {4, 1}, {4, 2}};
    same_on_ranks({config("balanced"), "--steps 40"}, all);
    same_on_ranks({config("balanced"), "--steps 40 --untimed"});
    same_on_ranks({config("balanced"), "--steps 20 --mesh ideal --seed 9"});
}

TEST_CASE("ranks of mpirun classify and learn as one process does", "[ranks]") {
    if (!has_mpi()) SKIP_TEST("built without MPI, or no mpirun");
    same_on_ranks({config("conv_digits"), "--samples 2 --mesh flit --set limits.compartments=64"});
    same_on_ranks({config("digits"), "--samples 6 --set limits.compartments=30"});
    same_on_ranks({config("stdp"), "--steps 150 --set limits.compartments=10"},
                  {{1, 2}, {2, 1}, {2, 2}, {4, 2}});
}

TEST_CASE("an image runs on ranks as its network does, and trains the same weights", "[ranks]") {
    if (!has_mpi()) SKIP_TEST("built without MPI, or no mpirun");
    const TemporaryFolder folder;
    run_or_fail({"compile", config("stdp"), "--set", "limits.compartments=10", "-o",
                 folder / "net.smi", "-q"});
    run_or_fail(
        {"run", folder / "net.smi", "--steps", "150", "--save-weights", folder / "one.smi", "-q"});
    const Finished finished =
        on_ranks(folder, 3, "run net.smi --steps 150 --save-weights ranks.smi -q");
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    CHECK(read_text(folder / "ranks.smi") == read_text(folder / "one.smi"));
}

TEST_CASE("records of a run on ranks are those of one process, probes of states too", "[ranks]") {
    if (!has_mpi()) SKIP_TEST("built without MPI, or no mpirun");
    const TemporaryFolder folder;
    const std::string words = "run '" + config("balanced") +
                              "' --steps 30 -q --packet-trace packets.csv --neurobench nb.json "
                              "--profile profile.csv --out ";
    const std::vector<std::string> files{"potentials.csv", "spikes.csv", "cores.csv", "perf.csv",
                                         "links.csv"};
    REQUIRE(on_ranks(folder, 1, words + "one").code == 0);
    std::vector<std::string> expected;
    for (const char* const file : {"packets.csv", "nb.json", "profile.csv"}) {
        expected.push_back(read_text(folder / file));
    }
    const Finished finished = on_ranks(folder, 3, words + "ranks");
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    CHECK(read_text(folder / "packets.csv") == expected[0]);
    CHECK(read_text(folder / "nb.json") == expected[1]);
    CHECK(read_text(folder / "profile.csv") == expected[2]);
    for (const std::string& file : files) {
        INFO(file);
        CHECK(read_text(folder / ("ranks/" + file)) == read_text(folder / ("one/" + file)));
    }
    CHECK(Json::parse(read_text(folder / "ranks/about.json"))["cores"] ==
          Json::parse(read_text(folder / "one/about.json"))["cores"]);
}

TEST_CASE("what is wrong is said once, by the first rank, with the exit code of one process",
          "[ranks]") {
    if (!has_mpi()) SKIP_TEST("built without MPI, or no mpirun");
    const TemporaryFolder folder;
    write_text(folder / "bad.yaml", "network: bad\npopulations:\n  a: {neuron: nobody, size: 3}\n");
    write_text(
        folder / "tied.yaml",
        "network: tied\npopulations:\n  a: {neuron: loihi1_cuba, size: 4, params: {vth: 9}}\n"
        "  b: {neuron: loihi1_cuba, size: 4, params: {vth: 9}}\nlearning:\n  rules:\n"
        "    stdp: {dw: 2^-3*x1*y0, epoch: 3, x1: {impulse: 40, tau: 12}}\nprojections:\n"
        "  - {from: a, to: b, name: forth, rule: all_to_all, weights: 20, learning: stdp}\n"
        "  - {from: b, to: a, name: back, tied: forth}\n");
    const std::vector<std::pair<std::string, std::string>> cases{
        {"--nonsense", "CLI-USAGE"},
        {"missing.smi --steps 3", "CLI-FILE"},
        {"bad.yaml --steps 3", "nobody"},
        {"'" + config("balanced") + "' --steps 3 --host ./x", "RUN-RANKS"},
        {"'" + config("balanced") + "' --steps 3 --save-state s", "RUN-RANKS"},
        {"'" + config("balanced") + "' --steps 3 --load-state s", "RUN-RANKS"},
        {"'" + config("stdp") + "' --steps 3 --out o", "RUN-RANKS"},
        {"tied.yaml --steps 3", "RUN-RANKS"},
    };
    for (const auto& [words, says] : cases) {
        const Finished finished = on_ranks(folder, 2, "run " + words);
        INFO(words << '\n' << finished.err);
        CHECK(finished.code == 2);
        CHECK(count(finished.err, says) == 1);
    }
    CHECK_FALSE(fs::exists(folder / "s"));
    CHECK_FALSE(fs::exists(folder / "o"));
    const Finished help = on_ranks(folder, 2, "run --help");
    CHECK(help.code == 0);
    CHECK(count(help.out, "Usage: seamount run") == 1);
}

TEST_CASE("a rank that is killed ends the run, and leaves no file under its name", "[ranks]") {
    if (!has_mpi()) SKIP_TEST("built without MPI, or no mpirun");
    const TemporaryFolder folder;
    // Rank 1 is killed two seconds after it has started; rank 0 then still has most of the run
    // before it.
    write_text(folder / "kill.sh",
               "for i in $(seq 600); do\n"
               "  for p in $(pgrep -P \"$(cat pid)\"); do\n"
               "    if tr '\\0' '\\n' < /proc/$p/environ | grep -qx OMPI_COMM_WORLD_RANK=1; then\n"
               "      sleep 2\n      kill -KILL $p\n      exit\n    fi\n  done\n"
               "  sleep 0.1\ndone 2> /dev/null\n");
    const std::string command = "cd '" + folder.path().string() +
                                "' && (sh kill.sh &) ; sh -c 'echo $$ > pid; exec " + mpirun(2) +
                                "\"" SEAMOUNT_BINARY "\" run \"" + config("balanced") +
                                "\" --steps 100000000 --json r.json --out o -q' > out 2> err";
    const int code = WEXITSTATUS(std::system(command.c_str()));
    INFO(read_text(folder / "err"));
    CHECK(code != 0);
    CHECK_THAT(read_text(folder / "err"), Contains("signal 9"));
    CHECK_FALSE(fs::exists(folder / "r.json"));
    CHECK_FALSE(fs::exists(folder / "o/spikes.csv"));
    CHECK_FALSE(fs::exists(folder / "o/summary.json"));
}

TEST_CASE("Ctrl-C ends all ranks with one word of how far the run was", "[ranks]") {
    if (!has_mpi()) SKIP_TEST("built without MPI, or no mpirun");
    const TemporaryFolder folder;
    const std::string command = "cd '" + folder.path().string() +
                                "' && (sleep 2; kill -INT $(cat pid)) & cd '" +
                                folder.path().string() + "' && sh -c 'echo $$ > pid; exec " +
                                mpirun(2) + "\"" SEAMOUNT_BINARY "\" run \"" + config("balanced") +
                                "\" --steps 100000000 --json r.json' > out 2> err";
    const int code = WEXITSTATUS(std::system(command.c_str()));
    const std::string said = read_text(folder / "err");
    INFO(said);
    CHECK(code != 0);
    CHECK(count(said, "interrupted after") <= 1);
    CHECK_FALSE(fs::exists(folder / "r.json"));
}

TEST_CASE("an error in the middle of a run ends all ranks", "[ranks]") {
    if (!has_mpi()) SKIP_TEST("built without MPI, or no mpirun");
    const TemporaryFolder folder;
    // Nothing can be written to /dev/full.
    const Finished finished =
        on_ranks(folder, 2,
                 "run '" + config("balanced") +
                     "' --steps 20 --set limits.compartments=60 --json /dev/full");
    INFO(finished.err);
    CHECK(finished.code == 2);
    CHECK(count(finished.err, "OUT-WRITE") == 1);
}
