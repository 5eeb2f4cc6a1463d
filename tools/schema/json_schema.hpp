#pragma once

#include <string>

#include "isa/yaml/form.hpp"

namespace seamount::tools {

/// A JSON Schema (draft 7, which editors know best) of files of this form. It accepts what the
/// readers accept as far as keys, kinds and ranges of values say; `${name}` is accepted for
/// every value. What depends on other keys or on data is for the readers.
[[nodiscard]] std::string json_schema(const yaml::Form& form);

}  // namespace seamount::tools
