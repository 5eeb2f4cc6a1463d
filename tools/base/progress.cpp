#include "tools/base/progress.hpp"
#include "isa/base/text.hpp"

#include <fmt/core.h>
#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <mutex>
#include <utility>

namespace seamount::tools {
namespace {

constexpr double kQuietStartSeconds = 1.0;
constexpr double kTerminalIntervalSeconds = 0.2;
constexpr double kLogIntervalSeconds = 10.0;

/// What the threads of all PhaseLines hold but while they sleep. fork() takes it too: a child has
/// one thread alone, and a lock of the allocator that another thread held would stay shut in it.
std::mutex& line_mutex() {
    static std::mutex mutex;
    static const int registered = pthread_atfork(
        [] { line_mutex().lock(); }, [] { line_mutex().unlock(); }, [] { line_mutex().unlock(); });
    static_cast<void>(registered);
    return mutex;
}

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
    if (console.quiet) return;
    const bool on_terminal = console.error_is_terminal();
    // Signals are for the thread that works: METIS jumps out of its handler.
    sigset_t all{};
    sigset_t before{};
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    clock_ = std::thread{[this, what = std::move(what), on_terminal] { show(what, on_terminal); }};
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    std::unique_lock lock{line_mutex()};
    changed_.wait(lock, [this] { return asleep_; });
}

void PhaseLine::say(const std::string& part) {
    const std::lock_guard lock{line_mutex()};
    part_ = part;
}

PhaseLine::~PhaseLine() {
    if (!clock_.joinable()) return;
    {
        const std::lock_guard lock{line_mutex()};
        done_ = true;
    }
    changed_.notify_all();
    clock_.join();
}

void PhaseLine::show(const std::string& what, bool on_terminal) {
    const double started = now_s();
    const std::chrono::duration<double> interval{on_terminal ? 1.0 : kLogIntervalSeconds};
    bool shown = false;
    std::unique_lock lock{line_mutex()};
    asleep_ = true;
    changed_.notify_all();
    while (!changed_.wait_for(lock, interval, [this] { return done_; })) {
        const std::string text = fmt::format("{}{}{} ... {:.0f} s", what, part_.empty() ? "" : ": ",
                                             part_, now_s() - started);
        tell(on_terminal ? "\r" + text + "\x1b[K" : text + '\n');
        shown = on_terminal;
    }
    if (shown) tell("\r\x1b[K");
}

}  // namespace seamount::tools
