#pragma once

#include <optional>

#include "tools/base/progress.hpp"
#include "tools/session/listener.hpp"
#include "tools/session/observer.hpp"

namespace seamount::cli {

/// Shows on the console what a session does.
class ConsoleListener final : public session::Listener {
public:
    /// `console` must outlive it.
    explicit ConsoleListener(const tools::Console& console) : console_{console} {}

    void phase_begins(const std::string& what) override { phase_.emplace(console_, what); }
    void phase_ends() override { phase_.reset(); }
    void warning(const Diagnostic& warning) override { console_.report({&warning, 1}); }

private:
    const tools::Console& console_;
    std::optional<tools::PhaseLine> phase_;
};

/// Shows on the console how far a run is.
class ProgressObserver final : public session::RunObserver {
public:
    ProgressObserver(const tools::Console& console, std::uint64_t steps)
        : progress_{console, steps} {}

    void on_step(const emu::StepReport& /*report*/, const session::Tally& /*tally*/) override {
        progress_.update(++done_);
    }
    void finish(const emu::RunTotals& /*totals*/) override { progress_.finish(); }

private:
    tools::Progress progress_;
    std::uint64_t done_ = 0;
};

}  // namespace seamount::cli
