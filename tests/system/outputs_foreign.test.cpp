#include <catch2/catch.hpp>
#include <csignal>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "tests/system/open_files.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

namespace fs = std::filesystem;

const std::string kNetwork = data("two_layers.yaml");
/// All that `run --out` may write.
const std::vector<std::string> kNames{
    "spikes.csv",       "spikes.h5",          "core_windows.csv",
    "about.json",       "partial/spikes.csv", "partial/progress.json",
    "input_spikes.csv", "potentials.csv",     "perf.csv",
    "cores.csv",        "stages.csv",         "links.csv",
    "samples.csv",      "weights.csv",        "histograms.csv",
    "confusion.csv",    "summary.json",       "manifest.json"};

/// The files of a folder, by their paths in it.
std::map<std::string, std::string> files_in(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator{folder}) {
        if (!entry.is_regular_file()) continue;
        files[fs::relative(entry.path(), folder).string()] = read_text(entry.path());
    }
    return files;
}

Finished run_into(const std::string& out, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"run", kNetwork, "--steps", "5", "-q", "--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_seamount(arguments);
}

/// A network of files: weights, edges, ids, spikes, a program, and a chip that extends another.
class FileNetwork {
public:
    FileNetwork() {
        write("net.yaml", R"(populations:
  a: {neuron: my.asm, size: 2}
  b: {neuron: my.asm, size: {ids: {file: nodes.csv, column: id}}}
inputs:
  i: {size: 2, spikes: {file: spikes.csv}}
projections:
  - {from: i, to: a, rule: all_to_all, weights: {file: w.csv}}
  - {from: a, to: a, rule: list, edges: {file: edges.csv}}
  - {from: b, to: b, edges: {file: named.csv, by: id, columns: {source: 0, target: 1}}, rule: list,
     weights: 5}
)");
        write("my.asm", read_text(data("relay.asm")));
        write("nodes.csv", "id\nx\ny\n");
        write("named.csv", "pre,post\nx,y\n");
        write("spikes.csv", "1,0\n2,1\n");
        write("w.csv", "3,4\n5,6\n");
        write("edges.csv", "0,1,7\n1,0,9\n");
        write("chip.yaml", "chip: c\nextends: base.yaml\n");
        write("base.yaml", "chip: base\nextends: loihi1\n");
        write("given.csv", "3,1\n");
    }

    void write(const std::string& name, const std::string& text) const {
        write_text(folder / name, text);
    }
    [[nodiscard]] Finished run(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin() + 1, {"net.yaml", "--chip", "chip.yaml", "-q"});
        return run_seamount(arguments, folder.path());
    }
    /// Every file that a run of it reads.
    [[nodiscard]] static std::vector<std::string> inputs() {
        return {"net.yaml", "my.asm",    "nodes.csv", "named.csv", "spikes.csv",
                "w.csv",    "edges.csv", "chip.yaml", "base.yaml", "given.csv"};
    }

    TemporaryFolder folder;
};

const std::vector<std::string> kRun{"run", "--steps", "5", "--input", "i=given.csv"};

std::vector<std::string> with(std::vector<std::string> words,
                              const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

}  // namespace

TEST_CASE("a folder with files that no run wrote is refused", "[outputs_foreign]") {
    const TemporaryFolder folder;
    const std::string out = folder / "o";
    fs::create_directory(out);
    write_text(out + "/weights.csv", "mine\n");
    write_text(out + "/perf.csv", "");
    write_text(out + "/other.csv", "no record\n");
    const auto before = files_in(out);
    const Finished refused = run_into(out);
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains("[OUT-FOREIGN]") && Contains(": perf.csv, weights.csv") &&
                                Contains("--force"));
    CHECK_THAT(refused.err, !Contains("other.csv"));
    CHECK(files_in(out) == before);

    CHECK(run_into(out, {"--force"}).code == 0);
    CHECK_FALSE(fs::exists(out + "/weights.csv"));
    CHECK(read_text(out + "/perf.csv") != "");
    CHECK(read_text(out + "/other.csv") == "no record\n");
    CHECK(run_into(out).code == 0);
}

TEST_CASE("what a run wrote is known by its content", "[outputs_foreign]") {
    const TemporaryFolder folder;
    const std::string out = folder / "o";
    REQUIRE(run_into(out).code == 0);
    const Json manifest = Json::parse(read_text(out + "/manifest.json"));
    for (const auto& [name, content] : files_in(out)) CHECK(manifest["files"].contains(name));
    CHECK(manifest["files"].size() == files_in(out).size());
    REQUIRE(run_into(out).code == 0);  // nothing was changed

    for (const std::string name : {"spikes.csv", "summary.json", "manifest.json"}) {
        INFO(name);
        write_text(out + "/" + name, read_text(out + "/" + name) + "\n");
        const auto before = files_in(out);
        const Finished refused = run_into(out);
        CHECK(refused.code == 2);
        CHECK_THAT(refused.err, Contains("[OUT-FOREIGN]") && Contains(name));
        CHECK(files_in(out) == before);
        REQUIRE(run_into(out, {"--force"}).code == 0);
    }
    fs::remove(out + "/spikes.csv");  // what is gone cannot be lost
    REQUIRE(run_into(out).code == 0);
}

TEST_CASE("a manifest that is not as a run writes it vouches for nothing", "[outputs_foreign]") {
    const TemporaryFolder folder;
    REQUIRE(run_into(folder / "o").code == 0);
    const std::string whole = read_text(folder / "o/manifest.json");
    for (const std::string& text :
         {std::string{}, std::string{"{}"}, std::string{"[[[["}, std::string{"\xff\xfe"},
          std::string{R"({"files": {"perf.csv": 3, "../x": "0"}})"}, whole.substr(0, 40)}) {
        INFO(text);
        write_text(folder / "o/manifest.json", text);
        const Finished refused = run_into(folder / "o");
        CHECK(refused.code == 2);
        CHECK_THAT(refused.err, Contains("manifest.json") && Contains("perf.csv"));
    }
    write_text(folder / "o/manifest.json", whole);
    CHECK(run_into(folder / "o").code == 0);
}

TEST_CASE("a file that comes to the folder during the run stays", "[outputs_foreign]") {
    const TemporaryFolder folder;
    Process process{{"run", kNetwork, "--steps", "20000", "-q", "--out", folder / "o"}};
    REQUIRE(writes_into(process, folder / "o/partial", 0));
    process.send(SIGSTOP);
    write_text(folder / "o/spikes.csv", "mine\n");
    process.send(SIGCONT);
    const Finished finished = process.wait();
    CHECK(finished.code == 2);
    CHECK_THAT(finished.err, Contains("[OUT-FOREIGN]"));
    auto left = files_in(folder / "o");
    CHECK(left.at("spikes.csv") == "mine\n");
    // what was recorded is not lost
    CHECK(Json::parse(left.at("partial/progress.json"))["complete_steps"] == 20000);
    CHECK(left.contains("partial/spikes.csv"));
    std::erase_if(left, [](const auto& file) { return file.first.starts_with("partial/"); });
    CHECK(left.size() == 1);
}

TEST_CASE("no output replaces a file that a network or a chip names", "[outputs_foreign]") {
    const FileNetwork network;
    const auto before = files_in(network.folder.path());
    REQUIRE(network.run(kRun).code == 0);
    REQUIRE(network.run({"compile"}).code == 0);
    for (const std::string& input : FileNetwork::inputs()) {
        std::vector<std::vector<std::string>> commands;
        for (const std::string option : {"--json", "--packet-trace", "--profile"}) {
            commands.push_back(with(kRun, {option, input}));
        }
        if (input != "given.csv") {
            commands.push_back({"compile", "-o", input});
            commands.push_back({"compile", "--report", "./" + input});
        }
        for (const auto& command : commands) {
            INFO(input << ": " << command[0] << ' ' << command[command.size() - 2]);
            const Finished refused = network.run(command);
            CHECK(refused.code == 2);
            CHECK_THAT(refused.err, Contains("the file that it is to write [OUT-WRITE]"));
        }
    }
    CHECK_THAT(network.run(with(kRun, {"--out", "."})).err, Contains("[OUT-FOREIGN]"));
    CHECK_THAT(network.run(with(kRun, {"--out", ".", "--force"})).err, Contains("[OUT-WRITE]"));
    CHECK(files_in(network.folder.path()) == before);
}

TEST_CASE("an input is known by its links too", "[outputs_foreign]") {
    const FileNetwork network;
    fs::create_symlink("w.csv", network.folder / "soft.json");
    fs::create_hard_link(network.folder / "w.csv", network.folder / "hard.json");
    fs::create_directory(network.folder / "o");
    fs::create_symlink("../edges.csv", network.folder / "o/cores.csv");
    const auto before = files_in(network.folder.path());
    for (const std::string name : {"soft.json", "hard.json"}) {
        INFO(name);
        CHECK_THAT(network.run(with(kRun, {"--json", name})).err, Contains("[OUT-WRITE]"));
        CHECK_THAT(network.run({"compile", "-o", name}).err, Contains("[OUT-WRITE]"));
    }
    CHECK_THAT(network.run(with(kRun, {"--out", "o"})).err, Contains("[OUT-FOREIGN]"));
    CHECK_THAT(network.run(with(kRun, {"--out", "o", "--force"})).err, Contains("[OUT-WRITE]"));
    CHECK(files_in(network.folder.path()) == before);
}

TEST_CASE("the records of one run may be the inputs of the next, elsewhere", "[outputs_foreign]") {
    const FileNetwork network;
    REQUIRE(network.run(with(kRun, {"--out", "o"})).code == 0);
    network.write("o/mine.csv", "0,0\n");
    const std::vector<std::string> again{"run", "--steps", "5", "--input", "i=o/mine.csv"};
    CHECK(network.run(with(again, {"--out", "o"})).code == 0);
    fs::rename(network.folder / "o/mine.csv", network.folder / "o/samples.csv");
    const std::vector<std::string> taken{"run", "--steps", "5", "--input", "i=o/samples.csv"};
    CHECK(network.run(with(taken, {"--out", "o"})).code == 2);
    CHECK(network.run(with(taken, {"--out", "p"})).code == 0);
    CHECK(read_text(network.folder / "o/samples.csv") == "0,0\n");
}

TEST_CASE("a sweep's table replaces no file of the sweep", "[outputs_foreign]") {
    const FileNetwork network;
    network.write("sweep.yaml", R"(network: net.yaml
chip: chip.yaml
set: {run.steps: 5}
parameters: {chip.prices: [davies2018]}
objectives: {time: {minimize: modelled_time_s}}
)");
    const auto before = files_in(network.folder.path());
    for (const std::string& input : with(FileNetwork::inputs(), {"sweep.yaml"})) {
        if (input == "given.csv") continue;
        INFO(input);
        const Finished refused =
            run_seamount({"explore", "sweep.yaml", "--no-cache", "-q", "--export", input},
                         network.folder.path());
        CHECK(refused.code == 2);
        CHECK_THAT(refused.err, Contains("[OUT-WRITE]"));
        CHECK(files_in(network.folder.path()) == before);
    }
}

TEST_CASE("temporary files follow no link that was put in their place", "[outputs_foreign]") {
    const TemporaryFolder folder;
    write_text(folder / "victim", "mine\n");
    fs::create_directory(folder / "shared");
    const std::string json = folder / "shared/j.json";
    for (int pid = getpid(); pid < getpid() + 3000; ++pid) {
        fs::create_symlink("../victim", json + "." + std::to_string(pid) + ".tmp");
    }
    CHECK(run_seamount({"run", kNetwork, "--steps", "5", "-q", "--json", json}).code == 0);
    CHECK(read_text(folder / "victim") == "mine\n");
    CHECK(fs::is_regular_file(fs::symlink_status(json)));
    CHECK(Json::parse(read_text(json))["steps"] == 5);
}

TEST_CASE("no answer about a network or a run replaces what it was read from",
          "[outputs_foreign]") {
    const FileNetwork network;
    REQUIRE(network.run(with(kRun, {"--out", "r"})).code == 0);
    const auto before = files_in(network.folder.path());
    const auto refused = [&](const std::vector<std::string>& command) {
        INFO(command[0] << " ... " << command.back());
        const Finished result = run_seamount(command, network.folder.path());
        CHECK(result.code == 2);
        CHECK_THAT(result.err, Contains("OUT-WRITE"));
        REQUIRE(files_in(network.folder.path()) == before);
    };
    for (const std::string& input : FileNetwork::inputs()) {
        refused({"fit", "net.yaml", "--chip", "chip.yaml", "--steps", "5", "--input", "i=given.csv",
                 "-q", "--json", input});
        for (const std::string option : {"--json", "--page"}) {
            refused({"explain", "net.yaml", "--chip", "chip.yaml", "--spike", "a[0]@4", "--input",
                     "i=given.csv", "-q", option, input});
        }
    }
    for (const std::string record : {"r/spikes.csv", "r/about.json", "r/manifest.json"}) {
        refused({"report", "r", "-o", record});
        refused({"diff", "r", "r", "--json", record});
        refused({"explain", "r", "--spike", "a[0]@4", "--json", record});
        refused({"explain", "r", "--spike", "a[0]@4", "--page", record});
    }
}

TEST_CASE("whatever is run, files that are not ours stay as they are", "[outputs_foreign]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random{seed};
    const auto below = [&](std::size_t n) { return random() % n; };
    for (int round = 0; round < 12; ++round) {
        const FileNetwork network;
        const std::string out = round % 3 == 0 ? "." : "o";
        fs::create_directories(network.folder / "o/partial");
        fs::create_directory(network.folder / "partial");
        for (const std::string& name : kNames) {
            if (below(3) != 0) continue;
            network.write(below(2) == 0 ? "o/" + name : name,
                          name == "spikes.csv" ? "1,1\n" : std::string(below(50), 'x'));
        }
        if (below(3) == 0) network.write("o/spikes.csv.0.tmp", "x");
        // A cache with names of its own files, which somebody else has taken.
        (void)network.run({"compile", "--cache", "cache"});
        for (const auto& entry : fs::directory_iterator{network.folder / "cache"}) {
            if (below(2) == 0) write_text(entry.path(), std::string(1 + below(50), 'x'));
        }
        network.write("cache/spikes.csv", "mine\n");
        network.write("cache/mine.tmp", "mine\n");
        const auto before = files_in(network.folder.path());
        const std::string input = FileNetwork::inputs()[below(FileNetwork::inputs().size())];
        const std::vector<std::vector<std::string>> commands{
            with(kRun, {"--out", out}),
            with(kRun, {"--out", out, "--json", "fresh/" + input}),
            with(kRun, {"--out", out, "--profile", input}),
            with(kRun, {"--packet-trace", input}),
            with(kRun, {"--cache", "cache", "--out", out}),
            {"compile", "--cache", "cache"},
            {"compile", "--cache", "o"},
            {"compile", "-o", input == "given.csv" ? "w.csv" : input},
            with(kRun, {"--timeline", input}),
            with(kRun, {"--save-state", input}),
            with(kRun, {"--save-weights", input}),
            with(kRun, {"--neurobench", input}),
            {"fit", "--json", input == "given.csv" ? "w.csv" : input},
            {"export", "--format", "edges", "--force", "-o",
             input == "given.csv" ? "w.csv" : input},
        };
        for (int i = 0; i < 4; ++i) {
            const std::vector<std::string> command = commands[below(commands.size())];
            (void)network.run(command);
            Process killed{with({command[0], "net.yaml", "--chip", "chip.yaml", "-q"},
                                {command.begin() + 1, command.end()}),
                           network.folder.path()};
            std::this_thread::sleep_for(std::chrono::milliseconds(below(40)));
            killed.send(below(2) == 0 ? SIGKILL : SIGINT);
            (void)killed.wait();
            const auto after = files_in(network.folder.path());
            for (const auto& [name, content] : before) {
                if (name.starts_with("cache/") && !content.starts_with('x') &&
                    content != "mine\n") {
                    continue;  // a file of the cache
                }
                INFO(name << " after " << command[0] << " --out " << out);
                REQUIRE(after.contains(name));
                REQUIRE(after.at(name) == content);
            }
        }
    }
}
