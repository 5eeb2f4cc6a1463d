#include "isa/image/weights.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdlib>
#include <map>

#include "tests/unit/compiler/golden.hpp"

namespace seamount::compiler {
namespace {

constexpr int kWidths[] = {1, 2, 3, 4, 5, 6, 8};
constexpr isa::SignMode kModes[] = {isa::kMixed, isa::kExcitatory, isa::kInhibitory};

TEST_CASE("stored weights act as the public bit-accurate models say", "[weights]") {
    const auto table = read_golden("weight_table.json");
    const std::map<std::string, isa::SignMode> modes{
        {"mixed", isa::kMixed}, {"exc", isa::kExcitatory}, {"inh", isa::kInhibitory}};
    std::size_t checked = 0;
    std::size_t wrong = 0;
    for (const auto& row : table["rows"]) {
        const isa::SignMode mode = modes.at(row["mode"]);
        const int bits = row["nbits"];
        const int exponent = row["wexp"];
        // Off-grid negative mixed weights: lava floors, as the chip does; lava lacks the 15-bit
        // clip.
        const auto& expected = row["lava"].is_null() ? row["brian"] : row["lava"];
        for (std::size_t k = 0; k < expected.size(); ++k) {
            const int w = row["w0"].get<int>() + static_cast<int>(k) * row["wstep"].get<int>();
            const int m = isa::truncate_mantissa(w, mode, bits);
            const bool clips = m == -256 && exponent == 7;
            const int want = clips ? -32767 * 64 : expected[k].get<int>();
            wrong += isa::effective_weight(m, exponent) != want ? 1U : 0U;
            ++checked;
        }
    }
    CHECK(wrong == 0);
    CHECK(checked > 10000);
}

TEST_CASE("rounding to nearest gives the weights of nengo-loihi's compiler", "[weights]") {
    const auto table = read_golden("weight_table_nengo.json");
    std::size_t checked = 0;
    std::size_t wrong = 0;
    for (const auto& row : table["rows"]) {
        for (std::size_t k = 0; k < row["w_eff"].size(); ++k) {
            const int w = row["w0"].get<int>() + static_cast<int>(k) * row["wstep"].get<int>();
            const int m = isa::round_mantissa(w, isa::kMixed, row["nbits"], row["wexp"]);
            wrong += isa::effective_weight(m, row["wexp"]) != row["w_eff"][k].get<int>() ? 1U : 0U;
            ++checked;
        }
    }
    CHECK(wrong == 0);
    CHECK(checked > 10000);
}

TEST_CASE("truncation lands on the grid below, and is exact on the grid", "[weights]") {
    for (const isa::SignMode mode : kModes) {
        for (const int bits : kWidths) {
            const int grid = 1 << isa::lost_bits(mode, bits);
            const auto [low, high] = isa::mantissa_range(mode);
            for (int w = low; w <= high; ++w) {
                const int m = isa::truncate_mantissa(w, mode, bits);
                REQUIRE(m % grid == 0);
                REQUIRE(std::abs(w - m) < grid);
                REQUIRE((mode == isa::kInhibitory ? m >= w : m <= w));
                REQUIRE(m >= low);
                REQUIRE(isa::truncate_mantissa(m, mode, bits) == m);
            }
        }
    }
}

TEST_CASE("excitatory and inhibitory weights are mirror images", "[weights]") {
    for (const int bits : kWidths) {
        for (int w = 0; w <= 255; ++w) {
            REQUIRE(isa::truncate_mantissa(-w, isa::kInhibitory, bits) ==
                    -isa::truncate_mantissa(w, isa::kExcitatory, bits));
        }
    }
}

TEST_CASE("rounding errs by at most half a grid step inside its range", "[weights]") {
    for (const isa::SignMode mode : kModes) {
        for (const int bits : kWidths) {
            const int grid = 1 << isa::lost_bits(mode, bits);
            const double limit = 256 - grid;
            const double low = mode == isa::kExcitatory ? 0.0 : -limit;
            const double high = mode == isa::kInhibitory ? 0.0 : limit;
            REQUIRE(isa::nearest_range(mode, bits).min == low);
            REQUIRE(isa::nearest_range(mode, bits).max == high);
            for (double w = -300.0; w <= 300.0; w += 0.25) {
                const int m = isa::round_mantissa(w, mode, bits);
                REQUIRE(m % grid == 0);
                REQUIRE(m >= low);
                REQUIRE(m <= high);
                if (w >= low && w <= high) REQUIRE(std::fabs(w - m) <= grid / 2.0);
            }
        }
    }
    CHECK(isa::round_mantissa(1.0, isa::kMixed, 8) == 0);  // ties to even multiples of the grid
    CHECK(isa::round_mantissa(3.0, isa::kMixed, 8) == 4);
}

TEST_CASE("the effective weight is the scaled mantissa rounded down and clipped", "[weights]") {
    for (int exponent = -8; exponent <= 7; ++exponent) {
        for (int m = -256; m <= 255; ++m) {
            const double scaled = std::floor(m * std::pow(2.0, exponent));
            const double clipped = std::min(32767.0, std::max(-32767.0, scaled));
            REQUIRE(isa::effective_weight(m, exponent) == static_cast<int>(clipped) * 64);
        }
    }
}

}  // namespace
}  // namespace seamount::compiler
