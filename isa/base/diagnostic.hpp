#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace seamount {

/// A place in a user's file. Lines and columns count from 1; 0 means "the whole file".
struct SourceLocation {
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;

    friend auto operator<=>(const SourceLocation&, const SourceLocation&) = default;
};

enum class Severity : std::uint8_t { kWarning, kError };

/// One finding about user input. `code` is stable ("YML-RANGE") and listed in
/// isa/base/ERRORS.md.
struct Diagnostic {
    std::string code;
    SourceLocation where;
    std::string message;  ///< the value and the legal range, one sentence without full stop
    std::string hint;     ///< what to do; may be empty
    Severity severity = Severity::kError;
};

/// `net.yaml:2:14: error: 'mesh_height' is 99, must be in [1, 64] [CFG-RANGE]` and, indented, the
/// hint.
[[nodiscard]] std::string to_string(const Diagnostic& diagnostic);

/// Bad user input: carries every problem found, in file order. The command line exits with 2.
class InputError : public std::runtime_error {
public:
    explicit InputError(std::vector<Diagnostic> diagnostics);
    explicit InputError(Diagnostic diagnostic);

    [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const noexcept {
        return diagnostics_;
    }

private:
    std::vector<Diagnostic> diagnostics_;
};

/// Collects findings, so that one run reports all of them.
class Diagnostics {
public:
    void error(std::string code, SourceLocation where, std::string message, std::string hint = {});
    void warning(std::string code, SourceLocation where, std::string message,
                 std::string hint = {});
    void add(const InputError& error);  ///< takes over the findings of a failed sub-task

    [[nodiscard]] bool has_errors() const noexcept { return errors_ != 0; }
    [[nodiscard]] const std::vector<Diagnostic>& all() const noexcept { return found_; }

    /// Throws InputError with all findings, sorted by position, if there is an error among them.
    void throw_if_errors() const;

private:
    std::vector<Diagnostic> found_;
    std::size_t errors_ = 0;
};

/// The candidate closest to `word` (at most a third of its letters differ), or empty. For "did you
/// mean".
[[nodiscard]] std::string closest(std::string_view word,
                                  const std::vector<std::string>& candidates);

/// The hint about a `word` that is none of `candidates`: "did you mean 'x'?" if one is close, else
/// `otherwise`.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       const std::vector<std::string>& candidates,
                                       std::string_view otherwise);
/// The same; if none is close "there are: a, b", or nothing if there are none.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       const std::vector<std::string>& candidates);

/// Throws InputError with one finding about `file` as a whole.
[[noreturn]] void bad_input(std::string code, std::string file, std::string message,
                            std::string hint = {});

}  // namespace seamount
