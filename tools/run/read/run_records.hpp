#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "isa/base/json.hpp"
#include "tools/run/read/rows.hpp"
#include "tools/run/records/files/record_file.hpp"

namespace seamount::tools {

/// What a run left in its folder.
class RunRecords {
public:
    /// Of a complete run, or of one that was interrupted if that is all there is. Throws InputError
    /// (RUN-RECORDS) if the folder has neither. `rather_partial`: of a run that goes on, if one
    /// does, also where an earlier one is complete.
    explicit RunRecords(std::filesystem::path folder, bool rather_partial = false);

    /// False: the run was interrupted, and has no summary.
    [[nodiscard]] bool is_complete() const noexcept { return complete_; }
    /// Of an interrupted run: steps before this one are complete.
    [[nodiscard]] std::uint64_t complete_steps() const noexcept { return complete_steps_; }
    /// summary.json; empty without one.
    [[nodiscard]] const Json& summary() const noexcept { return summary_; }
    /// about.json; empty without one.
    [[nodiscard]] const Json& about() const noexcept { return about_; }
    [[nodiscard]] RecordFormat format() const noexcept { return format_; }
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

    /// Tables that are there, in the order of the list of records.
    [[nodiscard]] std::vector<std::string> tables() const;
    [[nodiscard]] bool has(std::string_view table) const;
    /// The rows of a table that is there.
    [[nodiscard]] std::unique_ptr<Rows> rows(std::string_view table) const;

private:
    std::filesystem::path folder_;
    std::filesystem::path files_;  ///< folder_ or its partial/
    bool complete_ = false;
    std::uint64_t complete_steps_ = 0;
    Json summary_ = Json::object();
    Json about_ = Json::object();
    RecordFormat format_ = RecordFormat::kCsv;
};

/// Writes a table as CSV, as a run that records CSV does. Rows of the step `end` and of later ones
/// are left out.
void write_csv(Rows& rows, OutputFile& file,
               std::uint64_t end = std::numeric_limits<std::uint64_t>::max());

}  // namespace seamount::tools
