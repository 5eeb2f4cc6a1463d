#include "tools/neuron/trace_plot.hpp"

#include <cairo/cairo.h>
#include <fmt/format.h>

#include <algorithm>

namespace seamount::tools {
namespace {

constexpr double kWidth = 800;
constexpr double kPanel = 110;  // height of a curve's panel
constexpr double kSpikePanel = 34;
constexpr double kLeft = 90;
constexpr double kRight = 12;
constexpr double kTop = 30;
constexpr double kGap = 12;
constexpr double kBottom = 26;
constexpr int kPixels = static_cast<int>(kWidth - kLeft - kRight);

class Plot {
public:
    /// `context` has a white page.
    Plot(cairo_t* context, std::size_t steps) : context_{context}, steps_{steps} {
        cairo_select_font_face(c(), "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                               CAIRO_FONT_WEIGHT_NORMAL);
        cairo_set_font_size(c(), 11);
        cairo_set_line_width(c(), 1);
    }

    void title(const std::string& text) {
        cairo_set_source_rgb(c(), 0, 0, 0);
        write(kLeft, 18, text, false);
    }

    void curve(const Curve& curve, bool is_input) {
        const auto [least, most] = std::minmax_element(curve.values.begin(), curve.values.end());
        const double low = static_cast<double>(*least);
        const double span = std::max(static_cast<double>(*most) - low, 1.0);
        frame(kPanel, curve.name);
        write(kLeft - 6, y_ + 9, fmt::format("{}", *most), true);
        write(kLeft - 6, y_ + kPanel, fmt::format("{}", *least), true);
        is_input ? cairo_set_source_rgb(c(), 0.75, 0.45, 0.1)
                 : cairo_set_source_rgb(c(), 0.1, 0.3, 0.7);
        cairo_new_path(c());
        const auto point = [&](std::size_t t, std::int64_t value) {
            const double above = (static_cast<double>(value) - low) / span;
            cairo_line_to(c(), x(t), y_ + kPanel - 3 - above * (kPanel - 6));
        };
        const std::size_t bin = std::max<std::size_t>(1, steps_ / kPixels);
        for (std::size_t t = 0; t < steps_; t += bin) {
            const auto begin = curve.values.begin() + static_cast<std::ptrdiff_t>(t);
            const auto end =
                curve.values.begin() + static_cast<std::ptrdiff_t>(std::min(t + bin, steps_));
            const auto [bottom, top] = std::minmax_element(begin, end);
            point(t, bottom < top ? *bottom : *top);
            if (bottom != top) point(t, bottom < top ? *top : *bottom);
        }
        cairo_stroke(c());
        y_ += kPanel + kGap;
    }

    void spikes(const NeuronTrace& trace) {
        frame(kSpikePanel, "spikes");
        cairo_set_source_rgb(c(), 0.7, 0.1, 0.1);
        for (std::size_t t = 0; t < steps_; ++t) {
            if (trace.spikes[t].empty()) continue;
            cairo_move_to(c(), x(t), y_ + 4);
            cairo_line_to(c(), x(t), y_ + kSpikePanel - 4);
        }
        cairo_stroke(c());
        y_ += kSpikePanel;
        cairo_set_source_rgb(c(), 0, 0, 0);
        write(kLeft, y_ + 16, "step 0", false);
        write(kWidth - kRight, y_ + 16, fmt::format("{}", steps_ - 1), true);
    }

private:
    [[nodiscard]] cairo_t* c() const { return context_; }
    [[nodiscard]] double x(std::size_t step) const {
        const double last = steps_ > 1 ? static_cast<double>(steps_ - 1) : 1;
        return kLeft + static_cast<double>(step) * kPixels / last;
    }

    void frame(double height, const std::string& name) {
        cairo_set_source_rgb(c(), 0.8, 0.8, 0.8);
        cairo_rectangle(c(), kLeft, y_, kPixels, height);
        cairo_stroke(c());
        cairo_set_source_rgb(c(), 0, 0, 0);
        write(kLeft - 6, y_ + height / 2 + 4, name, true);
    }

    void write(double x, double y, const std::string& text, bool right_aligned) {
        cairo_text_extents_t extents;
        cairo_text_extents(c(), text.c_str(), &extents);
        cairo_move_to(c(), right_aligned ? x - extents.x_advance : x, y);
        cairo_show_text(c(), text.c_str());
    }

    cairo_t* context_;
    std::size_t steps_;
    double y_ = kTop;
};

}  // namespace

std::string plot_trace(const NeuronTrace& trace, const std::string& title, PlotFormat format) {
    const std::size_t curves = trace.inputs.size() + trace.records.size();
    const double height =
        kTop + static_cast<double>(curves) * (kPanel + kGap) + kSpikePanel + kBottom;
    return drawn(format, kWidth, height, 1.0, [&](cairo_t* context) {
        Plot plot{context, trace.spikes.size()};
        plot.title(title);
        for (const Curve& curve : trace.inputs) plot.curve(curve, true);
        for (const Curve& curve : trace.records) plot.curve(curve, false);
        plot.spikes(trace);
    });
}

}  // namespace seamount::tools
