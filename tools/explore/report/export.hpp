#pragma once

#include <string>
#include <vector>

#include "tools/explore/store/store.hpp"

namespace seamount::explore {

/// All runs as CSV, sorted by point, stage and seed: what was chosen, what came out, every counter
/// of the summaries; `times` adds what differs when the same is run again.
[[nodiscard]] std::string csv_of(const std::vector<Run>& runs,
                                 const std::vector<std::string>& objectives, bool times);

}  // namespace seamount::explore
