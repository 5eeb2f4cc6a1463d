#pragma once

#include "isa/yaml/form.hpp"

namespace seamount::isa {

/// The keys of a chip file: those of isa/chip/chip_keys.hpp with what they mean, and the sections
/// around them.
[[nodiscard]] const yaml::Form& chip_form();

}  // namespace seamount::isa
