#pragma once

#include <exception>
#include <span>
#include <string>

#include "isa/base/diagnostic.hpp"
#include "tools/base/clock.hpp"

namespace seamount::tools {

/// Exit codes of every subcommand.
enum ExitCode : int {
    kOk = 0,
    kCheckFailed = 1,
    kBadInput = 2,
    kInternalError = 3,
    kNoResources = 4,  ///< the machine, or the limits set for the process, have too little memory
};

/// Whether an exception means that memory, or room for a process or a thread, is lacking.
[[nodiscard]] bool is_lack_of_memory(const std::exception& error);

/// Where messages go: summaries to stdout, findings and progress to stderr.
class Console {
public:
    /// Colour if stderr is a terminal and NO_COLOR is unset or empty.
    Console();

    bool quiet = false;  ///< --quiet: errors only

    /// Prints a summary: on stdout, or on stderr if stdout is an output ("-"); silent with --quiet.
    void print(const std::string& text) const;
    /// Prints findings on stderr; with --quiet only the errors among them.
    void report(std::span<const Diagnostic> diagnostics) const;
    void warn(std::string code, SourceLocation where, std::string message,
              std::string hint = {}) const;

    [[nodiscard]] bool error_is_terminal() const noexcept { return terminal_; }

private:
    bool terminal_ = false;
    bool colour_ = false;
};

/// Writes to stderr. Never throws: there is nowhere to report a failure to.
void tell(const std::string& text) noexcept;

/// Flushes stdout; kOk, or kBadInput with a message on stderr (OUT-WRITE) if anything written to it
/// so far was lost.
[[nodiscard]] int flush_stdout() noexcept;

}  // namespace seamount::tools
