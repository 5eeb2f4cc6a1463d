#pragma once

#include "isa/base/json.hpp"
#include "tools/run/read/run_records.hpp"

namespace seamount::report {

/// What the page shows of a run: `summary`, `about`, `words`, `raster`, `activity`, `steps`,
/// `traces`, and tables; what the run did not record is absent. Throws InputError (RUN-RECORDS).
[[nodiscard]] Json run_data(const tools::RunRecords& records);

}  // namespace seamount::report
