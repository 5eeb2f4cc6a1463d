#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "isa/base/diagnostic.hpp"
#include "tools/plot/axes.hpp"
#include "tools/plot/kinds.hpp"

namespace seamount::tools {
namespace {

using Tile = std::pair<std::int64_t, std::int64_t>;  ///< column, line

/// Where a link leads.
struct Direction {
    std::string_view name;
    double x;
    double y;
};
constexpr std::array<Direction, 4> kDirections{
    {{"east", 1, 0}, {"west", -1, 0}, {"south", 0, 1}, {"north", 0, -1}}};

struct Link {
    Tile tile{};
    std::size_t direction = 0;
    double value = 0.0;
};

/// How values of tiles and links are said.
struct Quantity {
    std::string_view words;
    std::string_view base;
    double factor;
};
Quantity quantity_of(TileValue value) {
    switch (value) {
        case TileValue::kUtilisation:
            return {"utilisation", "", 1.0};
        case TileValue::kSynapticEvents:
            return {"synaptic events", "", 1.0};
        case TileValue::kSpikes:
            return {"spikes", "", 1.0};
        case TileValue::kUpdates:
            return {"updates that changed something", "", 1.0};
        case TileValue::kPackets:
            return {"packets in", "", 1.0};
    }
    return {};
}
Quantity quantity_of(LinkValue value) {
    switch (value) {
        case LinkValue::kFlits:
            return {"flits", "", 1.0};
        case LinkValue::kUtilisation:
            return {"utilisation", "", 1.0};
        case LinkValue::kWait:
            return {"waiting", "s", 1e-9};
    }
    return {};
}

/// The sum over the cores of each tile; of utilisations the largest.
std::map<Tile, double> tile_values(const RunRecords& records, TileValue value) {
    const bool is_share = value == TileValue::kUtilisation;
    const char* const table = is_share ? "stages" : "cores";
    require_table(records, table, "a chip without prices has no times");
    const auto rows = records.rows(table);
    const Cells* const x = rows->find("tile_x");
    const Cells* const y = rows->find("tile_y");
    const Cells* const cells = rows->find(name_of(kTileValueNames, value));
    std::map<Tile, double> values;
    while (rows->next()) {
        for (std::size_t row = 0; row < rows->count(); ++row) {
            double& sum = values[{x->integers[row], y->integers[row]}];
            sum = is_share ? std::max(sum, cells->number(row)) : sum + cells->number(row);
        }
    }
    return values;
}

std::vector<Link> links_of(const RunRecords& records, LinkValue value) {
    std::map<std::pair<Tile, std::size_t>, double> sums;
    if (records.has("links")) {
        const auto rows = records.rows("links");
        const Cells* const x = rows->find("tile_x");
        const Cells* const y = rows->find("tile_y");
        const Cells* const direction = rows->find("direction");
        const Cells* const cells = rows->find(name_of(kLinkValueNames, value));
        while (rows->next()) {
            for (std::size_t row = 0; row < rows->count(); ++row) {
                const auto at =
                    std::ranges::find(kDirections, direction->text(row), &Direction::name);
                if (at == kDirections.end()) continue;  // out of the mesh, into a core
                const Tile tile{x->integers[row], y->integers[row]};
                sums[{tile, static_cast<std::size_t>(at - kDirections.begin())}] +=
                    cells->number(row);
            }
        }
    }
    std::vector<Link> links;
    for (const auto& [key, sum] : sums) links.push_back({key.first, key.second, sum});
    return links;
}

/// The tiles of the chip.
struct Grid {
    std::int64_t columns = 1;
    std::int64_t lines = 1;
    Box box{};
    double side = 1.0;

    [[nodiscard]] Point middle(const Tile& tile) const {
        return {box.x + (static_cast<double>(tile.first) + 0.5) * side,
                box.y + (static_cast<double>(tile.second) + 0.5) * side};
    }
};

Grid grid_of(const RunRecords& records, const std::map<Tile, double>& tiles, double width) {
    constexpr double kRight = 76.0;
    constexpr double kMostSide = 44.0;
    Grid grid;
    const Json& about = records.about();
    if (about.contains("tiles")) {
        grid.columns = about["tiles"]["columns"];
        grid.lines = about["tiles"]["rows"];
    }
    for (const auto& [tile, value] : tiles) {
        grid.columns = std::max(grid.columns, tile.first + 1);
        grid.lines = std::max(grid.lines, tile.second + 1);
    }
    const auto columns = static_cast<double>(grid.columns);
    const auto lines = static_cast<double>(grid.lines);
    constexpr double kMostHeight = 560.0;
    grid.side = std::min({kMostSide, (width - kLeftOfBox - kRight) / columns, kMostHeight / lines});
    grid.box = {kLeftOfBox, 8.0, grid.side * columns, grid.side * lines};
    return grid;
}

void draw_tiles(Picture& picture, const Grid& grid, const std::map<Tile, double>& tiles,
                double most) {
    const double size = 0.62 * grid.side;
    for (std::int64_t y = 0; y < grid.lines; ++y) {
        for (std::int64_t x = 0; x < grid.columns; ++x) {
            const Point at = grid.middle({x, y});
            const Box box{at.x - size / 2, at.y - size / 2, size, size};
            const auto found = tiles.find({x, y});
            if (found != tiles.end()) {
                picture.fill(box, heat(most > 0.0 ? found->second / most : 0.0));
                picture.frame(box, {kBlack, 0.5, {}});
            } else {
                picture.frame(box, {kGrey, 0.5, {}});
            }
        }
    }
}

/// Each direction has its own side of the way between two tiles.
void draw_links(Picture& picture, const Grid& grid, const std::vector<Link>& links, double most) {
    if (!(most > 0.0)) return;
    const double widest = 0.14 * grid.side;
    for (const Link& link : links) {
        if (!(link.value > 0.0)) continue;
        const Direction& to = kDirections[link.direction];
        const Point at = grid.middle(link.tile);
        const double begin = 0.31 * grid.side;
        const double end = 0.69 * grid.side;
        const double aside = 0.10 * grid.side;
        const Point from{at.x + to.x * begin - to.y * aside, at.y + to.y * begin + to.x * aside};
        const Point until{at.x + to.x * end - to.y * aside, at.y + to.y * end + to.x * aside};
        picture.line(from, until,
                     {{0.80, 0.33, 0.05}, std::max(0.4, widest * link.value / most), {}});
    }
}

void draw_axes(Picture& picture, const Grid& grid) {
    const Scale x{-0.5, static_cast<double>(grid.columns) - 0.5, grid.box.x, grid.box.right()};
    const Scale y{-0.5, static_cast<double>(grid.lines) - 0.5, grid.box.y, grid.box.bottom()};
    (void)x_axis(picture, grid.box, x, "tile x", {}, true);
    y_axis(picture, grid.box, y, "tile y", {}, true);
}

/// What the thickest line stands for, below the mesh.
std::string link_words(const PlotRequest& request, double most) {
    const Quantity quantity = quantity_of(request.links);
    if (!(most > 0.0)) return "no link between tiles carried anything";
    const Unit unit =
        quantity.base.empty() ? Unit{} : unit_for(most * quantity.factor, quantity.base);
    return fmt::format("links: {}, the thickest line {}{}{}", quantity.words,
                       tick_text(most * quantity.factor * unit.factor),
                       unit.text.empty() ? "" : " ", unit.text);
}

}  // namespace

std::string draw_mesh(Picture& picture, const RunRecords& records, const PlotRequest& request) {
    const std::map<Tile, double> tiles = tile_values(records, request.tiles);
    const std::vector<Link> links = links_of(records, request.links);
    const Grid grid = grid_of(records, tiles, picture.width());
    double most = 0.0;
    for (const auto& [tile, value] : tiles) most = std::max(most, value);
    double most_link = 0.0;
    for (const Link& link : links) most_link = std::max(most_link, link.value);
    draw_links(picture, grid, links, most_link);
    draw_tiles(picture, grid, tiles, most);
    draw_axes(picture, grid);
    const Quantity quantity = quantity_of(request.tiles);
    heat_bar(picture, grid.box, most, std::string{quantity.words}, quantity.base);
    const std::string links_said = link_words(request, most_link);
    constexpr const char* kSide = "lines of links keep to the right of their way";
    const double below = grid.box.bottom() + 42;
    picture.text({grid.box.x, below}, links_said);
    if (most_link > 0.0) picture.text({grid.box.x, below + 11}, kSide);
    picture.reach(below + 16);
    return fmt::format("{} of each tile in the whole run, at most {}; {}", quantity.words,
                       tick_text(most), links_said);
}

}  // namespace seamount::tools
