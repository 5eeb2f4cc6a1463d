#include "emulator/machine/host_input.hpp"

#include <algorithm>
#include <cstdlib>

#include <catch2/catch.hpp>

#include "tests/unit/emulator/host_samples.hpp"

using namespace seamount;
using namespace seamount::test;
using emu::HostInput;

namespace {

__extension__ using Int128 = __int128;

}  // namespace

TEST_CASE("a list of spikes comes back step by step", "[host_input]") {
    isa::InputImage image = input(isa::InputKind::kSpikes, 9);
    image.spike_steps = {0, 2, 2, 2, 5'000'000'000};
    image.spike_sources = {3, 1, 1, 8, 0};
    const HostInput host{image, 0, {}, 1};
    CHECK(spikes_at(host, 0) == std::vector<std::uint32_t>{3});
    CHECK(spikes_at(host, 1).empty());
    CHECK(spikes_at(host, 2) == std::vector<std::uint32_t>{1, 1, 8});
    CHECK(spikes_at(host, 5'000'000'000) == std::vector<std::uint32_t>{0});
}

TEST_CASE("a list of spikes may carry a payload each, in the order of its spikes", "[host_input]") {
    isa::InputImage image = input(isa::InputKind::kSpikes, 9);
    image.spike_steps = {0, 2, 2, 2, 7};
    image.spike_sources = {3, 1, 1, 8, 0};
    std::vector<std::int32_t> buffer;
    CHECK(HostInput{image, 0, {}, 1}.payloads(2, {}, buffer).empty());
    image.spike_payloads = {-5, 1 << 30, 0, -(1 << 30), 7};
    const HostInput host{image, 0, {}, 1};
    const auto at = [&](std::uint64_t step) {
        const auto found = host.payloads(step, {}, buffer);
        return std::vector<std::int32_t>(found.begin(), found.end());
    };
    CHECK(at(0) == std::vector<std::int32_t>{-5});
    CHECK(at(1).empty());
    CHECK(at(2) == std::vector<std::int32_t>{1 << 30, 0, -(1 << 30)});
    CHECK(at(7) == std::vector<std::int32_t>{7});
    CHECK(at(8).empty());
}

TEST_CASE("rates are spread evenly, also after very many steps", "[host_input]") {
    isa::InputImage image = input(isa::InputKind::kRate, 6);
    constexpr std::uint64_t kHalf = std::uint64_t{1} << 63U;
    image.rates = {0, 1, 1'000'000'007'000'000'007, kHalf, isa::InputImage::kAlways - 1, kHalf + 1};
    const HostInput host{image, 0, {}, 1};
    for (const std::uint64_t start :
         {std::uint64_t{0}, std::uint64_t{0xFFFFFFF0}, std::uint64_t{1} << 40}) {
        for (std::uint64_t t = start; t < start + 200; ++t) {
            const auto found = spikes_at(host, t);
            for (std::uint32_t i = 0; i < image.size; ++i) {
                const auto upto = [&](std::uint64_t n) {
                    return (static_cast<Int128>(n) * static_cast<Int128>(image.rates[i])) >> 64;
                };
                INFO("step " << t << ", source " << i);
                REQUIRE(contains(found, i) == (upto(t + 1) > upto(t)));
            }
        }
    }
}

TEST_CASE("a rate of 1 spikes in every step", "[host_input]") {
    isa::InputImage image = input(isa::InputKind::kRate, 1);
    image.rates = {isa::InputImage::kAlways};
    for (const isa::InputKind kind : {isa::InputKind::kRate, isa::InputKind::kPoisson}) {
        image.kind = kind;
        const HostInput host{image, 0, {}, 1};
        for (std::uint64_t t = 0; t < 1000; ++t) REQUIRE(spikes_at(host, t).size() == 1);
    }
}

TEST_CASE("probabilities below 2^-32 are not lost", "[host_input]") {
    // The upper 32 bits of the draw are 0 in one of 2^32 draws: with 2^-32 as the lower half of the
    // probabilities every such draw is decided by 32 more bits.
    isa::InputImage image = input(isa::InputKind::kPoisson, 4);
    const HostInput host{image, 0, {}, 9};
    const RandomStream random{RandomDomain::kHostInputs, 9, 0};
    std::uint64_t decided = 0;
    for (std::uint64_t t = 0; t < 500; ++t) {
        const auto upper = random.block(0, t);
        const auto lower = random.block(0x80000000U, t);
        for (std::uint64_t i = 0; i < 4; ++i) {
            // just at the draw, a quarter of a unit above it
            image.rates.assign(4, std::uint64_t{upper[i]} << 32U | 0x40000000U);
            const bool fires = contains(spikes_at(host, t), static_cast<std::uint32_t>(i));
            REQUIRE(fires == (lower[i] < 0x40000000U));
            decided += fires ? 1 : 0;
        }
    }
    CHECK(decided > 400);  // 2000 draws of 1/4
    CHECK(decided < 600);
}

TEST_CASE("values of a dataset become evenly spaced spikes", "[host_input]") {
    const isa::DatasetImage dataset = two_samples(23);
    const isa::InputImage image = dataset_input(isa::InputKind::kRate);
    const HostInput host{image, 0, dataset, 1};
    for (std::uint64_t t = 0; t < 2 * 23 + 10; ++t) {
        const std::uint64_t l = t % 23;
        const auto found = spikes_at(host, t, dataset);
        for (std::uint32_t i = 0; i < image.size; ++i) {
            const auto q = static_cast<std::uint64_t>(value_of(t / 23, i));
            const bool expected = t < 46 && l < 20 && (l + 1) * q / kMax > l * q / kMax;
            REQUIRE(contains(found, i) == expected);
        }
    }
}

TEST_CASE("large values of a dataset spike early, once per sample", "[host_input]") {
    const isa::DatasetImage dataset = two_samples(23);
    const isa::InputImage image = dataset_input(isa::InputKind::kLatency);
    const HostInput host{image, 0, dataset, 1};
    std::vector<std::vector<std::int64_t>> when(2, std::vector<std::int64_t>(256, -1));
    for (std::uint64_t t = 0; t < 2 * 23 + 10; ++t) {
        for (const std::uint32_t i : spikes_at(host, t, dataset)) {
            REQUIRE(t < 46);
            REQUIRE(when[t / 23][i] == -1);
            when[t / 23][i] = static_cast<std::int64_t>(t % 23);
        }
    }
    for (std::uint64_t s = 0; s < 2; ++s) {
        for (std::uint32_t i = 0; i < 256; ++i) {
            const std::int64_t q = value_of(s, i);
            const std::int64_t l = when[s][i];
            INFO("value " << q);
            if (q == 0) {
                REQUIRE(l == -1);
                continue;
            }
            // l - 1/2 <= 19 * (1 - q / 255) < l + 1/2
            REQUIRE((2 * l - 1) * kMax <= 2 * 19 * (kMax - q));
            REQUIRE(2 * 19 * (kMax - q) < (2 * l + 1) * kMax);
        }
    }
    CHECK(when[0][255] == 0);
    CHECK(when[0][1] == 19);
}

TEST_CASE("Poisson draws have the right mean and depend on seed, input, source and step only",
          "[host_input]") {
    isa::InputImage image = input(isa::InputKind::kPoisson, 1002);
    image.rates.assign(image.size, std::uint64_t{1} << 62U);  // 1/4
    image.rates[7] = 0;
    image.rates[8] = isa::InputImage::kAlways;
    const HostInput host{image, 3, {}, 5};
    const HostInput other_input{image, 4, {}, 5};
    const HostInput other_seed{image, 3, {}, 6};
    std::vector<std::uint64_t> per_source(image.size);
    std::uint64_t total = 0;
    for (std::uint64_t t = 0; t < 400; ++t) {
        const auto found = spikes_at(host, t);
        REQUIRE(std::is_sorted(found.begin(), found.end()));
        REQUIRE(found == spikes_at(host, t));
        REQUIRE(found != spikes_at(other_input, t));
        REQUIRE(found != spikes_at(other_seed, t));
        REQUIRE(found != spikes_at(host, t + 1));
        total += found.size();
        for (const std::uint32_t i : found) ++per_source[i];
    }
    CHECK(per_source[7] == 0);
    CHECK(per_source[8] == 400);
    // 1000 x 400 draws of 1/4: mean 100,000, sigma 274.
    CHECK(total > 400 + 98'600);
    CHECK(total < 400 + 101'400);
    for (std::uint32_t i = 10; i < image.size; ++i) {
        REQUIRE(per_source[i] > 100 - 55);  // sigma 8.7
        REQUIRE(per_source[i] < 100 + 55);
    }
}

TEST_CASE("Poisson draws of a dataset have probability value / full scale", "[host_input]") {
    isa::DatasetImage dataset = two_samples(2003);
    const isa::InputImage image = dataset_input(isa::InputKind::kPoisson);
    const HostInput host{image, 0, dataset, 1};
    std::vector<std::int64_t> count(256);
    for (std::uint64_t t = 0; t < 2003; ++t) {
        const auto found = spikes_at(host, t, dataset);
        if (t >= 2000) REQUIRE(found.empty());
        for (const std::uint32_t i : found) ++count[i];
    }
    CHECK(count[0] == 0);
    CHECK(count[255] == 2000);
    for (std::int64_t i = 0; i < 256; ++i) {
        const std::int64_t off = count[static_cast<std::size_t>(i)] * kMax - 2000 * i;
        REQUIRE(std::abs(off) < 130 * kMax);  // sigma at most 22.4
    }
}

TEST_CASE("a raster is played as it is, with or without its blank steps", "[host_input]") {
    const isa::DatasetImage dataset = two_samples(8);
    for (const std::uint32_t stored : {5U, 8U}) {
        isa::InputImage image = input(isa::InputKind::kRaster, 7);
        for (std::uint32_t k = 0; k < 2 * stored * 7; ++k) {
            image.samples.push_back((k * k + k / 3) % 4 == 0 ? 1 : 0);
        }
        const HostInput host{image, 0, dataset, 1};
        for (std::uint32_t t = 0; t < 20; ++t) {
            std::vector<std::uint32_t> expected;
            for (std::uint32_t i = 0; t < 16 && t % 8 < 5 && i < 7; ++i) {
                if (image.samples[(t / 8 * stored + t % 8) * 7 + i] == 1) expected.push_back(i);
            }
            INFO("step " << t << ", " << stored << " steps stored");
            REQUIRE(spikes_at(host, t, dataset) == expected);
        }
    }
}

TEST_CASE("values are written at the start of a sample, constants at the start and after a reset",
          "[host_input]") {
    const isa::DatasetImage dataset = two_samples(8);
    isa::InputImage image = input(isa::InputKind::kWrite, 2);
    image.writes = {{NeuronId{4}, 0}, {NeuronId{5}, 1}};
    const auto written = [&](const HostInput& host, std::uint64_t step, bool restored) {
        std::vector<HostInput::Write> values;
        host.writes(step, emu::position_of(dataset, step), restored, values);
        std::vector<std::int32_t> all;
        for (std::size_t i = 0; i < values.size(); ++i) {
            CHECK(values[i].place == i);
            all.push_back(values[i].value);
        }
        return all;
    };
    using Values = std::vector<std::int32_t>;
    image.samples = {10, 11, 20, 21};
    const HostInput per_sample{image, 0, dataset, 1};
    CHECK(written(per_sample, 0, false) == Values{10, 11});
    CHECK(written(per_sample, 8, false) == Values{20, 21});
    for (const std::uint64_t step : {1U, 7U, 9U, 16U}) {
        CHECK(written(per_sample, step, false).empty());
    }
    isa::InputImage held = image;
    held.samples = {30, 31};
    const HostInput constant{held, 0, dataset, 1};
    CHECK(written(constant, 0, false) == Values{30, 31});
    CHECK(written(constant, 8, false).empty());
    CHECK(written(constant, 8, true) == Values{30, 31});
}

TEST_CASE("values that change in a run are written in their steps, the latest after a reset",
          "[host_input]") {
    const isa::DatasetImage dataset = two_samples(8);
    isa::InputImage image = input(isa::InputKind::kWrite, 3);
    image.writes = {{NeuronId{4}, 0}, {NeuronId{5}, 0}, {NeuronId{6}, 0}};
    image.spike_steps = {2, 2, 5, 8};
    image.spike_sources = {0, 1, 1, 0};
    image.spike_payloads = {7, 8, 9, -1};
    const HostInput host{image, 0, dataset, 1};
    using Values = std::vector<std::pair<std::uint32_t, std::int32_t>>;
    const auto written = [&](std::uint64_t step, bool restored) {
        std::vector<HostInput::Write> values;
        host.writes(step, emu::position_of(dataset, step), restored, values);
        Values all;
        for (const HostInput::Write& one : values) all.emplace_back(one.place, one.value);
        return all;
    };
    CHECK(written(0, false).empty());
    CHECK(written(2, false) == Values{{0, 7}, {1, 8}});
    CHECK(written(5, false) == Values{{1, 9}});
    CHECK(written(6, true) == Values{{0, 7}, {1, 9}});
    CHECK(written(8, true) == Values{{0, -1}, {1, 9}});
    CHECK(written(9, false).empty());
}
