#include "tools/plot/axes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

namespace seamount::tools {
namespace {

constexpr double kTick = 3.0;
constexpr double kLine = 11.0;  ///< of text
const Stroke kAxis{kBlack, 0.6, {}};

}  // namespace

std::vector<double> ticks(double low, double high, std::size_t most, bool whole) {
    if (!(high > low)) return {low};
    const double rough = (high - low) / static_cast<double>(std::max<std::size_t>(most, 1));
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    double apart = 10.0 * power;
    for (const double times : {5.0, 2.0, 1.0}) {
        if (times * power >= rough * (1.0 - 1e-9)) apart = times * power;
    }
    if (whole) apart = std::max(apart, 1.0);
    std::vector<double> values;
    const double slack = apart * 1e-9;
    for (double k = std::ceil((low - slack) / apart); k * apart <= high + slack; k += 1.0) {
        values.push_back(k == 0.0 ? 0.0 : k * apart);
    }
    return values;
}

Unit unit_for(double most, std::string_view base) {
    if (!(most > 0.0)) return {1.0, std::string{base}};
    if (base.empty()) {
        constexpr int kFirst = 4;
        const int digits = static_cast<int>(std::floor(std::log10(most)));
        if (digits < kFirst) return {};
        return {std::pow(10.0, -digits), fmt::format("10^{}", digits)};
    }
    constexpr std::array<std::string_view, 9> kPrefixes{"f", "p", "n", "µ", "m", "", "k", "M", "G"};
    constexpr int kNone = 5;
    const int third = static_cast<int>(std::floor(std::log10(most * (1 + 1e-12)) / 3.0));
    const int at = std::clamp(third + kNone, 0, static_cast<int>(kPrefixes.size()) - 1);
    return {std::pow(1000.0, kNone - at),
            std::string{kPrefixes[static_cast<std::size_t>(at)]} + std::string{base}};
}

std::string tick_text(double value) {
    return fmt::format("{:.6g}", value);
}

std::string label_of(const std::string& quantity, const Unit& unit) {
    return unit.text.empty() ? quantity : fmt::format("{} ({})", quantity, unit.text);
}

double x_axis(Picture& picture, const Box& box, const Scale& scale, const std::string& label,
              const Unit& unit, bool whole) {
    constexpr double kApart = 60.0;
    const auto most = static_cast<std::size_t>(std::max(2.0, box.width / kApart));
    const Scale shown{scale.low * unit.factor, scale.high * unit.factor, scale.from, scale.to};
    for (const double value : ticks(shown.low, shown.high, most, whole)) {
        const double x = shown(value);
        picture.line({x, box.bottom()}, {x, box.bottom() + kTick}, kAxis);
        picture.text({x, box.bottom() + kTick + kLine - 2}, tick_text(value), Anchor::kMiddle);
    }
    picture.frame(box, kAxis);
    picture.text({box.x + box.width / 2, box.bottom() + kTick + 2 * kLine}, label_of(label, unit),
                 Anchor::kMiddle);
    const double bottom = box.bottom() + kTick + 2 * kLine + 4;
    picture.reach(bottom);
    return bottom;
}

void y_axis(Picture& picture, const Box& box, const Scale& scale, const std::string& label,
            const Unit& unit, bool whole) {
    constexpr double kApart = 22.0;
    const auto most = static_cast<std::size_t>(std::max(1.0, box.height / kApart));
    const Scale shown{scale.low * unit.factor, scale.high * unit.factor, scale.from, scale.to};
    for (const double value : ticks(shown.low, shown.high, most, whole)) {
        const double y = shown(value);
        picture.line({box.x - kTick, y}, {box.x, y}, kAxis);
        picture.text({box.x - kTick - 2, y + 3}, tick_text(value), Anchor::kEnd);
    }
    picture.frame(box, kAxis);
    picture.text_upwards({box.x - kLeftOfBox + 9, box.y + box.height / 2}, label_of(label, unit),
                         box.height + 6);
}

Stroke series_stroke(std::size_t number) {
    const std::array<Stroke, kSeries> strokes{{{{0.03, 0.19, 0.42}, 1.0, {}},
                                               {{0.80, 0.33, 0.05}, 1.1, {5.0, 2.0}},
                                               {{0.10, 0.55, 0.45}, 1.2, {1.5, 1.5}},
                                               {{0.55, 0.62, 0.70}, 1.3, {}}}};
    return strokes[number % kSeries];
}

Colour series_fill(std::size_t number, std::size_t count) {
    const double share =
        count < 2 ? 0.0 : static_cast<double>(number) / static_cast<double>(count - 1);
    return heat(0.95 - 0.8 * share);
}

Colour heat(double share) {
    struct Stop {
        double at;
        Colour colour;
    };
    constexpr std::array<Stop, 4> kStops{{{0.0, {0.97, 0.98, 1.00}},
                                          {0.35, {0.62, 0.79, 0.88}},
                                          {0.7, {0.13, 0.44, 0.71}},
                                          {1.0, {0.03, 0.15, 0.34}}}};
    const double value = std::clamp(share, 0.0, 1.0);
    std::size_t i = 1;
    while (i + 1 < kStops.size() && value > kStops[i].at) ++i;
    const Stop& a = kStops[i - 1];
    const Stop& b = kStops[i];
    const double t = (value - a.at) / (b.at - a.at);
    const auto mix = [t](double from, double to) { return from + (to - from) * t; };
    return {mix(a.colour.red, b.colour.red), mix(a.colour.green, b.colour.green),
            mix(a.colour.blue, b.colour.blue)};
}

double legend(Picture& picture, Point at, double width, std::span<const LegendEntry> entries) {
    constexpr double kSample = 20.0;
    double x = at.x;
    double y = at.y;
    for (const LegendEntry& entry : entries) {
        const double wide = kSample + 4 + picture.text_width(entry.text) + 12;
        if (x > at.x && x + wide > at.x + width) {
            x = at.x;
            y += kLine;
        }
        if (entry.is_fill) {
            const Box box{x + kSample - 10, y - 7, 10, 8};
            picture.fill(box, entry.stroke.colour);
            picture.frame(box, {kBlack, 0.3, {}});
        } else {
            picture.line({x, y - 3}, {x + kSample, y - 3}, entry.stroke);
        }
        picture.text({x + kSample + 4, y}, entry.text);
        x += wide;
    }
    return y + kLine;
}

void caption(Picture& picture, Point at, double width, const std::string& text) {
    std::istringstream words{text};
    std::string line;
    const auto put = [&] {
        picture.text(at, line);
        picture.reach(at.y + 4);
        at.y += kLine;
    };
    for (std::string word; words >> word;) {
        const std::string longer = line.empty() ? word : line + ' ' + word;
        if (line.empty() || picture.text_width(longer) <= width) {
            line = longer;
            continue;
        }
        put();
        line = word;
    }
    if (!line.empty()) put();
}

void heat_bar(Picture& picture, const Box& box, double most, const std::string& label,
              std::string_view base) {
    constexpr std::size_t kCells = 128;
    constexpr double kWide = 9.0;
    const Box bar{box.right() + 12, box.y, kWide, box.height};
    std::vector<Colour> colours;
    for (std::size_t i = 0; i < kCells; ++i) {
        colours.push_back(heat(1.0 - (static_cast<double>(i) + 0.5) / kCells));
    }
    picture.cells(bar, 1, colours);
    picture.frame(bar, kAxis);
    const Unit unit = unit_for(most, base);
    const Scale scale{0.0, most * unit.factor, bar.bottom(), bar.y};
    constexpr double kApart = 22.0;
    for (const double value :
         ticks(0.0, scale.high, static_cast<std::size_t>(std::max(1.0, box.height / kApart)))) {
        const double y = most > 0.0 ? scale(value) : bar.bottom();
        picture.line({bar.right(), y}, {bar.right() + kTick, y}, kAxis);
        picture.text({bar.right() + kTick + 2, y + 3}, tick_text(value));
    }
    picture.text_upwards({bar.right() + 40, bar.y + bar.height / 2}, label_of(label, unit),
                         bar.height + 6);
}

}  // namespace seamount::tools
