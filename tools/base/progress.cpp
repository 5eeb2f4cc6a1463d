#include "tools/base/progress.hpp"
#include "isa/base/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace seamount::tools {
namespace {

constexpr double kQuietStartSeconds = 1.0;
constexpr double kTerminalIntervalSeconds = 0.2;
constexpr double kLogIntervalSeconds = 10.0;

}  // namespace

Progress::Progress(const Console& console, std::uint64_t steps, const char* noun)
    : enabled_{!console.quiet},
      terminal_{console.error_is_terminal()},
      steps_{steps},
      noun_{noun},
      started_{now_s()},
      next_{started_ + (terminal_ ? kQuietStartSeconds : kLogIntervalSeconds)} {}

Progress::~Progress() {
    finish();
}

void Progress::update(std::uint64_t done) {
    if (!enabled_) return;
    const double now = now_s();
    if (now < next_) return;
    next_ = now + (terminal_ ? kTerminalIntervalSeconds : kLogIntervalSeconds);
    const double rate = static_cast<double>(done) / (now - started_);
    std::string line = fmt::format("{} {}, {:.4g} {}s/s", noun_, grouped(done), rate, noun_);
    if (steps_ != 0) {
        const double left = static_cast<double>(steps_ - std::min(done, steps_)) / rate;
        line = fmt::format("{} {} of {} ({:.0f} %), {:.4g} {}s/s, {:.0f} s left", noun_,
                           grouped(done), grouped(steps_),
                           100.0 * static_cast<double>(done) / static_cast<double>(steps_), rate,
                           noun_, left);
    }
    if (terminal_) {
        tell("\r" + line + "\x1b[K");
        shown_ = true;
    } else {
        tell(line + '\n');
    }
}

void Progress::finish() {
    if (!shown_) return;
    tell("\r\x1b[K");
    shown_ = false;
}

PhaseLine::PhaseLine(const Console& console, std::string what) {
    if (console.quiet || !console.error_is_terminal()) return;
    clock_ = std::thread{[this, what = std::move(what)] { show(what); }};
}

PhaseLine::~PhaseLine() {
    if (!clock_.joinable()) return;
    {
        const std::lock_guard lock{mutex_};
        done_ = true;
    }
    ended_.notify_one();
    clock_.join();
}

void PhaseLine::show(const std::string& what) {
    const double started = now_s();
    bool shown = false;
    std::unique_lock lock{mutex_};
    while (!ended_.wait_for(lock, std::chrono::seconds{1}, [this] { return done_; })) {
        tell(fmt::format("\r{} ... {:.0f} s\x1b[K", what, now_s() - started));
        shown = true;
    }
    if (shown) tell("\r\x1b[K");
}

}  // namespace seamount::tools
