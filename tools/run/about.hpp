#pragma once

#include <string>
#include <string_view>

#include "tools/run/run_summary.hpp"

namespace seamount::tools {

/// about.json of a run: what its records are of, for those who look at them later without the
/// network (seamount report). `populations` with sizes, parameters and thresholds, `inputs`,
/// `cores` with their places, neurons and fills, `prices` with source and grade, `warnings`;
/// `request` and `folder`: what was run, and where, for those who play it again (seamount explain).
[[nodiscard]] std::string about_json(const RunOutcome& outcome);

}  // namespace seamount::tools
