#include "tools/explain/sampling.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

namespace seamount::explain {
namespace {

/// Source i sends i % 3 + 1 spikes.
std::vector<SpikeKey> spikes_of(std::uint32_t sources) {
    std::vector<SpikeKey> spikes;
    for (std::uint32_t i = 0; i < sources; ++i) {
        for (std::uint32_t k = 0; k <= i % 3; ++k) spikes.push_back({{0, i}, k, 0});
    }
    return spikes;
}

}  // namespace

TEST_CASE("where each source adds a part of its own, random groups find the parts", "[sampling]") {
    const std::vector<SpikeKey> spikes = spikes_of(60);
    const auto worth = [](std::uint32_t source) { return source < 6 ? 10.0 : 0.0; };
    std::size_t plays = 0;
    const auto losses = sampled_losses(spikes, 5000, 7, [&](const std::vector<SpikeKey>& removed) {
        ++plays;
        double lost = 0.0;
        for (const SpikeKey& spike : removed) {
            lost += worth(spike.origin.index) / (spike.origin.index % 3 + 1);
        }
        return lost;
    });
    CHECK(plays == 5000);
    REQUIRE(losses.size() == spikes.size());
    double sum = 0.0;
    for (const auto& [spike, loss] : losses) {
        sum += loss;
        // Above what a group loses in the mean: of its 6 sources, 0.6 are worth 10. The others of
        // a group of a source differ from group to group; in the mean of 500 by about 0.3.
        const std::uint32_t source = spike.origin.index;
        const double others = (60.0 - worth(source)) / 59.0 * 5.0;
        const double expected = (worth(source) + others - 6.0) / (source % 3 + 1);
        CHECK(loss == Approx(expected).margin(1.5 / (source % 3 + 1)));
    }
    CHECK(std::abs(sum) < 1e-9);
}

TEST_CASE("sampled losses are the same each time, and those of a few sources are single ones",
          "[sampling]") {
    const std::vector<SpikeKey> spikes = spikes_of(3);
    const auto count = [](const std::vector<SpikeKey>& removed) {
        CHECK(removed.front().origin == removed.back().origin);
        return static_cast<double>(removed.size());
    };
    const auto losses = sampled_losses(spikes, 30, 1, count);
    CHECK(losses == sampled_losses(spikes, 30, 1, count));
    CHECK(losses.at({{0, 0}, 0, 0}) == Approx(1.0 - 2.0));
    CHECK(losses.at({{0, 2}, 1, 0}) == Approx((3.0 - 2.0) / 3));
    CHECK(sampled_losses({}, 30, 1, count).empty());
}

}  // namespace seamount::explain
