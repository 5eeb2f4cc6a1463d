#pragma once

#include <csignal>
#include <thread>

namespace seamount::compiler {

/// While it lives, SIGTERM is handled in a thread of its own, as it would be without METIS, which
/// puts a handler in place that jumps out of whatever it is doing, such as malloc with its lock.
/// One at a time.
class SigtermWatch {
public:
    SigtermWatch();
    ~SigtermWatch();
    SigtermWatch(const SigtermWatch&) = delete;
    SigtermWatch& operator=(const SigtermWatch&) = delete;

private:
    void watch() const;

    sigset_t awaited_{};  ///< SIGTERM, and what ends the thread
    sigset_t before_{};   ///< signals that this thread had blocked
    struct sigaction previous_ {};
    std::thread thread_;
};

}  // namespace seamount::compiler
