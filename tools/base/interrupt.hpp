#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "tools/base/console.hpp"

namespace seamount::tools {

/// Says on stderr what a signal ends, and how far it was, for as long as it lives; with --quiet
/// nothing. One at a time: a newer one takes the place of the one before, which comes back.
class InterruptNote {
public:
    /// `doing`: "compiling net.yaml"; `leaves`: what the end leaves behind, "nothing was written".
    InterruptNote(const Console& console, const std::string& doing, const std::string& leaves);
    /// The same for what is counted: "after 120 of 1000 steps of net.yaml". 0: nobody knows how
    /// many there will be.
    InterruptNote(const Console& console, const std::string& what, std::uint64_t steps,
                  const std::string& leaves);
    ~InterruptNote();
    InterruptNote(const InterruptNote&) = delete;
    InterruptNote& operator=(const InterruptNote&) = delete;

    /// So many steps are done.
    void reached(std::uint64_t steps) noexcept { done_.store(steps, std::memory_order_relaxed); }

private:
    static void tell(int signal);
    void begin(const Console& console);

    const bool counts_;
    std::string before_;  ///< the number
    std::string after_;
    std::atomic<std::uint64_t> done_{0};
    InterruptNote* outer_ = nullptr;
};

}  // namespace seamount::tools
