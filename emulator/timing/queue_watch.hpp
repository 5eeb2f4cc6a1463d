#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "isa/chip/core_timing_spec.hpp"

namespace seamount::emu {

/// What one stage of a core did in a run.
struct StageUse {
    std::uint64_t busy_ps = 0;
    std::uint64_t wait_ps = 0;        ///< of all items, from when they were ready until they began
    std::uint32_t longest_queue = 0;  ///< items that waited at the same time, in the worst step
    friend bool operator==(const StageUse&, const StageUse&) = default;
};
using StageUses = std::array<StageUse, isa::kStages>;

/// Observes the queues before the stages of one core (as Watch of CoreTiming). Items of a stage
/// become ready in order and begin in order.
class QueueWatch {
public:
    void begin_step() noexcept { deepest_ = 0; }

    /// A stage that has work, but no items that could wait.
    void begin(isa::Stage stage, std::uint64_t /*ready_ps*/, std::uint64_t /*start_ps*/,
               std::uint64_t service_ps) noexcept {
        uses_[static_cast<std::size_t>(stage)].busy_ps += service_ps;
    }

    /// The items of one stage in one step. What it counts stays with it, where the compiler keeps
    /// it in registers, and goes to the watch when it ends.
    class Queue {
    public:
        Queue(QueueWatch& watch, isa::Stage stage, std::size_t items)
            : watch_{watch}, stage_{static_cast<std::size_t>(stage)} {
            std::vector<std::uint64_t>& starts = memory_of(stage);
            if (starts.size() < 2 * items) starts.assign(2 * items, 0);
            const std::uint32_t known = std::min(watch.uses_[stage_].longest_queue, watch.deepest_);
            next_ = starts.data() + starts.size() / 2;
            earlier_ = next_ - std::min<std::size_t>(known, items);
        }
        ~Queue() {
            StageUse& use = watch_.uses_[stage_];
            use.busy_ps += busy_ps_;
            use.wait_ps += wait_ps_;
            const auto most = static_cast<std::uint32_t>(next_ - earlier_);
            use.longest_queue = std::max(use.longest_queue, most);
            watch_.deepest_ = std::max(watch_.deepest_, most);
        }
        Queue(const Queue&) = delete;
        Queue& operator=(const Queue&) = delete;

        void begin(std::uint64_t ready_ps, std::uint64_t start_ps,
                   std::uint64_t service_ps) noexcept {
            busy_ps_ += service_ps;
            wait_ps_ += start_ps - ready_ps;
            *next_++ = start_ps;
            // If the earlier one has not begun, one more waits than ever, and never two more: the
            // distance grows. Without a branch: which it is nobody can guess.
            earlier_ += *earlier_ > ready_ps ? 0 : 1;
        }

    private:
        QueueWatch& watch_;
        std::size_t stage_;
        std::uint64_t busy_ps_ = 0;
        std::uint64_t wait_ps_ = 0;
        std::uint64_t* next_;  ///< where the next item goes: when it begins
        /// As far before it as items have waited at the same time both in the run and in the step.
        std::uint64_t* earlier_;
    };
    /// At most `items` will come.
    [[nodiscard]] Queue queue(isa::Stage stage, std::size_t items) { return {*this, stage, items}; }

    [[nodiscard]] const StageUses& uses() const noexcept { return uses_; }
    /// Most items that waited at the same time before one of the stages in this step.
    [[nodiscard]] std::uint32_t deepest() const noexcept { return deepest_; }

private:
    /// Memory of the queue of a stage: zeros, then as much again for the items. A thread plays one
    /// core after another, whose queues take the same memory in turn.
    [[nodiscard]] static std::vector<std::uint64_t>& memory_of(isa::Stage stage) {
        thread_local std::array<std::vector<std::uint64_t>, isa::kStages> starts;
        return starts[static_cast<std::size_t>(stage)];
    }

    StageUses uses_{};
    std::uint32_t deepest_ = 0;
};

}  // namespace seamount::emu
