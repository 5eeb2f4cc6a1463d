#pragma once

#include <string>

#include "tools/explore/store.hpp"
#include "tools/explore/summary.hpp"

namespace seamount::explore {

/// A self-contained HTML page: opens without network, from a file.
[[nodiscard]] std::string page_of(Store& store, const Summary& summary);

}  // namespace seamount::explore
