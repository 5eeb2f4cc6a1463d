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
    void begin_step() {
        deepest_ = 0;
        for (Queue& queue : queues_) {
            queue.starts.clear();
            queue.head = 0;
        }
    }

    void begin(isa::Stage stage, std::uint64_t ready_ps, std::uint64_t start_ps,
               std::uint64_t service_ps) {
        StageUse& use = uses_[static_cast<std::size_t>(stage)];
        use.busy_ps += service_ps;
        if (stage == isa::Stage::kUpdate || stage == isa::Stage::kLearning) return;  // no items
        Queue& queue = queues_[static_cast<std::size_t>(stage)];
        if (start_ps == ready_ps) {  // at once: all before it have begun
            queue.starts.clear();
            queue.head = 0;
            return;
        }
        use.wait_ps += start_ps - ready_ps;
        queue.starts.push_back(start_ps);
        // Who has begun is looked up only when as many might wait as never before.
        const std::size_t known = std::min(deepest_, use.longest_queue);
        if (queue.starts.size() - queue.head <= known) return;
        while (queue.starts[queue.head] <= ready_ps) ++queue.head;  // ends at this item
        const auto waiting = static_cast<std::uint32_t>(queue.starts.size() - queue.head);
        use.longest_queue = std::max(use.longest_queue, waiting);
        deepest_ = std::max(deepest_, waiting);
    }

    [[nodiscard]] const StageUses& uses() const noexcept { return uses_; }
    /// Most items that waited at the same time before one of the stages in this step.
    [[nodiscard]] std::uint32_t deepest() const noexcept { return deepest_; }

private:
    struct Queue {
        std::vector<std::uint64_t> starts;  ///< of the items of this step
        std::size_t head = 0;               ///< none before it waits
    };
    std::array<Queue, isa::kStages> queues_;
    StageUses uses_{};
    std::uint32_t deepest_ = 0;
};

}  // namespace seamount::emu
