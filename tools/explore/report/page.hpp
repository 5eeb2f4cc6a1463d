#pragma once

#include <string>

#include "tools/explore/report/summary.hpp"
#include "tools/explore/store/store.hpp"

namespace seamount::explore {

/// A self-contained HTML page: opens without network, from a file.
[[nodiscard]] std::string page_of(Store& store, const Summary& summary);

/// True of the text of a page as page_of() wrote it, of whatever store.
[[nodiscard]] bool is_own_page(const std::string& text);

}  // namespace seamount::explore
