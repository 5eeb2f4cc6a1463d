#include <catch2/catch.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/support/skip.hpp"
#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

// Expected counts: ../shared/bench/gen_random.py; two independent simulators agree on them.
namespace {

const std::string kGenerator = SEAMOUNT_SOURCE_DIR "/../shared/bench/gen_random.py";
const std::string kNetwork = SEAMOUNT_SOURCE_DIR "/configs/networks/random.yaml";

/// A Python that has numpy, Debian's own included where another comes first in the path; or empty.
std::string python_with_numpy() {
    for (const char* const python : {"python3", "/usr/bin/python3"}) {
        if (std::system((std::string{python} + " -c 'import numpy' 2> /dev/null").c_str()) == 0) {
            return python;
        }
    }
    return {};
}

/// What generate() needs and is not here; empty if all is.
std::string missing() {
    if (!std::filesystem::exists(kGenerator))
        return "../shared/bench/gen_random.py is not in place";
    return python_with_numpy().empty() ? "python3 with numpy is not installed" : "";
}

/// Writes the data of the random network into `folder`.
void generate(const TemporaryFolder& folder, const std::string& options = "") {
    const std::string command = python_with_numpy() + " '" + kGenerator + "' '" +
                                folder / "random" + "' " + options + " > /dev/null";
    REQUIRE(std::system(command.c_str()) == 0);
}

Json run(const TemporaryFolder& folder, const std::string& network,
         const std::vector<std::string>& options) {
    std::vector<std::string> all{
        "run", network, "--set", "prefix=" + folder / "random", "--json", folder / "r.json", "-q"};
    all.insert(all.end(), options.begin(), options.end());
    const Finished finished = run_seamount(all);
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    return Json::parse(read_text(folder / "r.json"));
}

/// The network without its `mapping:`, for mappings of the compiler's own.
std::string unpinned(const TemporaryFolder& folder) {
    std::string text = read_text(kNetwork);
    const std::size_t at = text.find("    mapping:");
    REQUIRE(at != std::string::npos);
    text.erase(at, text.find('\n', at) - at + 1);
    write_text(folder / "unpinned.yaml", text);
    return folder / "unpinned.yaml";
}

}  // namespace

TEST_CASE("the random benchmark network has the known counts under every mapping and mesh",
          "[benchmark][study]") {
    if (const std::string what = missing(); !what.empty()) SKIP_TEST(what);
    TemporaryFolder folder;
    generate(folder, "--cores 16 --npc 256");
    const Json pinned = run(folder, kNetwork, {"--steps", "1000"});
    CHECK(pinned["spikes"] == 469512);
    CHECK(pinned["synaptic_events"] == 15024384);
    CHECK(pinned["cores"] == 16);
    const std::string free = unpinned(folder);
    const std::vector<std::vector<std::string>> variants{
        {kNetwork, "--mesh", "ideal"},
        {kNetwork, "--threads", "2"},
        {kNetwork, "--partitioner", "greedy"},
        {free, "--partitioner", "auto"},
        {free, "--partitioner", "stream"},
        {free, "--partitioner", "metis"},
        {free, "--partitioner", "multilevel"},
        {free, "--partitioner", "greedy", "--seed", "1"},
        {free, "--partitioner", "greedy", "--seed", "2"},
        {free, "--partitioner", "greedy", "--seed", "3"},
    };
    for (const std::vector<std::string>& variant : variants) {
        std::vector<std::string> options{variant.begin() + 1, variant.end()};
        options.insert(options.end(), {"--steps", "1000"});
        const Json other = run(folder, variant[0], options);
        INFO(variant[0] << ' ' << variant[1] << ' ' << variant[2]);
        CHECK(other["spike_hash"] == pinned["spike_hash"]);
        CHECK(other["spikes"] == pinned["spikes"]);
        CHECK(other["synaptic_events"] == pinned["synaptic_events"]);
    }
}

TEST_CASE("the large random network fits loihi1_wide with the known count and not loihi1",
          "[benchmark][study]") {
    if (const std::string what = missing(); !what.empty()) SKIP_TEST(what);
    TemporaryFolder folder;
    generate(folder);
    const Json wide = run(folder, kNetwork, {"--steps", "50", "--chip", "loihi1_wide"});
    CHECK(wide["spikes"] == 710183);
    const Finished refused =
        run_seamount({"run", kNetwork, "--set", "prefix=" + folder / "random", "--steps", "50"});
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains("core") && Contains("input_axons") && Contains("[CMP-FIT]"));
}
