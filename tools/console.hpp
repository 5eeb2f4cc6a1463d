#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "isa/spec/diagnostic.hpp"

namespace seamount::cli {

/// Exit codes of every subcommand.
enum ExitCode : int { kOk = 0, kCheckFailed = 1, kBadInput = 2, kInternalError = 3 };

/// Where messages go: summaries to stdout, findings and progress to stderr.
class Console {
public:
    /// Colour if stderr is a terminal and NO_COLOR is unset or empty.
    Console();

    bool quiet = false;  ///< --quiet: errors only

    /// Prints a summary; silent with --quiet.
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

/// Throws InputError with one finding about `file` as a whole.
[[noreturn]] void bad_input(std::string code, std::string file, std::string message,
                            std::string hint = {});

/// Seconds on a monotonic clock, for `wall_s`.
[[nodiscard]] double now_s();
/// Largest resident set of this process so far.
[[nodiscard]] std::uint64_t peak_rss_bytes();

/// `1234567` as "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t value);
/// `1` and `core` as "1 core", `1200` as "1,200 cores".
[[nodiscard]] std::string counted(std::uint64_t value, const std::string& noun);
/// A number with an SI prefix and three significant digits: si(0.0000123, "s") is "12.3 us".
[[nodiscard]] std::string si(double value, const std::string& unit);

}  // namespace seamount::cli
