#pragma once

#include <string>
#include <vector>

#include "tools/base/file_state.hpp"
#include "tools/session/request.hpp"

namespace seamount::tools {

/// What a run that was requested came to.
struct RunAnswer {
    std::string summary;           ///< what `run --json` writes
    std::vector<FileState> files;  ///< all that was read, as it was read
};

/// Opens, runs and sums up what a request says; writes no file. Once in a process (session::run)
/// unless it is dry. Throws InputError.
[[nodiscard]] RunAnswer answer(const session::RunRequest& request, session::Listener& listener);

}  // namespace seamount::tools
