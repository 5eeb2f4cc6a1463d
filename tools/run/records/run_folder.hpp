#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/run/records/record.hpp"
#include "tools/run/records/run_manifest.hpp"

namespace seamount::tools {

/// Written last of the records: where it stands, all of them belong to its run.
inline constexpr std::string_view kSummaryFile = "summary.json";

/// Names of the files that a run may write into its folder, the manifest included.
[[nodiscard]] std::vector<std::string> record_names();

/// Throws InputError (OUT-FOREIGN) if a file in the folder has a name of ours, but is not as the
/// folder's manifest says that a run left it.
void reject_foreign_files(const std::filesystem::path& folder);

/// The records of `run --out DIR`. Columns: tools/README.md.
class RunFolder {
public:
    /// Creates the folder and opens in it what this network has to record. The image and the chip
    /// of `context` must outlive the records. With `force`, foreign files count as those of an
    /// earlier run. Throws InputError (OUT-WRITE).
    RunFolder(const std::filesystem::path& folder, const RecordContext& context, bool force);

    [[nodiscard]] const std::vector<std::unique_ptr<FileRecord>>& records() const {
        return records_;
    }

    /// Puts all but the summary in place, after removing what an earlier run left in the folder
    /// under a name that this one does not write, its summary included. Throws InputError
    /// (OUT-WRITE, OUT-FOREIGN).
    void commit_records(const std::string& summary);
    /// Then the summary and the manifest. Throws InputError (OUT-WRITE).
    void commit_summary();

private:
    std::filesystem::path folder_;
    bool force_;
    std::vector<std::string> names_;                    ///< of records_
    std::vector<std::unique_ptr<FileRecord>> records_;  ///< without the summary
    OutputFile summary_;
    RunManifest manifest_;             ///< of what this run puts in place
    std::vector<std::string> absent_;  ///< names that this network has no record for
};

}  // namespace seamount::tools
