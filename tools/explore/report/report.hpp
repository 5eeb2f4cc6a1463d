#pragma once

#include <filesystem>
#include <string>

#include "tools/base/console.hpp"
#include "tools/explore/store/store.hpp"

namespace seamount::explore {

struct ReportOptions {
    std::filesystem::path out;  ///< empty: the store's name with .html, in the current folder
    bool print = false;         ///< to the terminal instead
    bool force = false;         ///< without `out`: replace a file that is no page of ours
};

/// Writes the page of a store, or prints its tables. Throws InputError (EXP-EMPTY) if nothing has
/// run yet, (OUT-FOREIGN) if something else stands where the page would go by default.
int report_store(const std::filesystem::path& store, const ReportOptions& options,
                 const tools::Console& console);

}  // namespace seamount::explore
