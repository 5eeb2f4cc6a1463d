#include "tools/base/interrupt.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "isa/base/output_file.hpp"

namespace seamount::tools {
namespace {

std::atomic<InterruptNote*> current{nullptr};
static_assert(std::atomic<InterruptNote*>::is_always_lock_free);

// What follows runs in a signal handler: nothing but write() and atomics.

void put(const char* text, std::size_t size) {
    while (size > 0) {
        const ssize_t done = write(STDERR_FILENO, text, size);
        if (done <= 0) return;
        text += done;
        size -= static_cast<std::size_t>(done);
    }
}

void put(std::uint64_t number) {
    std::array<char, 20> digits{};
    std::size_t first = digits.size();
    do {
        digits[--first] = static_cast<char>('0' + number % 10);
        number /= 10;
    } while (number != 0);
    put(&digits[first], digits.size() - first);
}

}  // namespace

InterruptNote::InterruptNote(const Console& console, const std::string& doing,
                             const std::string& leaves)
    : counts_{false}, before_{fmt::format("seamount: interrupted while {}; {}\n", doing, leaves)} {
    begin(console);
}

InterruptNote::InterruptNote(const Console& console, const std::string& what, std::uint64_t steps,
                             const std::string& leaves)
    : counts_{true},
      before_{"seamount: interrupted after "},
      after_{fmt::format("{} steps of {}; {}\n", steps == 0 ? "" : fmt::format(" of {}", steps),
                         what, leaves)} {
    begin(console);
}

void InterruptNote::begin(const Console& console) {
    outer_ = current.load();
    if (console.quiet) return;
    if (console.error_is_terminal()) before_.insert(0, "\n");
    current.store(this);
    tell_on_signals(&InterruptNote::tell);
}

InterruptNote::~InterruptNote() {
    current.store(outer_);
}

void InterruptNote::tell(int signal) {
    const InterruptNote* const note = current.load();
    if (note == nullptr || signal == SIGPIPE) return;
    put(note->before_.data(), note->before_.size());
    if (!note->counts_) return;
    put(note->done_.load(std::memory_order_relaxed));
    put(note->after_.data(), note->after_.size());
}

}  // namespace seamount::tools
