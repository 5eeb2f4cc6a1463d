#pragma once

#include <string>

#include "isa/yaml/form.hpp"

namespace seamount::tools {

/// Tables of the manual, in Markdown: for each map of such files its keys with type, range, default
/// and meaning.
[[nodiscard]] std::string key_tables(const yaml::Form& form);

}  // namespace seamount::tools
