#pragma once

#include "isa/base/json.hpp"
#include "tools/report/series.hpp"
#include "tools/run/read/run_records.hpp"

namespace seamount::report {

/// The steps that perf.csv and all other records have whole; none where it is missing, or where a
/// run that goes on has not completed its first step.
[[nodiscard]] StepRange complete_range(const tools::RunRecords& records);

/// What the page shows of a run: `summary`, `about`, `words`, `raster`, `activity`, `steps`,
/// `traces`, and tables; what the run did not record is absent, and so are `raster` and `activity`
/// before its first step. Throws InputError (RUN-RECORDS).
[[nodiscard]] Json run_data(const tools::RunRecords& records);

}  // namespace seamount::report
