#include "tools/plot/axes.hpp"

#include <catch2/catch.hpp>

using namespace seamount::tools;
using Catch::Contains;

namespace {

double lightness(const Colour& colour) {
    return 0.2126 * colour.red + 0.7152 * colour.green + 0.0722 * colour.blue;
}

}  // namespace

TEST_CASE("ticks of an axis are round and within its ends", "[axes]") {
    CHECK(ticks(0.0, 100.0, 5) == std::vector<double>{0, 20, 40, 60, 80, 100});
    CHECK(ticks(-3.0, 3.0, 3) == std::vector<double>{-2, 0, 2});
    CHECK(ticks(0.0, 1.0, 4, true) == std::vector<double>{0, 1});
    CHECK(ticks(7.0, 7.0, 4) == std::vector<double>{7});
    for (const double most : {1e-12, 0.3, 17.0, 8388607.0, 3e15}) {
        const std::vector<double> values = ticks(0.0, most, 6);
        CHECK(values.size() >= 3);
        CHECK(values.size() <= 7);
        CHECK(values.back() <= most * (1 + 1e-9));
    }
}

TEST_CASE("values are shown between 1 and 1000 of their unit", "[axes]") {
    CHECK(unit_for(2.9e-6, "J").text == "µJ");
    CHECK(2.9e-6 * unit_for(2.9e-6, "J").factor == Approx(2.9));
    CHECK(unit_for(1e-9, "s").text == "ns");
    CHECK(unit_for(1000.0, "s").text == "ks");
    CHECK(unit_for(12.0, "s").text == "s");
    CHECK(unit_for(0.0, "s").text == "s");
    CHECK(unit_for(9999.0, "").text.empty());
    CHECK(unit_for(8388607.0, "").text == "10^6");
    CHECK(label_of("energy", unit_for(3e-9, "J")) == "energy (nJ)");
    CHECK(label_of("spikes", {}) == "spikes");
    CHECK(tick_text(0.30000000000000004) == "0.3");
    CHECK(tick_text(-200.0) == "-200");
}

TEST_CASE("colours are told apart in grey", "[axes]") {
    for (int i = 0; i < 20; ++i) {
        CHECK(lightness(heat(i / 20.0)) > lightness(heat((i + 1) / 20.0)));
    }
    for (std::size_t i = 0; i + 1 < 6; ++i) {
        CHECK(lightness(series_fill(i + 1, 6)) - lightness(series_fill(i, 6)) > 0.05);
    }
    for (std::size_t a = 0; a < kSeries; ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            const bool differ = series_stroke(a).dash != series_stroke(b).dash ||
                                std::abs(lightness(series_stroke(a).colour) -
                                         lightness(series_stroke(b).colour)) > 0.25;
            CHECK(differ);
        }
    }
}

TEST_CASE("a picture becomes an image that says what it shows, whatever its texts are", "[axes]") {
    Picture picture{200.0};
    picture.text({10, 10}, "a < b & \xFF");
    const Box box{60, 20, 100, 50};
    (void)x_axis(picture, box, {0.0, 10.0, box.x, box.right()}, "step", {}, true);
    const std::string svg = picture.bytes(PlotFormat::kSvg, "a < b", "what & how");
    CHECK_THAT(svg, Contains("<title>a &lt; b</title>") && Contains("<desc>what &amp; how</desc>"));
    const std::string png = picture.bytes(PlotFormat::kPng, "", "");
    CHECK(png.substr(1, 3) == "PNG");
}
