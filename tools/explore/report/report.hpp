#pragma once

#include <filesystem>
#include <string>

#include "tools/base/console.hpp"
#include "tools/explore/store/store.hpp"

namespace seamount::explore {

/// Writes the page of a store, or prints its tables. Throws InputError (EXP-EMPTY) if nothing has
/// run yet.
int report_store(const std::filesystem::path& store, const std::filesystem::path& out, bool print,
                 const tools::Console& console);

}  // namespace seamount::explore
