#pragma once

#include <string>
#include <vector>

#include "tools/run/read/run_records.hpp"

namespace seamount::report {

/// A self-contained HTML page of one run, or of two and their difference: opens without network,
/// from a file. Throws InputError (RUN-RECORDS).
[[nodiscard]] std::string page_of(const std::vector<tools::RunRecords>& runs);

/// True of the text of a page as page_of() wrote it, of whatever run.
[[nodiscard]] bool is_own_page(const std::string& text);

}  // namespace seamount::report
