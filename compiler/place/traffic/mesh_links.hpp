#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "isa/chip/chip_spec.hpp"
#include "isa/chip/routes.hpp"

namespace seamount::compiler {

/// How many links within a chip a packet may take instead of one between two chips: the larger of
/// the ratios of their times, energies and occupancies in the chip file, from 1 to 100; 1 for a
/// single chip.
[[nodiscard]] double off_chip_cost(const isa::ChipSpec& chip);

/// Places of the columns and rows of tiles such that the distance between two is what the links
/// between them cost: 1 each, off_chip_cost() between chips.
struct TilePlaces {
    explicit TilePlaces(const isa::ChipSpec& chip);
    std::vector<float> x;
    std::vector<float> y;
};

/// The links of a mesh by number, and which of them a packet takes.
class MeshLinks {
public:
    explicit MeshLinks(const isa::ChipSpec& chip);

    /// One more than the largest number; some numbers name no link.
    [[nodiscard]] std::size_t count() const noexcept { return busy_.size(); }
    /// Per link: what crossing it costs, 1 within a chip.
    [[nodiscard]] const std::vector<double>& cost() const noexcept { return cost_; }
    /// Per link: how long a flit keeps it busy, 1 within a chip.
    [[nodiscard]] const std::vector<double>& busy() const noexcept { return busy_; }

    /// Calls visit(link) for the links from one tile to another, which must be connected.
    template <class Visit>
    void for_each(TileId from, TileId to, Visit&& visit) const {
        if (!routes_.xy()) {
            routes_.for_each_link(from, to,
                                  [&](TileId tile, isa::Way way) { visit(number(tile, way)); });
            return;
        }
        const std::uint32_t x0 = from.value() % width_;
        const std::uint32_t x1 = to.value() % width_;
        const std::uint32_t end = to.value();
        std::uint32_t at = from.value();
        for (std::uint32_t x = x0; x < x1; ++x) visit(number(TileId{at++}, isa::Way::kEast));
        for (std::uint32_t x = x0; x > x1; --x) visit(number(TileId{at--}, isa::Way::kWest));
        for (; at < end; at += width_) visit(number(TileId{at}, isa::Way::kSouth));
        for (; at > end; at -= width_) visit(number(TileId{at}, isa::Way::kNorth));
    }
    /// Whether the link leads to another chip.
    [[nodiscard]] bool is_off_chip(std::size_t link) const { return off_chip_[link]; }
    /// Whether packets can get from one tile to the other.
    [[nodiscard]] bool connected(TileId from, TileId to) const noexcept {
        return routes_.connected(from, to);
    }

private:
    [[nodiscard]] static std::size_t number(TileId tile, isa::Way way) noexcept {
        return tile.index() * 4 + static_cast<std::size_t>(way);
    }

    isa::Routes routes_;
    std::uint32_t width_;
    std::vector<double> cost_;
    std::vector<double> busy_;
    std::vector<bool> off_chip_;
};

}  // namespace seamount::compiler
