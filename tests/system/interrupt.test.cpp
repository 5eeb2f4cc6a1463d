#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <thread>

#include "tests/system/open_files.hpp"

using namespace seamount::test;

namespace {

namespace fs = std::filesystem;

/// Starts an endless run, waits until it writes, and ends it with `signal`.
Finished interrupt(const std::string& out, int signal) {
    Process process{{"run", data("two_layers.yaml"), "--steps", "1000000000", "--out", out,
                     "--json", out + ".json", "-q"}};
    REQUIRE(writes_into(process, out + "/partial", 1));
    process.send(signal);
    return process.wait();
}

/// Waits until the records of a run in `out` have some steps; false if that takes too long.
bool has_steps(const std::string& out) {
    std::error_code ignored;
    for (int i = 0; i < 4000; ++i) {
        const fs::path progress = fs::path{out} / "partial/progress.json";
        if (fs::exists(progress, ignored) &&
            read_text(progress).find("\"complete_steps\": 0,") == std::string::npos) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
}

std::size_t entries(const fs::path& folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator{folder}, fs::directory_iterator{}));
}

}  // namespace

TEST_CASE("an interrupted run leaves what it had in partial, and says how far it goes",
          "[interrupt]") {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        TemporaryFolder folder;
        const Finished finished = interrupt(folder / "o", signal);
        CHECK(finished.signal == signal);
        CHECK(entries(folder / "o") == 1);
        CHECK(read_text(folder / "o/partial/progress.json").find("\"complete_steps\"") !=
              std::string::npos);
        CHECK_FALSE(fs::exists(folder / "o.json"));
    }
}

TEST_CASE("a run under nohup survives the end of its terminal", "[interrupt]") {
    TemporaryFolder folder;
    std::signal(SIGHUP, SIG_IGN);  // inherited by the child
    Process process{
        {"run", data("two_layers.yaml"), "--steps", "1000000000", "--out", folder / "o", "-q"}};
    std::signal(SIGHUP, SIG_DFL);
    REQUIRE(writes_into(process, folder / "o/partial", 0));
    process.send(SIGHUP);
    process.send(SIGTERM);
    CHECK(process.wait().signal == SIGTERM);
}

TEST_CASE("a killed run leaves no file that looks complete", "[interrupt]") {
    TemporaryFolder folder;
    const Finished finished = interrupt(folder / "o", SIGKILL);
    CHECK(finished.signal == SIGKILL);
    for (const auto& entry : fs::directory_iterator{folder / "o"}) {
        CHECK((entry.path().extension() == ".tmp" || entry.path().filename() == "partial"));
    }
}

TEST_CASE("an interrupted run says how far it came and what is left", "[interrupt]") {
    TemporaryFolder folder;
    const auto end = [&](int signal) {
        Process process{
            {"run", data("two_layers.yaml"), "--steps", "1000000000", "--out", folder / "o"}};
        REQUIRE(has_steps(folder / "o"));
        process.send(signal);
        return process.wait();
    };
    const Finished first = end(SIGINT);
    CHECK(first.signal == SIGINT);
    CHECK_THAT(first.err,
               Catch::Matches("seamount: interrupted after [0-9]+ of 1000000000 steps of "
                              ".*; .*/o/partial holds its records so far\n"));
    REQUIRE(run_seamount({"run", data("two_layers.yaml"), "--steps", "20", "--out", folder / "o"})
                .code == 0);
    CHECK_THAT(end(SIGTERM).err, Catch::Contains("o/partial holds its records so far; ") &&
                                     Catch::Contains("o those of an earlier run"));
}

TEST_CASE("a killed run keeps the records of the run before it", "[interrupt]") {
    TemporaryFolder folder;
    REQUIRE(run_seamount({"run", data("two_layers.yaml"), "--steps", "20", "--out", folder / "o"})
                .code == 0);
    const std::string before = read_text(folder / "o/spikes.csv");
    CHECK(interrupt(folder / "o", SIGTERM).signal == SIGTERM);
    CHECK(read_text(folder / "o/spikes.csv") == before);
    // and they are still known as those of a run
    CHECK(run_seamount({"run", data("two_layers.yaml"), "--steps", "20", "--out", folder / "o"})
              .code == 0);
}

TEST_CASE("a run that was killed in its first step has records of no step", "[interrupt]") {
    TemporaryFolder folder;
    REQUIRE(run_seamount({"run", data("two_layers.yaml"), "--steps", "20", "--out", folder / "o",
                          "--records", "csv"})
                .code == 0);
    // Rows may be written before the step is whole.
    fs::create_directory(folder / "k");
    fs::rename(folder / "o", folder / "k/partial");
    fs::remove(folder / "k/partial/summary.json");
    write_text(folder / "k/partial/progress.json",
               R"({"partial": "seamount run, not complete", "version": 1, "complete_steps": 0})");
    REQUIRE(run_seamount({"report", folder / "k", "-o", folder / "k.html"}).code == 0);
    const std::string page = read_text(folder / "k.html");
    CHECK(page.find(R"("raster":{)") == std::string::npos);
    CHECK(page.find(R"("activity":[)") == std::string::npos);
    const Finished plot = run_seamount({"plot", "raster", folder / "k", "-o", folder / "k.svg"});
    CHECK(plot.code == 2);
    CHECK_THAT(plot.err, Catch::Contains("the run recorded no steps"));
    REQUIRE(run_seamount({"export", folder / "k", "--csv", "-o", folder / "c"}).code == 0);
    CHECK(read_text(folder / "c/spikes.csv").find("\n") ==
          read_text(folder / "c/spikes.csv").size() - 1);
}
