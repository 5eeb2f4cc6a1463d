#pragma once

#include <filesystem>

#include "tools/explain/recording.hpp"
#include "tools/run/read/run_records.hpp"
#include "tools/session/request.hpp"

namespace seamount::explain {

/// A run that left its records in a folder, to be played again: what was run stands in its
/// about.json, and what came of it has to come again.
class FolderRun {
public:
    /// Throws InputError (RUN-RECORDS, EXPL-RUN) if the folder does not say what was run.
    explicit FolderRun(const std::filesystem::path& folder);

    [[nodiscard]] const session::RunRequest& request() const noexcept { return request_; }
    /// Opens what was run, where it was run. Throws InputError (EXPL-RUN) if the files make another
    /// image now.
    [[nodiscard]] session::Loaded open(session::Listener& listener) const;
    /// Throws InputError (EXPL-RUN) unless the recorded spikes are those of the recording.
    void compare(const Recording& recording) const;

private:
    tools::RunRecords records_;
    session::RunRequest request_;
};

}  // namespace seamount::explain
