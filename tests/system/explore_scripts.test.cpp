#include <signal.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <string>

#include "tests/system/process.hpp"
#include "tests/system/sweep_folder.hpp"

using namespace seamount::test;
using Catch::Contains;

TEST_CASE("scripts that hang do not outlast the budget, nor does what they started",
          "[explore_scripts]") {
    // The budget also pays for what comes before the script: more of it until the script begins.
    for (const int budget_s : {1, 4, 16, 64}) {
        const SweepFolder folder{
            "set: {run.steps: 5}\nparameters: {network.chance: [0.1, 0.2]}\n"
            "objectives: {x: {minimize: {script: score.py}}}\nbudget: {wall_s: " +
            std::to_string(budget_s) + "}\n"};
        folder.script("score.py",
                      "#!/bin/sh\nsleep 311 &\necho $! > begun && mv begun started\nsleep 312\n");
        const auto begin = std::chrono::steady_clock::now();
        const Finished run = folder.explore({"s.yaml", "--store", "a.sqlite"});
        const auto most = std::chrono::seconds(budget_s + 20);
        CHECK(std::chrono::steady_clock::now() - begin < most);
        CHECK_THAT(run.out, Contains("stopped early by budget.wall_s = "));
        if (!std::filesystem::exists(folder / "started")) continue;
        const pid_t started = std::stoi(read_text(folder / "started"));
        CHECK(kill(started, 0) != 0);
        return;
    }
    FAIL("the script never began");
}

TEST_CASE("an optimiser that leaves the space is refused with the range", "[explore_scripts]") {
    const SweepFolder folder{
        "set: {run.steps: 5}\nparameters: {network.chance: {range: [0.1, 0.5]}}\n"
        "objectives: {x: {minimize: spikes}}\n"
        "strategy: {name: ask_tell, command: [./search.py]}\n"};
    const char* const value = GENERATE("7", "-1", "\"high\"", "null", "[0.2]", "true");
    folder.script("search.py",
                  std::string{"#!/bin/sh\nread a\nread b\n"
                              "echo '{\"id\": 1, \"parameters\": {\"network.chance\": "} +
                      value + "}}'\necho '{\"end\": true}'\nread c\n");
    const Finished run = folder.explore({"s.yaml", "--store", "a.sqlite"});
    CHECK(run.code == 2);
    CHECK_THAT(run.err, Contains("EXP-ASK-TELL") && Contains("a number in [0.1, 0.5]"));
}

TEST_CASE("an optimiser that answers without end does not outlast the budget",
          "[explore_scripts]") {
    const SweepFolder folder{
        "set: {run.steps: 5}\nparameters: {network.chance: {range: [0.1, 0.5]}}\n"
        "objectives: {x: {minimize: spikes}}\n"
        "strategy: {name: ask_tell, command: [./search.sh]}\nbudget: {wall_s: 1}\n"};
    folder.script("search.sh",
                  "#!/bin/sh\nexec yes '{\"id\": 1, \"parameters\": {\"network.chance\": 0.2}}'\n");
    const Finished run = folder.explore({"s.yaml", "--store", "a.sqlite"});
    CHECK_THAT(run.out + run.err, Contains("budget.wall_s = 1") || Contains("EXP-ASK-TELL"));
}

TEST_CASE("an optimiser that never answers does not outlast the budget", "[explore_scripts]") {
    const SweepFolder folder{
        "set: {run.steps: 5}\nparameters: {network.chance: {range: [0.1, 0.5]}}\n"
        "objectives: {x: {minimize: spikes}}\n"
        "strategy: {name: ask_tell, command: [./search.sh]}\nbudget: {wall_s: 1}\n"};
    folder.script("search.sh", "#!/bin/sh\nsleep 313\n");
    const auto begin = std::chrono::steady_clock::now();
    const Finished run = folder.explore({"s.yaml", "--store", "a.sqlite"});
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
    CHECK_THAT(run.out, Contains("stopped early by budget.wall_s = 1"));
}
