#pragma once

#include <string>

#include "tools/fit/study.hpp"

namespace seamount::tools {

/// All that fit_sheet() shows, and what it leaves out; keys as in tools/README.md.
[[nodiscard]] std::string fit_json(const FitAnswer& answer);

}  // namespace seamount::tools
