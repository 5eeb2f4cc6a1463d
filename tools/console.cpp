#include "tools/console.hpp"

#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

namespace seamount::cli {
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

Console::Console() : terminal_{isatty(STDERR_FILENO) == 1}, colour_{terminal_ && !no_color()} {}

void Console::print(const std::string& text) const {
    if (!quiet) std::fwrite(text.data(), 1, text.size(), stdout);
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

void bad_input(std::string code, std::string file, std::string message, std::string hint) {
    Diagnostic fault;
    fault.code = std::move(code);
    fault.where.file = std::move(file);
    fault.message = std::move(message);
    fault.hint = std::move(hint);
    throw InputError(std::move(fault));
}

double now_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::uint64_t peak_rss_bytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024U;  // Linux counts in KiB
}

std::string grouped(std::uint64_t value) {
    const std::string digits = std::to_string(value);
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i != 0 && (digits.size() - i) % 3 == 0) text += ',';
        text += digits[i];
    }
    return text;
}

std::string counted(std::uint64_t value, const std::string& noun) {
    if (value == 1) return "1 " + noun;
    return fmt::format("{} {}s", grouped(value), noun);
}

std::string si(double value, const std::string& unit) {
    static constexpr std::array<const char*, 9> kPrefixes{"f", "p", "n", "u", "m",
                                                          "",  "k", "M", "G"};
    if (value == 0.0 || !std::isfinite(value)) return fmt::format("{} {}", value, unit);
    int index = 5;
    double scaled = value;
    // 999.5 would print as 1000 with three digits
    while (std::abs(scaled) >= 999.5 && index < 8) scaled /= 1000.0, ++index;
    while (std::abs(scaled) < 0.9995 && index > 0) scaled *= 1000.0, --index;
    return fmt::format("{:.3g} {}{}", scaled, kPrefixes[static_cast<std::size_t>(index)], unit);
}

}  // namespace seamount::cli
