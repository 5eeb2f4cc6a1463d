#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/system/process.hpp"

// How modelled time grows: three small networks against what can be written down for them, and a
// layer that grows. One step each, in which all sources fire; times in picoseconds.

using namespace seamount::test;
using Json = nlohmann::json;

namespace {

constexpr std::int64_t kUpdate = 8'000;
constexpr std::int64_t kSynapse = 3'000;
constexpr std::int64_t kAxonOut = 500;
constexpr std::int64_t kLink = 50'000;
constexpr std::int64_t kBarrier = 100'000;

const char* const kChip =
    "chip: shapes\nprices: p\n"
    "topology: {width: 4, height: 4, cores_per_tile: 2}\n"
    "mesh: {link_occupancy_ns: \"${link}\"}\nvars: {link: 0}\n"
    "profiles:\n  p:\n    update_active_ns: 8\n    update_inactive_ns: 8\n    synapse_ns: 3\n"
    "    axon_out_ns: 0.5\n    others: free\n    barrier: {model: fixed, base_ns: 100}\n";

struct Layers {
    int sources = 1;
    int targets = 1;
    int target_core = 1;  ///< 1: of the same tile, 2: of the next one
    int cores = 1;        ///< that the targets are spread over
};

class Bench {
public:
    Bench() {
        write_text(folder_ / "c.yaml", kChip);
        write_text(folder_ / "firing.asm", "spk #1\nend\n");
        write_text(folder_ / "silent.asm", ".acc input\nrdc r0, input, 0\nend\n");
    }
    std::int64_t time(const Layers& layers, const std::string& link = "0") {
        std::string populations =
            "  sources: {neuron: firing.asm, size: " + std::to_string(layers.sources) +
            ", mapping: {fixed: 0}}\n";
        std::string projections;
        for (int c = 0; c < layers.cores; ++c) {
            const std::string name = "targets" + std::to_string(c);
            populations += "  " + name +
                           ": {neuron: silent.asm, size: " + std::to_string(layers.targets) +
                           ", mapping: {fixed: " + std::to_string(layers.target_core + c) + "}}\n";
            projections += "  - {from: sources, to: " + name + ", rule: all_to_all, weights: 8}\n";
        }
        write_text(folder_ / "n.yaml", "network: shapes\npopulations:\n" + populations +
                                           "projections:\n" + projections);
        const Finished finished =
            run_seamount({"run", folder_ / "n.yaml", "--chip", folder_ / "c.yaml", "--set",
                          "link=" + link, "--steps", "1", "--json", folder_ / "r.json"});
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        const Json json = Json::parse(read_text(folder_ / "r.json"));
        return std::llround(json["modelled_time_s"].get<double>() * 1e12);
    }

private:
    TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("a layer that does nothing but update takes its updates and the barrier", "[shapes]") {
    Bench bench;
    for (const int targets : {1, 2, 7, 60, 250}) {
        INFO(targets);
        // The source's only packet has arrived before the second target is updated.
        const std::int64_t first = kUpdate + kAxonOut + targets * kSynapse;
        CHECK(bench.time({.targets = targets}) == std::max(first, targets * kUpdate) + kBarrier);
    }
}

TEST_CASE("a core that adds up synapses takes them all, once the first packet is there",
          "[shapes]") {
    Bench bench;
    for (const int sources : {1, 2, 9, 40}) {
        for (const int targets : {4, 30, 100}) {
            INFO(sources << " x " << targets);
            // Adding up a packet takes longer than sending the next one.
            REQUIRE(targets * kSynapse > kUpdate + kAxonOut);
            const std::int64_t received =
                kUpdate + kAxonOut + std::int64_t{sources} * targets * kSynapse;
            CHECK(bench.time({.sources = sources, .targets = targets}) ==
                  std::max(received, targets * kUpdate) + kBarrier);
        }
    }
}

TEST_CASE("packets that share a link take their turns on it", "[shapes]") {
    Bench bench;
    const std::int64_t alone = bench.time({.target_core = 2}, "50");
    for (const int sources : {2, 9, 40}) {
        INFO(sources);
        CHECK(bench.time({.sources = sources, .target_core = 2}, "50") ==
              alone + (sources - 1) * kLink);
    }
}

TEST_CASE("a layer's time is linear until a core is full, then until its packets take longer",
          "[shapes]") {
    Bench bench;
    constexpr int kSources = 20;
    constexpr int kFull = 16;  // targets of a core
    const std::int64_t per_target = kSources * kSynapse;
    const std::int64_t one = bench.time({.sources = kSources, .targets = 4});
    for (int targets = 5; targets <= kFull; ++targets) {
        CHECK(bench.time({.sources = kSources, .targets = targets}) ==
              one + (targets - 4) * per_target);
    }
    // A further core works beside the others: it costs the time of the first source's packet to it.
    const auto of_cores = [&](int cores) {
        return bench.time({.sources = kSources, .targets = kFull, .cores = cores});
    };
    const std::int64_t full = of_cores(1);
    for (const int cores : {2, 5, 9}) CHECK(of_cores(cores) == full + (cores - 1) * kAxonOut);
    // At one target per core the packets bound the step.
    const auto thin = [&](int cores) {
        return bench.time({.sources = kSources, .targets = 1, .cores = cores});
    };
    CHECK(thin(9) - thin(5) == 4 * kSources * kAxonOut);
}
