#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

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
