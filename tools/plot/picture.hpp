#pragma once

#include <cairo/cairo.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "isa/base/name_table.hpp"

namespace seamount::tools {

/// By the endings of files.
enum class PlotFormat : std::uint8_t { kSvg, kPng };
inline constexpr auto kPlotFormatNames =
    name_table<PlotFormat>({{PlotFormat::kSvg, "svg"}, {PlotFormat::kPng, "png"}});

/// The format of a file by its name. Throws InputError (CLI-PLOT).
[[nodiscard]] PlotFormat plot_format_of(const std::string& file);

/// A file of `width` x `height` points on which `draw` draws; PNG has `scale` pixels a point.
[[nodiscard]] std::string drawn(PlotFormat format, double width, double height, double scale,
                                const std::function<void(cairo_t*)>& draw);

/// In points (1/72 inch), from the left and from the top.
struct Point {
    double x = 0.0;
    double y = 0.0;
};
struct Box {
    double x = 0.0;
    double y = 0.0;
    double width = 0.0;
    double height = 0.0;

    [[nodiscard]] double right() const noexcept { return x + width; }
    [[nodiscard]] double bottom() const noexcept { return y + height; }
};
/// From 0 to 1.
struct Colour {
    double red = 0.0;
    double green = 0.0;
    double blue = 0.0;
};
inline constexpr Colour kBlack{};
inline constexpr Colour kWhite{1.0, 1.0, 1.0};
inline constexpr Colour kGrey{0.75, 0.75, 0.75};

struct Stroke {
    Colour colour{};
    double width = 0.8;
    std::vector<double> dash{};
};
enum class Anchor : std::uint8_t { kStart, kMiddle, kEnd };

/// A drawing on white, as high as it gets, which becomes a file at the end.
class Picture {
public:
    static constexpr double kFont = 8.0;    ///< points
    static constexpr double kPngScale = 3;  ///< pixels a point: 216 dpi

    explicit Picture(double width);

    [[nodiscard]] double width() const noexcept { return width_; }
    /// The picture reaches down to here at least.
    void reach(double bottom) { height_ = bottom > height_ ? bottom : height_; }
    void line(Point from, Point to, const Stroke& stroke);
    void path(std::span<const Point> points, const Stroke& stroke);
    /// Many lines of one stroke, each from its first point to its second.
    void marks(std::span<const Point> ends, const Stroke& stroke);
    void area(std::span<const Point> corners, const Colour& colour);
    void fill(const Box& box, const Colour& colour);
    void frame(const Box& box, const Stroke& stroke);
    /// `at` is on the line that the letters stand on.
    void text(Point at, const std::string& text, Anchor anchor = Anchor::kStart);
    /// Turned to the left, around `middle`; smaller if it would be longer than `most`.
    void text_upwards(Point middle, const std::string& text, double most);
    [[nodiscard]] double text_width(const std::string& text) const;
    /// Coloured cells, line by line from the top.
    void cells(const Box& box, std::size_t columns, std::span<const Colour> colours);

    /// The bytes of a file. `title` and `description` are what SVG tells those who do not see it.
    [[nodiscard]] std::string bytes(PlotFormat format, const std::string& title,
                                    const std::string& description) const;

private:
    using Act = std::function<void(cairo_t*)>;
    void act(Act what) { acts_.push_back(std::move(what)); }

    double width_;
    double height_ = 0.0;
    std::vector<Act> acts_;
    std::unique_ptr<cairo_t, decltype(&cairo_destroy)> ruler_;  ///< measures texts
};

}  // namespace seamount::tools
