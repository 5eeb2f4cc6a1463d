#include "tools/run/records/files/number_text.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <random>

using namespace seamount::tools;

namespace {

std::string quick(double value) {
    const auto thousandths = thousandths_of(value);
    REQUIRE(thousandths.has_value());
    return std::string{NumberText::of_thousandths(*thousandths).view()};
}

}  // namespace

TEST_CASE("decimals are written as the slow way writes them", "[number_text]") {
    std::mt19937_64 random{7};
    std::uniform_real_distribution<double> exponent{-12.0, 12.9};
    for (int i = 0; i < 200'000; ++i) {
        const double value = std::pow(10.0, exponent(random));
        REQUIRE(quick(value) == fmt::format("{:.3f}", value));
    }
    // ties, and their neighbours
    for (std::uint64_t k = 0; k < 20'000; ++k) {
        const double tie = static_cast<double>(k) / 16.0;
        for (const double value : {tie, std::nextafter(tie, 0.0), std::nextafter(tie, 1e9)}) {
            REQUIRE(quick(value) == fmt::format("{:.3f}", value));
        }
    }
}

TEST_CASE("numbers that are not so simple are left to the slow way", "[number_text]") {
    CHECK_FALSE(thousandths_of(-1.0).has_value());
    CHECK_FALSE(thousandths_of(1e13).has_value());
    CHECK_FALSE(thousandths_of(std::nan("")).has_value());
    CHECK_FALSE(thousandths_of(INFINITY).has_value());
    CHECK(thousandths_of(0.0) == 0U);
    CHECK(NumberText{0}.view() == "0");
    CHECK(NumberText{~std::uint64_t{0}}.view() == "18446744073709551615");
    CHECK(NumberText::of_thousandths(~std::uint64_t{0}).view() == "18446744073709551.615");
}
