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
            : watch_{watch},
              stage_{static_cast<std::size_t>(stage)},
              longest_{watch.uses_[stage_].longest_queue},
              deepest_{watch.deepest_},
              known_{std::min(longest_, deepest_)} {
            std::vector<std::uint64_t>& starts = watch.starts_[stage_];
            if (starts.size() < items) starts.resize(items);
            first_ = head_ = end_ = starts.data();
        }
        ~Queue() {
            StageUse& use = watch_.uses_[stage_];
            use.busy_ps += busy_ps_;
            use.wait_ps += wait_ps_;
            use.longest_queue = longest_;
            watch_.deepest_ = std::max(watch_.deepest_, deepest_);
        }
        Queue(const Queue&) = delete;
        Queue& operator=(const Queue&) = delete;

        void begin(std::uint64_t ready_ps, std::uint64_t start_ps,
                   std::uint64_t service_ps) noexcept {
            busy_ps_ += service_ps;
            wait_ps_ += start_ps - ready_ps;
            // At once: all before it have begun. Without a branch: which it is nobody can guess.
            const bool waits = start_ps != ready_ps;
            *end_ = start_ps;
            end_ = waits ? end_ + 1 : first_;
            head_ = waits ? head_ : first_;
            // Who has begun is looked up only when as many might wait as never before.
            if (end_ - head_ <= known_) return;
            while (*head_ <= ready_ps) ++head_;  // ends at this item
            const auto waiting = static_cast<std::uint32_t>(end_ - head_);
            longest_ = std::max(longest_, waiting);
            deepest_ = std::max(deepest_, waiting);
            known_ = std::min(longest_, deepest_);
        }

    private:
        QueueWatch& watch_;
        std::size_t stage_;
        std::uint64_t busy_ps_ = 0;
        std::uint64_t wait_ps_ = 0;
        std::uint32_t longest_;
        std::uint32_t deepest_;
        std::uint32_t known_;   ///< so many may wait without being more than ever in run and step
        std::uint64_t* first_;  ///< when the items begin that did not find the stage idle
        std::uint64_t* head_;   ///< none before it waits
        std::uint64_t* end_;
    };
    /// At most `items` will come.
    [[nodiscard]] Queue queue(isa::Stage stage, std::size_t items) { return {*this, stage, items}; }

    [[nodiscard]] const StageUses& uses() const noexcept { return uses_; }
    /// Most items that waited at the same time before one of the stages in this step.
    [[nodiscard]] std::uint32_t deepest() const noexcept { return deepest_; }

private:
    std::array<std::vector<std::uint64_t>, isa::kStages> starts_;  ///< memory of the queues
    StageUses uses_{};
    std::uint32_t deepest_ = 0;
};

}  // namespace seamount::emu
