#pragma once

#include <condition_variable>
#include <cstdint>
#include <string>
#include <thread>

#include "tools/base/console.hpp"

namespace seamount::tools {

/// Tells on stderr how far a long run is: on a terminal one line that is rewritten, elsewhere a
/// line every ten seconds. Silent in the first second and with --quiet.
class Progress {
public:
    /// `noun` is what is counted; 0 steps: nobody knows how many there will be.
    Progress(const Console& console, std::uint64_t steps, const char* noun = "step");
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
    const char* const noun_;
    const double started_;
    double next_;  ///< when the next line is due
    bool shown_ = false;
};

/// Shows on stderr what takes so long, to the end of its scope: on a terminal one line from the
/// second second on, elsewhere a line every ten seconds. Nothing else may write there meanwhile.
/// The process may fork while a line is there: its thread sleeps, or holds a lock that fork()
/// takes.
class PhaseLine {
public:
    PhaseLine(const Console& console, std::string what);
    ~PhaseLine();
    PhaseLine(const PhaseLine&) = delete;
    PhaseLine& operator=(const PhaseLine&) = delete;

    /// What of it is being done now.
    void say(const std::string& part);

private:
    void show(const std::string& what, bool on_terminal);

    std::string part_;
    std::condition_variable changed_;  ///< asleep_ or done_ is
    bool asleep_ = false;              ///< the thread has started
    bool done_ = false;
    std::thread clock_;
};

}  // namespace seamount::tools
