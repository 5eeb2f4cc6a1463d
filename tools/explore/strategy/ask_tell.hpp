#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tools/explore/strategy/strategy.hpp"
#include "tools/process/line_process.hpp"

namespace seamount::explore {

/// Lets a program of the user's choose the points: JSON lines on its stdin and stdout.
///
/// Seamount writes `{"space": [...], "objectives": [...]}` first, then `{"ask": n}` when it can
/// take up to n points and `{"tell": id, "status": ..., "values": {...}}` for each that has ended.
/// The program answers each `ask` with lines `{"id": any, "parameters": {path: value}}`, and
/// `{"end": true}` after the last line of an answer; `{"stop": true}` ends the sweep.
class AskTell final : public Strategy {
public:
    /// Starts the program. Throws InputError (EXP-ASK-TELL).
    explicit AskTell(const Sweep& sweep);

    std::vector<Assignment> ask(std::size_t room) override;
    void tell(const Told& told) override;
    [[nodiscard]] bool finished() const override { return stopped_; }
    [[nodiscard]] std::size_t size() const override { return ids_.size(); }
    void give_up_when(std::function<bool()> over) override {
        process_.give_up_when(std::move(over));
    }

private:
    [[noreturn]] void fail(const std::string& message) const;
    /// A parameter that a line sets, its value as JSON. Throws InputError (EXP-ASK-TELL) if the
    /// sweep has no such parameter, or not with this value.
    void take(const std::string& path, const std::string& value, Assignment& point) const;
    void describe();

    const Sweep& sweep_;
    tools::LineProcess process_;
    std::vector<std::string> ids_;  ///< JSON, by number
    bool stopped_ = false;
};

[[nodiscard]] std::unique_ptr<Strategy> make_ask_tell(const Sweep& sweep);

}  // namespace seamount::explore
