#pragma once

#include <cstdint>

#include "tools/console.hpp"

namespace seamount::cli {

/// Tells on stderr how far a long run is: on a terminal one line that is rewritten, elsewhere a
/// line every ten seconds. Silent in the first second and with --quiet.
class Progress {
public:
    Progress(const Console& console, std::uint64_t steps);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// `done` steps are finished. Cheap: looks at the clock once per call.
    void update(std::uint64_t done);
    /// Removes the line from the terminal.
    void finish();

private:
    const bool enabled_;
    const bool terminal_;
    const std::uint64_t steps_;
    const double started_;
    double next_;  ///< when the next line is due
    bool shown_ = false;
};

}  // namespace seamount::cli
