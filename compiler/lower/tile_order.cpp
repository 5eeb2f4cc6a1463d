#include "compiler/lower/tile_order.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace seamount::compiler {
namespace {

/// Place of (x, y) along the Hilbert curve of a square with this side, a power of two.
std::uint64_t curve_place(std::uint32_t side, std::uint32_t x, std::uint32_t y) {
    std::uint64_t place = 0;
    for (std::uint32_t half = side / 2; half > 0; half /= 2) {
        const bool right = (x & half) != 0;
        const bool lower = (y & half) != 0;
        place = 4 * place + (right ? (lower ? 2U : 3U) : (lower ? 1U : 0U));
        if (lower) continue;
        if (right) {  // turn the quadrant so that the curve goes on where this one ends
            x = ~x;
            y = ~y;
        }
        std::swap(x, y);
    }
    return place;
}

}  // namespace

std::vector<std::uint32_t> tile_order(const std::vector<std::uint32_t>& shape) {
    if (shape.size() < 2) return {};
    const std::uint32_t width = shape.back();
    const std::uint32_t height = shape[shape.size() - 2];
    if (width < 2 || height < 2) return {};
    const std::uint32_t places = width * height;
    std::uint32_t planes = 1;
    for (std::size_t d = 0; d + 2 < shape.size(); ++d) planes *= shape[d];

    const std::uint32_t side = std::bit_ceil(std::max(width, height));
    std::vector<std::pair<std::uint64_t, std::uint32_t>> along;  // place on the curve, in the plane
    along.reserve(places);
    for (std::uint32_t i = 0; i < places; ++i) {
        along.emplace_back(curve_place(side, i % width, i / width), i);
    }
    std::sort(along.begin(), along.end());
    std::vector<std::uint32_t> order;
    order.reserve(std::size_t{places} * planes);
    for (const auto& [key, place] : along) {
        for (std::uint32_t plane = 0; plane < planes; ++plane) {
            order.push_back(plane * places + place);
        }
    }
    return order;
}

}  // namespace seamount::compiler
