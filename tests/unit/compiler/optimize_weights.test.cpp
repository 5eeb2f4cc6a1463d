#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "compiler/lower/quantise/optimize_weights.hpp"

using namespace seamount::compiler;

TEST_CASE("optimised weights fill the mantissa and lose nothing", "[optimize_weights]") {
    std::mt19937 random(7);
    for (const seamount::isa::SignMode mode :
         {seamount::isa::kMixed, seamount::isa::kExcitatory, seamount::isa::kInhibitory}) {
        const seamount::isa::MantissaRange range = seamount::isa::mantissa_range(mode);
        for (int trial = 0; trial < 2000; ++trial) {
            const int step = 1 << (random() % 8);
            const int limit = 1 + static_cast<int>(random() % 256);
            std::vector<std::int32_t> weights;
            for (int i = 0; i < 5; ++i) {
                const int w = static_cast<int>(random() % 513) - 256;
                weights.push_back(
                    std::clamp(std::clamp(w, -limit, limit) / step * step, range.min, range.max));
            }
            const OptimisedWeights got = optimise_weights(weights, mode);
            bool full = std::count(weights.begin(), weights.end(), 0) == 5;
            for (std::size_t i = 0; i < weights.size(); ++i) {
                const std::int32_t m = got.mantissas[i];
                REQUIRE(m == weights[i] * (1 << -got.exponent));
                REQUIRE(m >= range.min);
                REQUIRE(m <= range.max);
                full = full || 2 * m < range.min || 2 * m > range.max;
                if (got.bits == 0) {
                    REQUIRE(m == 0);
                } else if (got.bits <= 8) {
                    REQUIRE(seamount::isa::truncate_mantissa(m, mode, got.bits) == m);
                    REQUIRE(got.stored[i] * (1 << seamount::isa::lost_bits(mode, got.bits)) == m);
                } else {
                    REQUIRE(mode == seamount::isa::kMixed);
                }
            }
            REQUIRE(full);
            // One bit less would lose something.
            if (got.bits > 1 && got.bits <= 8) {
                REQUIRE(std::any_of(got.mantissas.begin(), got.mantissas.end(), [&](auto m) {
                    return seamount::isa::truncate_mantissa(m, mode, got.bits - 1) != m;
                }));
            }
        }
    }
}

TEST_CASE("a power of two that would touch the mixed limit only moves up on the negative side",
          "[optimize_weights]") {
    CHECK(optimise_weights(std::vector<std::int32_t>{-128}, seamount::isa::kMixed).exponent == -1);
    CHECK(optimise_weights(std::vector<std::int32_t>{128}, seamount::isa::kMixed).exponent == 0);
    CHECK(optimise_weights(std::vector<std::int32_t>{-128}, seamount::isa::kInhibitory).exponent ==
          0);
}
