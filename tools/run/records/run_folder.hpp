#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/run/records/files/partial_folder.hpp"
#include "tools/run/records/record.hpp"
#include "tools/run/records/run_manifest.hpp"

namespace seamount::tools {

/// What the records are of, with which they can be looked at without the network.
inline constexpr std::string_view kAboutFile = "about.json";

/// Names of the tables that a run may write.
[[nodiscard]] std::vector<std::string> record_tables();
/// Names of the files that a run may write into its folder, the manifest included.
[[nodiscard]] std::vector<std::string> record_names();

/// Throws InputError (OUT-FOREIGN) if a file in the folder has a name of ours, but is not as the
/// folder's manifest says that a run left it.
void reject_foreign_files(const std::filesystem::path& folder);

/// From so many lines of CSV on, records that were not asked for as CSV are HDF5.
inline constexpr std::uint64_t kMostCsvRows = 10'000'000;

/// The records of `run --out DIR`. Columns: tools/README.md. They stand in `DIR/partial` until they
/// are complete, and are brought up to date there about twice a second, by a thread of their own.
class RunFolder {
public:
    /// Creates the folder and opens in it what this network has to record, as `format` (none: CSV,
    /// and beyond kMostCsvRows HDF5). The image and the chip of `context` must outlive the records.
    /// With `force`, foreign files count as those of an earlier run. Throws InputError (OUT-WRITE).
    RunFolder(const std::filesystem::path& folder, const RecordContext& context,
              std::optional<RecordFormat> format, bool force);
    ~RunFolder();
    RunFolder(const RunFolder&) = delete;
    RunFolder& operator=(const RunFolder&) = delete;

    [[nodiscard]] const std::vector<std::unique_ptr<FileRecord>>& records() const {
        return records_;
    }
    /// Must come after all records in the list of observers.
    [[nodiscard]] session::RunObserver& keeper();
    /// What the records are, when the run has ended.
    [[nodiscard]] RecordFormat format() {
        writer_.wait();
        return format_;
    }

    /// Puts all but the summary in place, after removing what an earlier run left in the folder
    /// under a name that this one does not write, its summary included. Throws InputError
    /// (OUT-WRITE, OUT-FOREIGN).
    void commit_records(const std::string& summary, const std::string& about);
    /// Then the summary and the manifest. Throws InputError (OUT-WRITE).
    void commit_summary();

private:
    class Keeper;
    /// Hands all that the records have to the writer's thread, which brings the files up to date.
    void keep(std::uint64_t complete_steps);
    /// In that thread.
    void bring_up_to_date(std::uint64_t complete_steps);
    void turn_into_hdf5();

    std::filesystem::path folder_;
    bool force_;
    RecordFormat format_;
    bool may_turn_;  ///< into HDF5
    OutputFile summary_;
    OutputFile about_;
    PartialFolder partial_;
    std::vector<std::string> tables_;                   ///< of records_
    std::vector<std::unique_ptr<FileRecord>> records_;  ///< without the summary
    std::atomic<double> cost_s_ = 0.0;                  ///< of bringing them up to date
    std::atomic<bool> is_keeping_ = false;
    bool is_committed_ = false;
    std::unique_ptr<Keeper> keeper_;
    RunManifest manifest_;  ///< of what this run puts in place
    WriterThread writer_;   // last: its tasks use the others
};

}  // namespace seamount::tools
