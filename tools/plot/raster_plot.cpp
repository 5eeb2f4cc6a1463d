#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "isa/base/diagnostic.hpp"
#include "tools/plot/axes.hpp"
#include "tools/plot/kinds.hpp"
#include "tools/report/raster.hpp"

namespace seamount::tools {
namespace {

using report::RasterGroup;

constexpr std::size_t kMostMarks = 40'000;  ///< beyond: their density
constexpr double kTop = 8.0;
constexpr double kLeast = 11.0;    ///< height of a group, in points
constexpr double kNeuron = 3.0;    ///< of a neuron, if there is place
constexpr double kHeight = 300.0;  ///< of all groups together, if they fit

/// A population or input with its place on the paper.
struct Band {
    RasterGroup group{};
    Box box{};
    std::vector<std::pair<std::uint64_t, std::uint64_t>> marks{};  ///< step, neuron
    std::size_t lines = 0;                                         ///< of the density
    std::vector<std::uint32_t> density{};
};

std::vector<Band> bands_of(const RunRecords& records, const PlotRequest& request) {
    std::vector<Band> bands;
    std::vector<std::string> names;
    for (const RasterGroup& group : report::raster_groups(records)) {
        names.push_back(group.name);
        const bool is_wanted = request.only.empty() ||
                               std::ranges::find(request.only, group.name) != request.only.end();
        if (is_wanted && group.size > 0) bands.push_back({.group = group});
    }
    std::vector<Diagnostic> unknown;
    for (const std::string& name : request.only) {
        if (std::ranges::find(names, name) != names.end()) continue;
        unknown.push_back({"RUN-RECORDS",
                           {records.folder().string(), 0, 0},
                           fmt::format("the run has no population or input '{}'", name),
                           fmt::format("it has {}", fmt::join(names, ", "))});
    }
    if (!unknown.empty()) throw InputError{unknown};
    if (bands.empty()) {
        bad_input("RUN-RECORDS", records.folder().string(), "the run recorded no spikes");
    }
    return bands;
}

/// Gives each band its height: by its neurons, but enough to be seen.
void arrange(std::vector<Band>& bands, double width) {
    constexpr double kRight = 78.0;
    double neurons = 0.0;
    for (const Band& band : bands) neurons += static_cast<double>(band.group.size);
    const double each = std::min(kNeuron, kHeight / neurons);
    double y = kTop;
    for (Band& band : bands) {
        const double height = std::max(kLeast, each * static_cast<double>(band.group.size));
        band.box = {kLeftOfBox, y, width - kLeftOfBox - kRight, height};
        y += height + 3.0;
    }
}

class Spikes {
public:
    Spikes(std::vector<Band>& bands, const report::StepRange& range)
        : bands_{bands}, range_{range} {
        constexpr double kCell = 0.5;  // points
        columns_ = std::max<std::size_t>(
            1, std::min<std::size_t>(range.steps,
                                     static_cast<std::size_t>(bands.front().box.width / kCell)));
        for (Band& band : bands_) {
            band.lines = std::max<std::size_t>(
                1, std::min<std::size_t>(band.group.size,
                                         static_cast<std::size_t>(band.box.height / kCell)));
            band.density.resize(columns_ * band.lines);
        }
    }

    void add(Rows& rows, bool inputs) {
        while (rows.next()) {
            const std::vector<Cells>& columns = rows.columns();
            std::vector<Band*> by_code;
            for (const std::string& name : columns[1].texts) by_code.push_back(find(name, inputs));
            for (std::size_t i = 0; i < rows.count(); ++i) {
                Band* const band = by_code[static_cast<std::size_t>(columns[1].codes[i])];
                if (band == nullptr) continue;
                add_one(*band, static_cast<std::uint64_t>(columns[0].integers[i]),
                        static_cast<std::uint64_t>(columns[2].integers[i]));
            }
        }
    }
    [[nodiscard]] std::uint64_t total() const noexcept { return total_; }
    [[nodiscard]] std::size_t columns() const noexcept { return columns_; }

private:
    Band* find(const std::string& name, bool inputs) {
        const auto at = std::ranges::find_if(bands_, [&](const Band& band) {
            return band.group.name == name && band.group.is_input == inputs;
        });
        return at == bands_.end() ? nullptr : &*at;
    }
    void add_one(Band& band, std::uint64_t step, std::uint64_t neuron) {
        if (step < range_.first || step - range_.first >= range_.steps) return;
        if (neuron >= band.group.size) return;
        ++total_;
        if (total_ <= kMostMarks) band.marks.emplace_back(step, neuron);
        const std::size_t line = neuron * band.lines / band.group.size;
        const std::size_t column = (step - range_.first) * columns_ / range_.steps;
        ++band.density[line * columns_ + column];
    }

    std::vector<Band>& bands_;
    report::StepRange range_;
    std::size_t columns_ = 1;
    std::uint64_t total_ = 0;
};

void draw_marks(Picture& picture, const Band& band, const Scale& steps) {
    const double each = band.box.height / static_cast<double>(band.group.size);
    const double high = std::max(0.8 * each, 0.9);
    std::vector<Point> ends;
    for (const auto& [step, neuron] : band.marks) {
        const double x = steps(static_cast<double>(step));
        const double y = band.box.y + (static_cast<double>(neuron) + 0.5) * each;
        ends.push_back({x, y - high / 2});
        ends.push_back({x, y + high / 2});
    }
    const double wide = std::abs(steps(1.0) - steps(0.0));
    picture.marks(ends, {kBlack, std::clamp(0.7 * wide, 0.5, 1.4), {}});
}

void draw_density(Picture& picture, const Band& band, std::size_t columns, double most) {
    std::vector<Colour> colours;
    for (const std::uint32_t count : band.density) {
        // the root: single spikes are seen beside crowds
        colours.push_back(count == 0 ? kWhite : heat(0.15 + 0.85 * std::sqrt(count / most)));
    }
    picture.cells(band.box, columns, colours);
}

void label(Picture& picture, const Band& band) {
    constexpr Stroke kThin{};
    picture.frame(band.box, {kBlack, 0.5, {}});
    const double middle = band.box.y + band.box.height / 2 + 3;
    picture.text({band.box.right() + 6, middle},
                 band.group.is_input ? band.group.name + " (input)" : band.group.name);
    const double each = band.box.height / static_cast<double>(band.group.size);
    const auto last = static_cast<double>(band.group.size - 1);
    constexpr double kApart = 20.0;
    const auto most = static_cast<std::size_t>(band.box.height / kApart);
    const std::vector<double> shown =
        most == 0 ? std::vector<double>{} : ticks(0.0, last, most, true);
    for (const double neuron : shown) {
        const double y = band.box.y + (neuron + 0.5) * each;
        picture.line({band.box.x - 3, y}, {band.box.x, y}, {kThin.colour, 0.6, {}});
        picture.text({band.box.x - 5, y + 3}, tick_text(neuron), Anchor::kEnd);
    }
}

std::string words(const Spikes& spikes, const std::vector<Band>& bands,
                  const report::StepRange& range, bool is_density) {
    std::string text =
        fmt::format("{} spikes of {} populations and inputs, steps {} to {}", spikes.total(),
                    bands.size(), range.first, range.first + range.steps - 1);
    if (is_density) {
        text +=
            "; there are too many to draw each: darker is more spikes, by the root of their "
            "number";
    }
    return text;
}

}  // namespace

std::string draw_raster(Picture& picture, const RunRecords& records, const PlotRequest& request) {
    require_table(records, "spikes", "every run with --out records them");
    const report::StepRange range = steps_of(records, request.window);
    std::vector<Band> bands = bands_of(records, request);
    arrange(bands, picture.width());
    constexpr double kMostHeight = 5000.0;  // points
    if (bands.back().box.bottom() > kMostHeight) {
        bad_input("RUN-RECORDS", records.folder().string(),
                  fmt::format("{} populations and inputs are too many for a picture", bands.size()),
                  "name those that it should show: --only NAME");
    }
    Spikes spikes{bands, range};
    if (records.has("input_spikes")) spikes.add(*records.rows("input_spikes"), true);
    spikes.add(*records.rows("spikes"), false);
    const bool is_density = spikes.total() > kMostMarks;
    const Box all{bands.front().box.x, kTop, bands.front().box.width,
                  bands.back().box.bottom() - kTop};
    const Scale steps{static_cast<double>(range.first) - 0.5,
                      static_cast<double>(range.first + range.steps) - 0.5, all.x, all.right()};
    double most = 1.0;
    for (const Band& band : bands) {
        for (const std::uint32_t count : band.density) most = std::max(most, double{1} * count);
    }
    for (const Band& band : bands) {
        is_density ? draw_density(picture, band, spikes.columns(), most)
                   : draw_marks(picture, band, steps);
        label(picture, band);
    }
    picture.text_upwards({all.x - kLeftOfBox + 9, all.y + all.height / 2}, "neuron", all.height);
    const double below = x_axis(picture, bands.back().box, steps, "step", {}, true);
    if (is_density) {
        const double cell =
            static_cast<double>(range.steps) / static_cast<double>(spikes.columns());
        picture.text({all.x, below + 8},
                     fmt::format("darkest: {} spikes in {:.3g} steps", most, cell));
        picture.reach(below + 12);
    }
    return words(spikes, bands, range, is_density);
}

}  // namespace seamount::tools
