#include "tools/progress.hpp"

#include <fmt/core.h>

#include <cstdio>

namespace seamount::cli {
namespace {

constexpr double kQuietStart_s = 1.0;
constexpr double kTerminalInterval_s = 0.2;
constexpr double kLogInterval_s = 10.0;

}  // namespace

Progress::Progress(const Console& console, std::uint64_t steps)
    : enabled_{!console.quiet},
      terminal_{console.error_is_terminal()},
      steps_{steps},
      started_{now_s()},
      next_{started_ + (terminal_ ? kQuietStart_s : kLogInterval_s)} {}

Progress::~Progress() {
    finish();
}

void Progress::update(std::uint64_t done) {
    if (!enabled_) return;
    const double now = now_s();
    if (now < next_) return;
    next_ = now + (terminal_ ? kTerminalInterval_s : kLogInterval_s);
    const double rate = static_cast<double>(done) / (now - started_);
    const double left = static_cast<double>(steps_ - done) / rate;
    const std::string line = fmt::format(
        "step {} of {} ({:.0f} %), {:.4g} steps/s, {:.0f} s left", grouped(done), grouped(steps_),
        100.0 * static_cast<double>(done) / static_cast<double>(steps_), rate, left);
    if (terminal_) {
        fmt::print(stderr, "\r{}\x1b[K", line);
        std::fflush(stderr);
        shown_ = true;
    } else {
        fmt::print(stderr, "{}\n", line);
    }
}

void Progress::finish() {
    if (!shown_) return;
    fmt::print(stderr, "\r\x1b[K");
    std::fflush(stderr);
    shown_ = false;
}

}  // namespace seamount::cli
