#pragma once

#include "isa/yaml/form.hpp"

namespace seamount::compiler {

/// The keys of a network file.
[[nodiscard]] const yaml::Form& network_form();

}  // namespace seamount::compiler
