#include "tools/explore/runs/interruption.hpp"

#include <signal.h>

#include <array>
#include <cstddef>

namespace seamount::explore {
namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

volatile sig_atomic_t came = 0;
std::array<struct sigaction, kSignals.size()> before{};

void restore() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before[i], nullptr);
}

void note(int signal) {
    came = signal;
    restore();
}

}  // namespace

Interruption::Interruption() {
    came = 0;
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        sigaction(kSignals[i], nullptr, &before[i]);
        if (before[i].sa_handler == SIG_IGN) continue;
        struct sigaction action {};
        action.sa_handler = note;
        sigemptyset(&action.sa_mask);
        sigaction(kSignals[i], &action, nullptr);
    }
}

Interruption::~Interruption() {
    restore();
}

bool Interruption::is_wanted() noexcept {
    return came != 0;
}

void Interruption::end_process() {
    restore();
    raise(came);
}

}  // namespace seamount::explore
