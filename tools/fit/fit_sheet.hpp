#pragma once

#include <string>

#include "tools/fit/study.hpp"

namespace seamount::tools {

/// One page: the verdict, each layer, the cost of a step, and what would help.
[[nodiscard]] std::string fit_sheet(const FitAnswer& answer);

}  // namespace seamount::tools
