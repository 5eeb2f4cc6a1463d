#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <thread>

#include "tests/system/process.hpp"

using namespace seamount::test;

namespace {

namespace fs = std::filesystem;

/// Starts an endless run, waits until it writes, and ends it with `signal`.
Finished interrupt(const std::string& out, int signal) {
    Process process{{"run", data("two_layers.yaml"), "--steps", "1000000000", "--out", out,
                     "--json", out + ".json", "-q"}};
    const fs::path growing = out + "/perf.csv." + std::to_string(process.id()) + ".tmp";
    std::error_code ignored;
    for (int i = 0; i < 2000; ++i) {
        if (fs::exists(growing, ignored) && fs::file_size(growing, ignored) > 0) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    REQUIRE(fs::file_size(growing) > 0);
    process.send(signal);
    return process.wait();
}

std::size_t entries(const fs::path& folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator{folder}, fs::directory_iterator{}));
}

}  // namespace

TEST_CASE("an interrupted run leaves no file behind", "[interrupt]") {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        TemporaryFolder folder;
        const Finished finished = interrupt(folder / "o", signal);
        CHECK(finished.signal == signal);
        CHECK(entries(folder / "o") == 0);
        CHECK_FALSE(fs::exists(folder / "o.json"));
    }
}

TEST_CASE("a run under nohup survives the end of its terminal", "[interrupt]") {
    TemporaryFolder folder;
    std::signal(SIGHUP, SIG_IGN);  // inherited by the child
    Process process{
        {"run", data("two_layers.yaml"), "--steps", "1000000000", "--out", folder / "o", "-q"}};
    std::signal(SIGHUP, SIG_DFL);
    const fs::path growing = folder / ("o/perf.csv." + std::to_string(process.id()) + ".tmp");
    std::error_code ignored;
    for (int i = 0; i < 2000 && !fs::exists(growing, ignored); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    REQUIRE(fs::exists(growing));
    process.send(SIGHUP);
    process.send(SIGTERM);
    CHECK(process.wait().signal == SIGTERM);
}

TEST_CASE("a killed run leaves no file that looks complete", "[interrupt]") {
    TemporaryFolder folder;
    const Finished finished = interrupt(folder / "o", SIGKILL);
    CHECK(finished.signal == SIGKILL);
    for (const auto& entry : fs::directory_iterator{folder / "o"}) {
        CHECK(entry.path().extension() == ".tmp");
    }
}

TEST_CASE("a killed run keeps the records of the run before it", "[interrupt]") {
    TemporaryFolder folder;
    REQUIRE(run_seamount({"run", data("two_layers.yaml"), "--steps", "20", "--out", folder / "o"})
                .code == 0);
    const std::string before = read_text(folder / "o/spikes.csv");
    CHECK(interrupt(folder / "o", SIGTERM).signal == SIGTERM);
    CHECK(read_text(folder / "o/spikes.csv") == before);
}
