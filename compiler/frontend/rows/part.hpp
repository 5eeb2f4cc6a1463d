#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace seamount::compiler::frontend {

/// Some elements of a population or input, in an order of their own.
struct Part {
    std::vector<std::uint32_t> indices;  ///< distinct, within the whole; never empty
    std::vector<std::uint32_t> shape;    ///< of as many elements
    /// Places in `indices`, by ascending index; empty: `indices` ascend.
    std::vector<std::uint32_t> ascending{};

    /// The place of an element of the whole; nothing: it is not in the part.
    [[nodiscard]] std::optional<std::uint32_t> place_of(std::uint32_t element) const;
};
/// A part may be large, and many projections may have the same; null: all of it.
using SharedPart = std::shared_ptr<const Part>;

}  // namespace seamount::compiler::frontend
