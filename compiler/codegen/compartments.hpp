#pragma once

#include "compiler/ir/layout.hpp"

namespace seamount::compiler {

/// Creates `image.cores` with their neurons and groups. The shards of the layout are
/// numbered in the order of their cores: slot_of() is where each stands in Image::cores.
[[nodiscard]] Layout lay_out_compartments(const Lowered& lowered, const Mapping& mapping,
                                          isa::Image& image);

/// The place in Image::cores of a shard of that layout.
[[nodiscard]] inline CoreSlot slot_of(ShardId shard) {
    return CoreSlot{shard.value()};
}

}  // namespace seamount::compiler
