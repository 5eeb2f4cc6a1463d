#pragma once

#include <string>

#include "isa/image.hpp"

namespace seamount::cli {

/// Writes what `run --save-weights` was asked for: an image that holds what was learned, or, if the
/// name ends in .npz, arrays NAME.source, NAME.target, NAME.weight, NAME.delay, NAME.tag and
/// NAME.second_tag for each projection NAME that learns, by synapse id. Throws InputError
/// (OUT-WRITE, IMG-WRITE).
void save_weights(const isa::Image& learned, const std::string& path);

}  // namespace seamount::cli
