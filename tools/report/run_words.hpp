#pragma once

#include <string>
#include <vector>

#include "isa/base/json.hpp"

namespace seamount::report {

/// What ran, how long it took and what limited it, in sentences; `run` is as run_data() gives it,
/// but for these.
[[nodiscard]] std::vector<std::string> words_of(const Json& run);

/// What differs between two runs, in sentences.
[[nodiscard]] std::vector<std::string> difference_of(const Json& first, const Json& second);

}  // namespace seamount::report
