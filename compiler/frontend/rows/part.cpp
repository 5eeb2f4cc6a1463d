#include "compiler/frontend/rows/part.hpp"

#include <cstddef>

namespace seamount::compiler::frontend {

std::optional<std::uint32_t> Part::place_of(std::uint32_t element) const {
    const auto index = [this](std::size_t k) {
        return indices[ascending.empty() ? k : ascending[k]];
    };
    std::size_t low = 0;
    std::size_t high = indices.size();
    if (element < index(low) || element > index(high - 1)) return std::nullopt;
    while (high - low > 1) {
        const std::size_t middle = low + (high - low) / 2;
        (index(middle) <= element ? low : high) = middle;
    }
    if (index(low) != element) return std::nullopt;
    return ascending.empty() ? static_cast<std::uint32_t>(low) : ascending[low];
}

}  // namespace seamount::compiler::frontend
