#include "tools/base/console.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>

#include "isa/base/output_file.hpp"

namespace seamount::tools {
namespace {

/// `text` with the first occurrence of `word` between a colour and the reset sequence.
std::string coloured(std::string text, std::string_view word, std::string_view colour) {
    const std::size_t at = text.find(word);
    if (at == std::string::npos) return text;
    text.insert(at + word.size(), "\x1b[0m");
    text.insert(at, colour);
    return text;
}

/// An empty NO_COLOR counts as none (https://no-color.org).
bool no_color() {
    const char* value = std::getenv("NO_COLOR");
    return value != nullptr && *value != '\0';
}

}  // namespace

bool is_lack_of_memory(const std::exception& error) {
    if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
    const auto* const system = dynamic_cast<const std::system_error*>(&error);
    return system != nullptr && (system->code() == std::errc::not_enough_memory ||
                                 system->code() == std::errc::resource_unavailable_try_again);
}

Console::Console() : terminal_{isatty(STDERR_FILENO) == 1}, colour_{terminal_ && !no_color()} {}

void Console::print(const std::string& text) const {
    if (!quiet) std::fwrite(text.data(), 1, text.size(), is_stdout_an_output() ? stderr : stdout);
}

void Console::report(std::span<const Diagnostic> diagnostics) const {
    for (const Diagnostic& diagnostic : diagnostics) {
        const bool is_error = diagnostic.severity == Severity::kError;
        if (quiet && !is_error) continue;
        std::string text = to_string(diagnostic);
        if (colour_) {
            text = is_error ? coloured(std::move(text), "error:", "\x1b[1;31m")
                            : coloured(std::move(text), "warning:", "\x1b[1;33m");
        }
        tell(text + '\n');
    }
}

void tell(const std::string& text) noexcept {
    std::fputs(text.c_str(), stderr);
    std::fflush(stderr);
}

int flush_stdout() noexcept {
    errno = 0;
    const bool failed = std::fflush(stdout) != 0;
    const int error = errno;
    if (!failed && std::ferror(stdout) == 0) return kOk;
    std::fprintf(stderr, "stdout: error: cannot write: %s [OUT-WRITE]\n",
                 error == 0 ? "not all was written" : std::strerror(error));
    return kBadInput;
}

void Console::warn(std::string code, SourceLocation where, std::string message,
                   std::string hint) const {
    const Diagnostic warning{std::move(code), std::move(where), std::move(message), std::move(hint),
                             Severity::kWarning};
    report({&warning, 1});
}

}  // namespace seamount::tools
