#pragma once

#include <optional>
#include <string>

#include "tools/base/interrupt.hpp"
#include "tools/base/progress.hpp"
#include "tools/session/listener.hpp"
#include "tools/session/observer.hpp"

namespace seamount::cli {

/// Shows on the console what a session does.
class ConsoleListener final : public session::Listener {
public:
    /// `console` must outlive it.
    explicit ConsoleListener(const tools::Console& console) : console_{console} {}

    void phase_begins(const std::string& what) override {
        note_.emplace(console_, what, "nothing was written");
        phase_.emplace(console_, what);
    }
    void phase_says(const std::string& what) override {
        if (phase_) phase_->say(what);
    }
    void phase_ends() override {
        phase_.reset();
        note_.reset();
    }
    void warning(const Diagnostic& warning) override { console_.report({&warning, 1}); }

private:
    const tools::Console& console_;
    std::optional<tools::InterruptNote> note_;
    std::optional<tools::PhaseLine> phase_;
};

/// Shows on the console how far a run is.
class ProgressObserver final : public session::RunObserver {
public:
    /// `network` is its name; `leaves` what an interrupted run leaves behind.
    ProgressObserver(const tools::Console& console, std::uint64_t steps, const std::string& network,
                     const std::string& leaves)
        : progress_{console, steps}, note_{console, network, steps, leaves} {}

    void on_step(const emu::StepReport& /*report*/, const session::Tally& /*tally*/) override {
        progress_.update(++done_);
        note_.reached(done_);
    }
    void finish(const emu::RunTotals& /*totals*/) override { progress_.finish(); }
    /// Whether a step is complete.
    [[nodiscard]] bool has_steps() const noexcept { return done_ != 0; }

private:
    tools::Progress progress_;
    tools::InterruptNote note_;
    std::uint64_t done_ = 0;
};

}  // namespace seamount::cli
