#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace seamount::tools {

/// Written last of the records: where it stands, all of them belong to its run.
inline constexpr std::string_view kSummaryFile = "summary.json";
inline constexpr std::string_view kPartialFolder = "partial";
inline constexpr std::string_view kProgressFile = "progress.json";

/// `DIR/partial`, where the records of a run stand until it is complete.
///
/// `progress.json` there says how far they go: `complete_steps` is the first step of which
/// something may be missing. It also lists which files the run created (inode, time of birth): the
/// next run removes those and nothing else.
class PartialFolder {
public:
    /// Names in `folder/partial`, as `partial/NAME`, of `names` that no run created there.
    [[nodiscard]] static std::vector<std::string> foreign(const std::filesystem::path& folder,
                                                          const std::vector<std::string>& names);

    /// Creates `folder/partial` and removes of `names` what an earlier run left there; with
    /// `force`, whoever created it. Throws InputError (OUT-WRITE), also if another run writes
    /// there.
    PartialFolder(const std::filesystem::path& folder, std::vector<std::string> names, bool force);
    /// Keeps what is there if a step is complete, else removes it.
    ~PartialFolder();
    PartialFolder(const PartialFolder&) = delete;
    PartialFolder& operator=(const PartialFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    /// Everything before step `complete_steps` is in the files. Throws InputError (OUT-WRITE).
    void progress(std::uint64_t complete_steps);
    /// The files have their final places: the folder goes, unless others put something there.
    void close();

private:
    void remove_all() const;
    void write_progress(std::uint64_t complete_steps, bool creating) const;

    std::filesystem::path path_;
    std::vector<std::string> names_;
    int lock_ = -1;
    bool keeps_ = false;
    bool closed_ = false;
};

}  // namespace seamount::tools
