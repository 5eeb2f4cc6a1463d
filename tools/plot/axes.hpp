#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/plot/picture.hpp"

namespace seamount::tools {

/// Places of values on the paper: `low` is at `from`, `high` at `to`.
struct Scale {
    double low = 0.0;
    double high = 1.0;
    double from = 0.0;
    double to = 1.0;

    [[nodiscard]] double operator()(double value) const noexcept {
        return high > low ? from + (value - low) / (high - low) * (to - from) : (from + to) / 2;
    }
};

/// Round values (1, 2 or 5 times a power of ten apart) from `low` to `high`, about `most` of them
/// at most; `whole`: whole numbers only.
[[nodiscard]] std::vector<double> ticks(double low, double high, std::size_t most,
                                        bool whole = false);

/// What values are shown in: times `factor`, in `text`.
struct Unit {
    double factor = 1.0;
    std::string text;
};
/// An SI prefix with which `most` is between 1 and 1000, before `base` ("s", "J"); without a base a
/// power of ten from 10^4 on.
[[nodiscard]] Unit unit_for(double most, std::string_view base);
/// A value as a tick has it: six digits at most, no zeros behind a point.
[[nodiscard]] std::string tick_text(double value);
/// The label of an axis, with its unit in brackets if it has one.
[[nodiscard]] std::string label_of(const std::string& quantity, const Unit& unit);

/// The axis below `box`; values are shown in `unit`. Gives where what is below may begin.
double x_axis(Picture& picture, const Box& box, const Scale& scale, const std::string& label,
              const Unit& unit = {}, bool whole = false);
/// The axis to the left of `box`.
void y_axis(Picture& picture, const Box& box, const Scale& scale, const std::string& label,
            const Unit& unit = {}, bool whole = false);
inline constexpr double kLeftOfBox = 52.0;  ///< points that y_axis() takes

/// Lines that differ in lightness and in dashes.
[[nodiscard]] Stroke series_stroke(std::size_t number);
inline constexpr std::size_t kSeries = 4;
/// Fills from dark to light.
[[nodiscard]] Colour series_fill(std::size_t number, std::size_t count);
/// From almost white (0) to dark (1), darker all the way.
[[nodiscard]] Colour heat(double share);

struct LegendEntry {
    std::string text;
    Stroke stroke{};
    bool is_fill = false;  ///< a box of the stroke's colour
};
/// Entries in a row, or in several, from `at` on to the right; gives the line below.
double legend(Picture& picture, Point at, double width, std::span<const LegendEntry> entries);
/// Words in as many lines as they need, from `at` on; the picture reaches below them.
void caption(Picture& picture, Point at, double width, const std::string& text);
/// A bar of heat() from 0 to `most`, to the right of `box`.
void heat_bar(Picture& picture, const Box& box, double most, const std::string& label,
              std::string_view base);

}  // namespace seamount::tools
