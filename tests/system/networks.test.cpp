#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <sstream>
#include <string>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Json = nlohmann::json;

TEST_CASE("the balanced network fires the same spikes under every mapping, mesh and thread count") {
    const TemporaryFolder folder;
    const auto run = [&folder](std::vector<std::string> options) {
        options.insert(options.begin(),
                       {"run", SEAMOUNT_SOURCE_DIR "/configs/networks/balanced.yaml", "--steps",
                        "100", "--json", folder / "r.json", "-q"});
        REQUIRE(run_seamount(options).code == 0);
        return Json::parse(read_text(folder / "r.json"));
    };
    const Json first = run({});
    CHECK(first["cores"] > 1);
    CHECK(first["spikes"] > 10'000);
    CHECK(first["hops"] > 0);
    for (const std::vector<std::string>& options : {std::vector<std::string>{"--mesh", "ideal"},
                                                    {"--threads", "2"},
                                                    {"--placer", "hilbert"},
                                                    {"--mapping-seed", "2"},
                                                    {"--mapping-seed", "3"}}) {
        INFO(options.front() << " " << options.back());
        const Json other = run(options);
        for (const char* key : {"spike_hash", "spikes", "synaptic_events", "input_spikes"}) {
            CHECK(other[key] == first[key]);
        }
    }
    CHECK(run({"--seed", "2"})["spike_hash"] != first["spike_hash"]);
}

TEST_CASE("in the winner-take-all network only the unit with the strongest drive keeps firing") {
    const TemporaryFolder folder;
    const auto spikes_after = [&folder](const std::string& inhibition, int from) {
        REQUIRE(run_seamount({"run", SEAMOUNT_SOURCE_DIR "/configs/networks/winner.yaml", "--steps",
                              "400", "--set", "inhibition=" + inhibition, "--out", folder / "out",
                              "-q"})
                    .code == 0);
        std::array<int, 10> spikes{};
        std::istringstream lines{read_text(folder / "out/spikes.csv")};
        std::string line;
        std::getline(lines, line);
        REQUIRE(line == "step,population,neuron,payload");
        while (std::getline(lines, line)) {
            const std::size_t comma = line.find(',', line.find(',') + 1);
            if (std::stoi(line) >= from) ++spikes.at(std::stoul(line.substr(comma + 1)));
        }
        return spikes;
    };
    const std::array<int, 10> settled = spikes_after("-64", 50);
    CHECK(settled[6] > 30);  // its bias is 16, the next best has 15
    for (std::size_t i = 0; i < settled.size(); ++i) {
        INFO(i);
        if (i != 6) CHECK(settled[i] == 0);
    }
    for (const int count : spikes_after("0", 50)) CHECK(count > 10);
}
