#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "isa/image/image.hpp"
#include "tests/support/skip.hpp"
#include "tests/system/process.hpp"

using namespace seamount;
using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string kNetworks = SEAMOUNT_SOURCE_DIR "/configs/networks/";
const std::string kConnectome = SEAMOUNT_SOURCE_DIR "/../shared/data/connectome/larva_";

}  // namespace

TEST_CASE("verify tells an image of the network from one that is not, by its exit code",
          "[verify]") {
    const TemporaryFolder folder;
    const std::string image = folder / "digits.smi";
    const std::string network = kNetworks + "digits.yaml";
    REQUIRE(run_seamount({"compile", network, "-o", image, "-q"}).code == 0);
    const Finished good = run_seamount({"verify", network, image});
    CHECK(good.code == 0);
    CHECK_THAT(good.out,
               Contains("106 neurons and 7,104 synapses") && Contains("are those of the network"));

    const Finished other = run_seamount({"verify", kNetworks + "balanced.yaml", image});
    CHECK(other.code == 1);
    CHECK_THAT(other.err, Contains("the name is digits, the network says balanced [VFY-NETWORK]"));

    const Finished chip = run_seamount({"verify", network, image, "--chip", "loihi1_wide"});
    CHECK(chip.code == 1);
    CHECK_THAT(chip.err, Contains("VFY-CHIP"));

    isa::Image damaged = isa::load_image(image);
    for (isa::CoreImage& core : damaged.cores) core.synapses.back() ^= 1U << 3;
    isa::save_image(damaged, image);
    const Finished bad = run_seamount({"verify", network, image, "-q"});
    CHECK(bad.code == 1);
    CHECK(bad.out.empty());
    CHECK_THAT(bad.err, Contains("has stored weight") && Contains("[VFY-SYNAPSE]"));
    CHECK(run_seamount({"verify", network, folder / "none.smi"}).code == 2);
}

TEST_CASE("the connectome of a larva compiles, verifies and runs the same under three mappings",
          "[verify]") {
    if (!std::filesystem::exists(kConnectome + "edges.csv.gz")) {
        SKIP_TEST("../shared/data/connectome is not in place");
    }
    const TemporaryFolder folder;
    const std::string network = kNetworks + "connectome.yaml";
    const std::vector<std::string> data{"--set", "nodes=" + kConnectome + "nodes.csv.gz", "--set",
                                        "edges=" + kConnectome + "edges.csv.gz"};
    const auto with_data = [&data](std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), data.begin(), data.end());
        return run_seamount(arguments);
    };
    std::string hash;
    for (const char* const seed : {"1", "2", "3"}) {
        const std::string image = folder / "larva.smi";
        REQUIRE(with_data({"compile", network, "-o", image, "-q", "--seed", seed}).code == 0);
        const Finished verified = with_data({"verify", network, image});
        INFO(verified.err);
        CHECK(verified.code == 0);
        // 111,243 edges and one synapse from the drive to each neuron
        CHECK_THAT(verified.out, Contains("3,013 neurons and 114,256 synapses"));
        REQUIRE(run_seamount({"run", image, "--steps", "1000", "--mesh", "ideal", "--json",
                              folder / "run.json", "-q"})
                    .code == 0);
        const Json run = Json::parse(read_text(folder / "run.json"));
        CHECK(run["spikes"] > 1000);
        if (hash.empty()) hash = run["spike_hash"];
        CHECK(run["spike_hash"] == hash);
    }
}
