#pragma once

#include <compare>
#include <cstdint>
#include <span>

#include "compiler/ir/rows/shared_rows.hpp"

// What shared rows are made of, while they are made.

namespace seamount::compiler {

/// A synapse of a group. Items sort by what they share a row and a block with, then by target.
struct SharedRows::Item {
    std::uint64_t order = 0;  ///< SharedRows::order_of(), for quick comparisons
    ShardId shard;
    std::uint8_t channel = 0;
    std::uint32_t visit = 0;  ///< with a pool, which of its rows
    bool padding = false;     ///< of a place beyond the edge of the map
    std::uint16_t atom = 0;
    std::uint32_t format = 0;  ///< the sparse one
    std::uint32_t target = 0;  ///< compartment
    std::int16_t weight = 0;
    std::uint8_t delay = 0;
    friend auto operator<=>(const Item&, const Item&) = default;
};

/// The first item that differs in `key` from the first of `items`, as a count.
template <class Item, class Key>
std::size_t stretch(std::span<const Item> items, Key key) {
    std::size_t n = 1;
    while (n < items.size() && key(items[n]) == key(items[0])) ++n;
    return n;
}

}  // namespace seamount::compiler
