#include "compiler/lower/tile_order.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "compiler/base/hilbert.hpp"

namespace seamount::compiler {

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
        along.emplace_back(hilbert_place(side, i % width, i / width), i);
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
