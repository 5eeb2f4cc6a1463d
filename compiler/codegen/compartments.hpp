#pragma once

#include "compiler/ir/layout.hpp"

namespace seamount::compiler {

/// Creates `image.cores` with their neurons and groups. Cores of the layout are indices into
/// Image::cores.
[[nodiscard]] Layout lay_out_compartments(const Lowered& lowered, const Mapping& mapping,
                                          isa::Image& image);

}  // namespace seamount::compiler
