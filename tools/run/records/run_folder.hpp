#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/run/records/record.hpp"

namespace seamount::tools {

/// Written last: where it stands, all files of the folder belong to its run.
inline constexpr std::string_view kSummaryFile = "summary.json";

/// Names of the files that a run may write into its folder.
[[nodiscard]] std::vector<std::string> record_names();

/// The records of `run --out DIR`. Columns: tools/README.md.
class RunFolder {
public:
    /// Creates the folder and opens in it what this network has to record. The image and
    /// the chip of `context` must outlive the records. Throws InputError (OUT-WRITE).
    RunFolder(const std::filesystem::path& folder, const RecordContext& context);

    [[nodiscard]] const std::vector<std::unique_ptr<Record>>& records() const { return records_; }

    /// Puts the files in place, after removing what an earlier run left in the folder under a name
    /// that this one does not write, its summary included.
    void commit();

private:
    std::filesystem::path folder_;
    std::vector<std::unique_ptr<Record>> records_;
    std::vector<std::string> absent_;  ///< names that this network has no record for
};

}  // namespace seamount::tools
