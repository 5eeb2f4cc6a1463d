#pragma once

#include <string>
#include <vector>

#include "isa/image/image.hpp"

namespace seamount::session {

/// Carries out `--input NAME=FILE`: the host inputs named so spike as their files say. Throws
/// InputError with all problems: CLI-INPUT for assignments that name no such input, or one that a
/// dataset or values drive, and those of the files.
/// `max_input` as for the data files of a network.
void bind_inputs(const std::vector<std::string>& assignments, isa::Image& image,
                 const std::string& max_input = {});

}  // namespace seamount::session
