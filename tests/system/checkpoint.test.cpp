#include <catch2/catch.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Json = nlohmann::json;

namespace {

constexpr std::uint64_t kSteps = 300;
constexpr std::size_t kStops = 20;

struct Checkpointed {
    std::string what;
    std::string file;  ///< below configs/
    bool learns = false;
    std::vector<std::string> options;
};

/// A host without a memory of its own: it excites the neuron after the one that spiked.
const std::string kHost = R"(python3 -u -c "
import json, sys
for line in sys.stdin:
    said = json.loads(line)
    out = said['spikes'].get('out', [])
    print(json.dumps({'spikes': {'eye': [(out[0][1] + 1 if out else said['step']) % 4]}}), flush=True)
")";

std::vector<Checkpointed> checkpointed() {
    return {{"pair STDP", "networks/stdp.yaml", true, {}},
            {"noise, delays and refractory neurons", "networks/noise.yaml", false, {}},
            {"graded spikes through shared kernels", "networks/feature_maps.yaml", false, {}},
            {"samples of a dataset", "networks/digits.yaml", false, {}},
            {"learning from samples", "networks/class_incremental.yaml", true, {}},
            {"rewards", "networks/bandit.yaml", true, {}},
            {"a host in the loop", "python/echo.yaml", false, {"--host", kHost}}};
}

/// Different steps at which a run stops, and its last.
std::vector<std::uint64_t> random_stops(std::uint32_t seed) {
    std::mt19937 random{seed};
    std::set<std::uint64_t> stops{kSteps};
    while (stops.size() <= kStops) stops.insert(1 + random() % (kSteps - 1));
    return {stops.begin(), stops.end()};
}

/// The lines of a CSV file below its head.
std::string lines_of(const std::string& path) {
    const std::string text = read_text(path);
    return text.substr(text.find('\n') + 1);
}

/// What a run did, and the spikes and weights that it left.
struct Outcome {
    Json summary;
    std::string spikes;
    std::string weights;
};

/// Runs `image` and stops at each of `stops`; every part goes on from what the one before saved.
Outcome run_in_parts(const TemporaryFolder& folder, const std::string& image,
                     const Checkpointed& network, const std::vector<std::uint64_t>& stops) {
    Outcome outcome;
    std::uint64_t done = 0;
    for (const std::uint64_t stop : stops) {
        std::vector<std::string> run{
            "run",   image,          "--steps", std::to_string(stop - done),
            "--out", folder / "out", "--json",  folder / "run.json",
            "-q"};
        run.insert(run.end(), network.options.begin(), network.options.end());
        const auto state = [&](std::uint64_t step) {
            return folder / ("state" + std::to_string(step));
        };
        if (done != 0) run.insert(run.end(), {"--load-state", state(done)});
        if (stop != stops.back()) {
            run.insert(run.end(), {"--save-state", state(stop)});
        } else if (network.learns) {
            run.insert(run.end(), {"--save-weights", folder / "weights.npz"});
        }
        const auto result = run_seamount(run);
        INFO(result.err);
        REQUIRE(result.code == 0);
        outcome.spikes += lines_of(folder / "out/spikes.csv");
        done = stop;
    }
    outcome.summary = Json::parse(read_text(folder / "run.json"));
    for (const char* key : {"wall_s", "steps_per_s", "peak_rss_bytes", "max_link_flits"}) {
        outcome.summary.erase(key);
    }
    // Of all steps or not at all: a state does not hold what cores did before it.
    CHECK(outcome.summary["energy_j"].erase("populations") == (stops.size() == 1 ? 1 : 0));
    if (network.learns) outcome.weights = read_text(folder / "weights.npz");
    return outcome;
}

}  // namespace

TEST_CASE("a run stopped at twenty random steps has the spikes, counts and weights of a whole one",
          "[checkpoint][study]") {
    const auto networks = checkpointed();
    for (std::size_t i = 0; i < networks.size(); ++i) {
        const Checkpointed& network = networks[i];
        INFO(network.what);
        const TemporaryFolder folder;
        const std::string image = folder / "network.smi";
        REQUIRE(run_seamount(
                    {"compile", SEAMOUNT_SOURCE_DIR "/configs/" + network.file, "-o", image, "-q"})
                    .code == 0);
        const Outcome whole = run_in_parts(folder, image, network, {kSteps});
        REQUIRE_FALSE(whole.spikes.empty());
        const Outcome parts =
            run_in_parts(folder, image, network, random_stops(static_cast<std::uint32_t>(i)));
        CHECK(parts.summary == whole.summary);
        CHECK(parts.spikes == whole.spikes);
        CHECK(parts.weights == whole.weights);
    }
}
