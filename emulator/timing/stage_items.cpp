#include "emulator/timing/stage_items.hpp"

#include <algorithm>
#include <array>

namespace seamount::emu {
namespace {

/// Watch of CoreTiming that keeps what each stage did.
class ItemWatch {
public:
    void begin(isa::Stage stage, std::uint64_t /*ready_ps*/, std::uint64_t start_ps,
               std::uint64_t service_ps) {
        if (service_ps == 0) return;
        std::vector<StageItem>& items = items_[static_cast<std::size_t>(stage)];
        if (!items.empty() && items.back().end_ps == start_ps) {
            items.back().end_ps += service_ps;
            return;
        }
        items.push_back({stage, start_ps, start_ps + service_ps});
    }

    struct Queue {
        ItemWatch& watch;
        isa::Stage stage;
        void begin(std::uint64_t ready_ps, std::uint64_t start_ps, std::uint64_t service_ps) {
            watch.begin(stage, ready_ps, start_ps, service_ps);
        }
    };
    [[nodiscard]] Queue queue(isa::Stage stage, std::size_t /*items*/) { return {*this, stage}; }
    [[nodiscard]] const std::array<std::vector<StageItem>, isa::kStages>& items() const noexcept {
        return items_;
    }

private:
    std::array<std::vector<StageItem>, isa::kStages> items_;
};

}  // namespace

void StageItems::add(const StepActivity& activity, const StepTiming& timing, CoreSlot core,
                     std::vector<StageItem>& items) const {
    const CoreActivity& work = activity.cores[core.index()];
    const auto first = std::partition_point(
        activity.packets.begin(), activity.packets.end(),
        [core](const SpikePacket& packet) { return packet.source_core < core; });
    const auto last = std::partition_point(
        first, activity.packets.end(),
        [core](const SpikePacket& packet) { return packet.source_core == core; });
    ItemWatch watch;
    (void)stages_.send<std::uint64_t>(work, std::span{first, last}, watch,
                                      [](std::size_t, std::uint64_t) {});
    const std::uint64_t sent_ps = timing.cores[core].sent_ps;
    const std::uint64_t ready_ps = stages_.receives_while_sending() ? 0 : sent_ps;
    const auto received_ps =
        stages_.receive<std::uint64_t>(timing.order->at(core), activity.packets, ready_ps, watch,
                                       [](const Arrival& arrival) { return arrival.at_ps; });
    (void)stages_.learn(work.learning, sent_ps, received_ps, watch);
    for (const std::vector<StageItem>& stage : watch.items()) {
        items.insert(items.end(), stage.begin(), stage.end());
    }
}

}  // namespace seamount::emu
