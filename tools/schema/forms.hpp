#pragma once

#include "isa/yaml/form.hpp"
#include "isa/yaml/yaml_kind.hpp"

namespace seamount::tools {

/// The keys of a kind of file.
[[nodiscard]] const yaml::Form& form_of(yaml::FileKind kind);

}  // namespace seamount::tools
