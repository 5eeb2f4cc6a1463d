#pragma once

namespace seamount::explore {

/// Lets a sweep end in good order when the user (Ctrl-C) or the system (SIGTERM, SIGHUP) wants it
/// to end; a second signal ends it at once. Signals that the parent ignored stay ignored. One at a
/// time in a process.
class Interruption {
public:
    Interruption();
    /// What the signals did before they do again.
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

    [[nodiscard]] static bool is_wanted() noexcept;
    /// Ends this process by the signal that came, as if nothing had waited for it.
    static void end_process();
};

}  // namespace seamount::explore
