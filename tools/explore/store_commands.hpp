#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tools/base/console.hpp"
#include "tools/explore/sweep/configuration.hpp"

namespace seamount::explore {

/// Prints everything that is known about a point. Throws InputError (EXP-POINT).
int show_point(const std::filesystem::path& store, std::int64_t point,
               const tools::Console& console);
/// Runs a point's runs again and compares every counter; 1 if one differs.
int rerun_point(const std::filesystem::path& store, std::int64_t point, const RunOptions& options,
                const tools::Console& console);
/// Writes all runs as CSV.
int export_store(const std::filesystem::path& store, const std::filesystem::path& csv, bool times);
/// Puts the stores of shards together. Throws InputError (EXP-MERGE).
int merge_stores(const std::filesystem::path& out, const std::vector<std::string>& stores,
                 const tools::Console& console);

}  // namespace seamount::explore
