#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <thread>

#include "tests/system/process.hpp"

using namespace seamount::test;

namespace {

namespace fs = std::filesystem;

/// The unfinished perf.csv in a folder; waits until it has at least `bytes`.
fs::path growing_file(const fs::path& folder, std::uintmax_t bytes) {
    std::error_code ignored;
    for (int i = 0; i < 2000; ++i) {
        for (const auto& entry : fs::directory_iterator{folder, ignored}) {
            const std::string name = entry.path().filename().string();
            const bool is_it = name.starts_with("perf.csv.") && name.ends_with(".tmp");
            if (is_it && fs::file_size(entry.path(), ignored) >= bytes) return entry.path();
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return {};
}

/// Starts an endless run, waits until it writes, and ends it with `signal`.
Finished interrupt(const std::string& out, int signal) {
    Process process{{"run", data("two_layers.yaml"), "--steps", "1000000000", "--out", out,
                     "--json", out + ".json", "-q"}};
    REQUIRE_FALSE(growing_file(out, 1).empty());
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
    REQUIRE_FALSE(growing_file(folder / "o", 0).empty());
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
    // and they are still known as those of a run
    CHECK(run_seamount({"run", data("two_layers.yaml"), "--steps", "20", "--out", folder / "o"})
              .code == 0);
}
