#pragma once

#include <vector>

#include "tools/cli/options/option.hpp"
#include "tools/session/request.hpp"

namespace seamount::cli {

/// What plays a run again, as seamount run was told to; for the commands that do.
class ReplayOptions {
public:
    /// Of `run`, which outlives the options.
    [[nodiscard]] std::vector<Option> options(session::RunRequest& run);
    /// Once the command line is read: what follows from it.
    void finish(session::RunRequest& run) const;

private:
    bool no_learning_ = false;
};

}  // namespace seamount::cli
