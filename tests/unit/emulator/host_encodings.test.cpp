#include <algorithm>

#include <catch2/catch.hpp>

#include "emulator/machine/host_input.hpp"
#include "isa/base/random_domain.hpp"
#include "tests/unit/emulator/host_samples.hpp"

using namespace seamount;
using namespace seamount::test;
using emu::HostInput;

namespace {

__extension__ using Int128 = __int128;

/// The phase of a source in 2^-32, as NETWORK.md and the table of random domains have it.
std::uint32_t phase_of(std::uint64_t seed, std::uint32_t index, std::uint32_t source,
                       std::uint32_t sample) {
    const RandomStream stream{RandomDomain::kHostInputs, seed, index};
    return stream.block((1U << 30U) + source / 4, sample)[source % 4];
}

}  // namespace

TEST_CASE("rates of a dataset start at the phase of their source and sample", "[host_encodings]") {
    constexpr std::uint32_t kSteps = 40;
    constexpr std::uint64_t kSeed = 0x123456789ABCDEF;
    const isa::DatasetImage dataset = two_samples(kSteps);
    const isa::InputImage image = dataset_input(isa::InputKind::kPhasedRate);
    const HostInput host{image, 3, dataset, kSeed};
    for (std::uint64_t step = 0; step < 2 * kSteps; ++step) {
        const auto sample = static_cast<std::uint32_t>(step / kSteps);
        const std::uint64_t local = step % kSteps;
        const auto found = spikes_at(host, step, dataset);
        CHECK(std::is_sorted(found.begin(), found.end()));
        for (std::uint32_t i = 0; i < 256; ++i) {
            // floor(n * q / max + u) with u = phase / 2^32, over the common denominator
            const auto upto = [&](std::uint64_t n) {
                const Int128 whole = static_cast<Int128>(n) * value_of(sample, i);
                const Int128 sum = (whole << 32) + Int128{phase_of(kSeed, 3, i, sample)} * kMax;
                return sum / (Int128{kMax} << 32);
            };
            INFO("step " << step << ", source " << i);
            const bool expected = local < kSteps - 3 && upto(local + 1) > upto(local);
            REQUIRE(contains(found, i) == expected);
        }
    }
}

TEST_CASE("rates without a dataset start at one phase per source", "[host_encodings]") {
    isa::InputImage image = input(isa::InputKind::kPhasedRate, 7);
    constexpr std::uint64_t kHalf = std::uint64_t{1} << 63U;
    image.rates = {
        0, 1, kHalf, kHalf / 5, isa::InputImage::kAlways - 1, kHalf + 1, isa::InputImage::kAlways};
    const HostInput host{image, 1, {}, 9};
    for (const std::uint64_t start : {std::uint64_t{0}, std::uint64_t{1} << 40}) {
        for (std::uint64_t t = start; t < start + 300; ++t) {
            const auto found = spikes_at(host, t);
            for (std::uint32_t i = 0; i + 1 < image.size; ++i) {
                const auto upto = [&](std::uint64_t n) {
                    return (static_cast<Int128>(n) * static_cast<Int128>(image.rates[i]) +
                            (Int128{phase_of(9, 1, i, 0)} << 32)) >>
                           64;
                };
                INFO("step " << t << ", source " << i);
                REQUIRE(contains(found, i) == (upto(t + 1) > upto(t)));
            }
            REQUIRE(contains(found, 6));
        }
    }
}

TEST_CASE("values of a graded dataset are payloads of the first step, and 0 is no spike",
          "[host_encodings]") {
    isa::DatasetImage dataset = two_samples(5);
    isa::InputImage image = input(isa::InputKind::kGraded, 3);
    image.samples = {7, 0, -300, 0, 1 << 30, 0};
    const HostInput host{image, 0, dataset, 1};
    std::vector<std::int32_t> buffer;
    const auto payloads = [&](const HostInput& from, std::uint64_t step) {
        const auto found = from.payloads(step, emu::position_of(dataset, step), buffer);
        return std::vector<std::int32_t>(found.begin(), found.end());
    };
    CHECK(spikes_at(host, 0, dataset) == std::vector<std::uint32_t>{0, 2});
    CHECK(payloads(host, 0) == std::vector<std::int32_t>{7, -300});
    CHECK(spikes_at(host, 5, dataset) == std::vector<std::uint32_t>{1});
    CHECK(payloads(host, 5) == std::vector<std::int32_t>{1 << 30});
    for (const std::uint64_t silent : {1U, 2U, 4U, 6U, 10U}) {
        CHECK(spikes_at(host, silent, dataset).empty());
        CHECK(payloads(host, silent).empty());
    }
    // Of each of the two steps with input.
    image.samples = {1, 0, 0, 0, 2, 3, 4, 0, 0, 0, 0, 5};
    const HostInput moving{image, 0, dataset, 1};
    CHECK(spikes_at(moving, 1, dataset) == std::vector<std::uint32_t>{1, 2});
    CHECK(payloads(moving, 1) == std::vector<std::int32_t>{2, 3});
    CHECK(spikes_at(moving, 2, dataset).empty());
    CHECK(payloads(moving, 6) == std::vector<std::int32_t>{5});
}
