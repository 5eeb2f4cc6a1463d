#include "tools/plot/picture.hpp"

#include <cairo/cairo-svg.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#include "isa/base/assert.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/base/json.hpp"

namespace seamount::tools {
namespace {

using Surface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
    auto& bytes = *static_cast<std::string*>(closure);
    for (const unsigned char byte : std::span{data, length}) bytes += static_cast<char>(byte);
    return CAIRO_STATUS_SUCCESS;
}

/// Bytes that are no UTF-8 would end the drawing: they become U+FFFD.
std::string as_utf8(const std::string& text) {
    const std::string quoted = json_text(Json(text));
    return parse_json_or_throw(quoted).get<std::string>();
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char letter : text) {
        switch (letter) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            default:
                out += letter;
        }
    }
    return out;
}

void set_font(cairo_t* context, double size) {
    cairo_select_font_face(context, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(context, size);
}

void pen(cairo_t* context, const Stroke& stroke) {
    cairo_set_source_rgb(context, stroke.colour.red, stroke.colour.green, stroke.colour.blue);
    cairo_set_line_width(context, stroke.width);
    cairo_set_line_join(context, CAIRO_LINE_JOIN_BEVEL);
    cairo_set_dash(context, stroke.dash.data(), static_cast<int>(stroke.dash.size()), 0.0);
}

void check(cairo_t* context) {
    const cairo_status_t status = cairo_status(context);
    SM_ASSERT(status == CAIRO_STATUS_SUCCESS, cairo_status_to_string(status));
}

}  // namespace

PlotFormat plot_format_of(const std::string& file) {
    const std::size_t dot = file.rfind('.');
    const std::string ending = dot == std::string::npos ? "" : file.substr(dot + 1);
    if (const auto format = parse(kPlotFormatNames, ending)) return *format;
    bad_input("CLI-PLOT", file, "the name of a plot ends in .svg or .png");
}

std::string drawn(PlotFormat format, double width, double height, double scale,
                  const std::function<void(cairo_t*)>& draw) {
    std::string bytes;
    const bool is_svg = format == PlotFormat::kSvg;
    const Surface surface{
        is_svg ? cairo_svg_surface_create_for_stream(append, &bytes, width, height)
               : cairo_image_surface_create(CAIRO_FORMAT_RGB24,
                                            static_cast<int>(std::ceil(width * scale)),
                                            static_cast<int>(std::ceil(height * scale))),
        cairo_surface_destroy};
    {
        const std::unique_ptr<cairo_t, decltype(&cairo_destroy)> context{
            cairo_create(surface.get()), cairo_destroy};
        if (!is_svg) cairo_scale(context.get(), scale, scale);
        cairo_set_source_rgb(context.get(), 1, 1, 1);
        cairo_paint(context.get());
        draw(context.get());
        check(context.get());
    }
    if (!is_svg) cairo_surface_write_to_png_stream(surface.get(), append, &bytes);
    cairo_surface_finish(surface.get());
    return bytes;
}

Picture::Picture(double width) : width_{width}, ruler_{nullptr, cairo_destroy} {
    const Surface none{cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, nullptr),
                       cairo_surface_destroy};
    ruler_.reset(cairo_create(none.get()));
    set_font(ruler_.get(), kFont);
}

void Picture::line(Point from, Point to, const Stroke& stroke) {
    const Point ends[] = {from, to};
    marks(ends, stroke);
}

void Picture::path(std::span<const Point> points, const Stroke& stroke) {
    act([points = std::vector(points.begin(), points.end()), stroke](cairo_t* c) {
        pen(c, stroke);
        cairo_new_path(c);
        for (const Point& point : points) cairo_line_to(c, point.x, point.y);
        cairo_stroke(c);
    });
}

void Picture::marks(std::span<const Point> ends, const Stroke& stroke) {
    act([ends = std::vector(ends.begin(), ends.end()), stroke](cairo_t* c) {
        pen(c, stroke);
        cairo_new_path(c);
        for (std::size_t i = 0; i + 1 < ends.size(); i += 2) {
            cairo_move_to(c, ends[i].x, ends[i].y);
            cairo_line_to(c, ends[i + 1].x, ends[i + 1].y);
        }
        cairo_stroke(c);
    });
}

void Picture::area(std::span<const Point> corners, const Colour& colour) {
    act([corners = std::vector(corners.begin(), corners.end()), colour](cairo_t* c) {
        cairo_set_source_rgb(c, colour.red, colour.green, colour.blue);
        cairo_new_path(c);
        for (const Point& corner : corners) cairo_line_to(c, corner.x, corner.y);
        cairo_fill(c);
    });
}

void Picture::fill(const Box& box, const Colour& colour) {
    act([box, colour](cairo_t* c) {
        cairo_set_source_rgb(c, colour.red, colour.green, colour.blue);
        cairo_rectangle(c, box.x, box.y, box.width, box.height);
        cairo_fill(c);
    });
}

void Picture::frame(const Box& box, const Stroke& stroke) {
    act([box, stroke](cairo_t* c) {
        pen(c, stroke);
        cairo_rectangle(c, box.x, box.y, box.width, box.height);
        cairo_stroke(c);
    });
}

void Picture::text(Point at, const std::string& text, Anchor anchor) {
    const double share = anchor == Anchor::kStart ? 0.0 : anchor == Anchor::kMiddle ? 0.5 : 1.0;
    const double left = at.x - share * text_width(text);
    act([left, at, shown = as_utf8(text)](cairo_t* c) {
        set_font(c, kFont);
        cairo_set_source_rgb(c, 0, 0, 0);
        cairo_move_to(c, left, at.y);
        cairo_show_text(c, shown.c_str());
    });
}

void Picture::text_upwards(Point middle, const std::string& text, double most) {
    const double width = text_width(text);
    const double shrink = std::min(1.0, most / std::max(width, 1.0));
    act([middle, start = shrink * width / 2, shrink, shown = as_utf8(text)](cairo_t* c) {
        cairo_save(c);
        set_font(c, kFont * shrink);
        cairo_set_source_rgb(c, 0, 0, 0);
        cairo_move_to(c, middle.x, middle.y + start);
        cairo_rotate(c, -std::acos(0.0));
        cairo_show_text(c, shown.c_str());
        cairo_restore(c);
    });
}

double Picture::text_width(const std::string& text) const {
    cairo_text_extents_t extents;
    cairo_text_extents(ruler_.get(), as_utf8(text).c_str(), &extents);
    return extents.x_advance;
}

void Picture::cells(const Box& box, std::size_t columns, std::span<const Colour> colours) {
    const std::size_t lines = colours.size() / columns;
    const std::shared_ptr<cairo_surface_t> image{
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(columns),
                                   static_cast<int>(lines)),
        cairo_surface_destroy};
    const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(image.get()));
    const std::span<unsigned char> bytes{cairo_image_surface_get_data(image.get()), stride * lines};
    const auto level = [](double value) {
        return static_cast<std::uint32_t>(std::lround(value * 255.0));
    };
    for (std::size_t i = 0; i < columns * lines; ++i) {
        const Colour& one = colours[i];
        const std::uint32_t word =
            (level(one.red) << 16U) | (level(one.green) << 8U) | level(one.blue);
        std::memcpy(&bytes[i / columns * stride + i % columns * sizeof word], &word, sizeof word);
    }
    cairo_surface_mark_dirty(image.get());
    act([=](cairo_t* c) {
        cairo_save(c);
        cairo_translate(c, box.x, box.y);
        cairo_scale(c, box.width / static_cast<double>(columns),
                    box.height / static_cast<double>(lines));
        cairo_set_source_surface(c, image.get(), 0, 0);
        cairo_pattern_set_filter(cairo_get_source(c), CAIRO_FILTER_NEAREST);
        cairo_paint(c);
        cairo_restore(c);
    });
}

std::string Picture::bytes(PlotFormat format, const std::string& title,
                           const std::string& description) const {
    std::string file = drawn(format, width_, height_, kPngScale, [this](cairo_t* context) {
        for (const Act& what : acts_) what(context);
    });
    if (format != PlotFormat::kSvg) return file;
    const std::size_t begin = file.find("<svg");
    const std::size_t end = begin == std::string::npos ? begin : file.find('>', begin);
    SM_ASSERT(end != std::string::npos, "cairo wrote no <svg>");
    file.insert(end + 1, "\n<title>" + escaped(as_utf8(title)) + "</title>\n<desc>" +
                             escaped(as_utf8(description)) + "</desc>");
    return file;
}

}  // namespace seamount::tools
