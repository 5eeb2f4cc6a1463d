#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Catch::StartsWith;
using Json = nlohmann::json;

namespace {

namespace fs = std::filesystem;

const std::string kNetwork = data("two_layers.yaml");
const std::string kRun = "run '" + kNetwork + "' --steps 5 ";

/// What comes out of a pipe while `arguments` write into it.
std::string through_pipe(const std::string& pipe, const std::vector<std::string>& arguments) {
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    std::string text;
    std::thread reader{[&] { text = read_text(pipe); }};
    const Finished finished = run_seamount(arguments);
    INFO(finished.err);
    const bool replaced = !fs::is_fifo(pipe);
    if (replaced) write_text(pipe, "");
    reader.join();
    CHECK(finished.code == 0);
    CHECK_FALSE(replaced);
    return text;
}

}  // namespace

TEST_CASE("a pipe is written, not replaced", "[output]") {
    TemporaryFolder folder;
    const std::string json =
        through_pipe(folder / "json", {"run", kNetwork, "--steps", "5", "--json", folder / "json"});
    CHECK(Json::parse(json)["steps"] == 5);
    CHECK_THAT(through_pipe(folder / "image", {"compile", kNetwork, "-o", folder / "image"}),
               StartsWith("SEAMOUNT"));
}

TEST_CASE("a symbolic link stays and its target is replaced", "[output]") {
    TemporaryFolder folder;
    fs::create_directory(folder / "real");
    for (const bool exists : {false, true}) {
        INFO(exists);
        fs::remove(folder / "net.smi");
        fs::create_symlink("real/net.smi", folder / "net.smi");
        CHECK(fs::exists(folder / "net.smi") == exists);
        CHECK(run_seamount({"compile", kNetwork, "-o", folder / "net.smi"}).code == 0);
        CHECK(fs::is_symlink(folder / "net.smi"));
        CHECK_THAT(read_text(folder / "real/net.smi"), StartsWith("SEAMOUNT"));
        const fs::directory_iterator first{folder / "real"};
        CHECK(std::distance(first, fs::directory_iterator{}) == 1);
    }
}

TEST_CASE("the JSON summary can go to stdout, also where that is a file", "[output]") {
    TemporaryFolder folder;
    const std::string to = " > '" + folder / "out" + "'";
    REQUIRE(run_shell(kRun + "-q --json /dev/stdout" + to) == 0);
    CHECK(Json::parse(read_text(folder / "out"))["steps"] == 5);
    REQUIRE(run_shell(kRun + "--json /dev/stdout 2> /dev/null" + to) == 0);
    CHECK_THAT(read_text(folder / "out"), StartsWith("{") && Contains("modelled time"));
}

TEST_CASE("output that is lost on a full device is an error", "[output]") {
    CHECK(run_shell(kRun + "> /dev/full 2> /dev/null") == 2);
    CHECK(run_shell("--help > /dev/full 2> /dev/null") == 2);
    CHECK(run_shell(kRun + "-q --json /dev/full 2> /dev/null") == 2);
    TemporaryFolder folder;
    CHECK(run_shell(kRun + "> /dev/full 2> '" + folder / "err" + "'") == 2);
    CHECK_THAT(read_text(folder / "err"),
               Contains("stdout: error: cannot write: No space left") && Contains("[OUT-WRITE]"));
}

TEST_CASE("messages that cannot be written change no exit code", "[output]") {
    CHECK(run_shell("run nowhere.yaml 2> /dev/full") == 2);
    CHECK(run_shell("fly 2> /dev/full") == 2);
    CHECK(run_shell("run nowhere.yaml 2>&-") == 2);
    CHECK(run_shell(kRun + "2> /dev/full > /dev/null") == 0);
}

TEST_CASE("no output file takes the place of a closed stream", "[output]") {
    TemporaryFolder folder;
    REQUIRE(run_shell(kRun + "--json '" + folder / "r.json" + "' <&- >&- 2>&-") == 0);
    CHECK(Json::parse(read_text(folder / "r.json"))["steps"] == 5);
}

TEST_CASE("a folder holds the records of one run only", "[output]") {
    TemporaryFolder folder;
    const std::string out = folder / "o";
    fs::create_directory(out);
    write_text(out + "/mine.csv", "no record\n");
    for (const bool digits : {false, true, false}) {
        std::vector<std::string> arguments{"run", kNetwork, "--steps", "5", "--out", out};
        if (digits) {
            arguments[1] = SEAMOUNT_SOURCE_DIR "/configs/networks/digits.yaml";
            arguments[2] = "--samples";
        }
        REQUIRE(run_seamount(arguments).code == 0);
        CHECK(fs::exists(out + "/samples.csv") == digits);
        CHECK(fs::exists(out + "/potentials.csv") != digits);
        CHECK(fs::exists(out + "/mine.csv"));
    }
}

TEST_CASE("no output replaces a file that the same command reads", "[output]") {
    TemporaryFolder folder;
    const auto refuses = [&](const std::string& input, std::vector<std::string> arguments) {
        INFO(arguments[0] << ' ' << input);
        const std::string before = read_text(folder / input);
        REQUIRE_FALSE(before.empty());
        const Finished finished = run_seamount(arguments, folder.path());
        CHECK(finished.code == 2);
        CHECK_THAT(finished.err, Contains("the file that it is to write [OUT-WRITE]"));
        CHECK(read_text(folder / input) == before);
    };
    write_text(folder / "x.asm", read_text(data("relay.asm")));
    write_text(folder / "relay.asm", read_text(data("relay.asm")));
    write_text(folder / "n.yaml", read_text(kNetwork));
    write_text(folder / "c.yaml", "chip: c\nextends: loihi1\n");
    REQUIRE(run_seamount({"compile", "n.yaml", "-o", "perf.csv"}, folder.path()).code == 0);
    refuses("n.yaml", {"compile", "n.yaml", "-o", "n.yaml"});
    refuses("n.yaml", {"compile", "n.yaml", "--report", "./n.yaml"});
    refuses("c.yaml", {"compile", "n.yaml", "--chip", "c.yaml", "-o", "c.yaml"});
    refuses("x.asm", {"asm", "x.asm", "-o", "x.asm"});
    refuses("perf.csv", {"disasm", "perf.csv", "-o", "perf.csv"});
    refuses("n.yaml", {"run", "n.yaml", "--steps", "1", "--json", "n.yaml"});
    refuses("perf.csv", {"run", "perf.csv", "--steps", "1", "--out", "."});
    CHECK_FALSE(fs::exists(folder / "spikes.csv"));
    write_text(folder / "clicks.csv", "1,0\n");
    refuses("clicks.csv", {"run", "n.yaml", "--steps", "1", "--input", "clicks=clicks.csv",
                           "--packet-trace", "clicks.csv"});
}

TEST_CASE("what was written is said", "[output]") {
    TemporaryFolder folder;
    CHECK_THAT(run_seamount({"compile", kNetwork, "-o", "n.smi"}, folder.path()).out,
               Contains("\nwrote n.smi\n"));
    CHECK_THAT(run_seamount({"run", "n.smi", "--steps", "1", "--out", "o"}, folder.path()).out,
               Contains("\nwrote o\n"));
}

TEST_CASE("the JSON summary may be that of the folder but not another of its files", "[output]") {
    TemporaryFolder folder;
    fs::create_directory(folder / "o");
    const auto run = [&](const std::string& json) {
        return run_seamount(
            {"run", kNetwork, "--steps", "5", "--out", folder / "o", "--json", json});
    };
    CHECK(run(folder / "o/../o/summary.json").code == 0);
    CHECK(Json::parse(read_text(folder / "o/summary.json"))["steps"] == 5);
    const Finished same = run(folder / "o/perf.csv");
    CHECK(same.code == 2);
    CHECK_THAT(same.err, Contains("two outputs have this name [OUT-WRITE]"));
    CHECK(run_seamount({"compile", kNetwork, "-o", folder / "x", "--report", folder / "x"}).code ==
          2);
    for (const std::string other : {"o/spikes.csv", "o/summary.json"}) {
        const Finished twice = run_seamount(
            {"run", kNetwork, "--steps", "5", "--out", folder / "o", "--profile", folder / other});
        CHECK(twice.code == 2);
        CHECK_THAT(twice.err, Contains("two outputs have this name [OUT-WRITE]"));
    }
}
