#include "compiler/partition/seeds/sigterm_watch.hpp"

#include <pthread.h>

namespace seamount::compiler {

SigtermWatch::SigtermWatch() {
    sigaction(SIGTERM, nullptr, &previous_);
    sigemptyset(&awaited_);
    sigaddset(&awaited_, SIGTERM);
    sigaddset(&awaited_, SIGRTMIN);
    pthread_sigmask(SIG_BLOCK, &awaited_, &before_);
    thread_ = std::thread{[this] { watch(); }};
}

SigtermWatch::~SigtermWatch() {
    pthread_kill(thread_.native_handle(), SIGRTMIN);
    thread_.join();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void SigtermWatch::watch() const {
    for (;;) {
        int signal = 0;
        if (sigwait(&awaited_, &signal) != 0 || signal != SIGTERM) return;
        if (previous_.sa_handler == SIG_IGN) continue;
        std::signal(SIGTERM, SIG_DFL);
        sigset_t sigterm{};
        sigemptyset(&sigterm);
        sigaddset(&sigterm, SIGTERM);
        pthread_sigmask(SIG_UNBLOCK, &sigterm, nullptr);
        if (previous_.sa_handler != SIG_DFL) previous_.sa_handler(SIGTERM);
        std::raise(SIGTERM);
    }
}

}  // namespace seamount::compiler
