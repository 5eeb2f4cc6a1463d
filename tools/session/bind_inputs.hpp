#pragma once

#include <string>
#include <vector>

#include "tools/session/open.hpp"

namespace seamount::session {

/// Carries out `--input NAME=FILE`: the host inputs named so spike as their files say,
/// which are entered into what was read. Throws
/// InputError with all problems: CLI-INPUT for assignments that name no such input, or one that a
/// dataset or values drive, and those of the files.
void bind_inputs(const std::vector<std::string>& assignments, Loaded& loaded);

}  // namespace seamount::session
