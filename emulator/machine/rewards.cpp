#include "emulator/machine/rewards.hpp"

#include <utility>

namespace seamount::emu {

Rewards::Rewards(const isa::Image& image) {
    for (const isa::RewardImage& reward : image.learning.rewards) {
        for (std::uint32_t c = 0; c < image.cores.size(); ++c) {
            for (const isa::NeuronGroup& group : image.cores[c].groups) {
                if (group.population != reward.population) continue;
                ranges_.push_back(
                    {CoreSlot{c}, group.first, group.first + group.count, reward.channel});
            }
        }
    }
    for (const isa::InputImage& input : image.inputs) {
        if (input.kind == isa::InputKind::kReward) lists_.push_back({&input, 0});
    }
}

std::array<std::int64_t, isa::kRewards> Rewards::of_step(std::uint64_t step,
                                                         std::span<const CoreActivity> cores) {
    std::array<std::int64_t, isa::kRewards> sums = std::exchange(given_, {});
    from_host_ = std::exchange(given_count_, 0U);
    for (HostList& list : lists_) {
        const isa::InputImage& input = *list.input;
        while (list.next < input.spike_steps.size() && input.spike_steps[list.next] < step) {
            ++list.next;
        }
        for (; list.next < input.spike_steps.size() && input.spike_steps[list.next] == step;
             ++list.next) {
            ++from_host_;
            sums[input.spike_sources[list.next]] +=
                input.spike_payloads.empty() ? 1 : input.spike_payloads[list.next];
        }
    }
    for (const Range& range : ranges_) {
        for (const EmittedSpike& spike : cores[range.core.index()].spikes) {
            if (spike.compartment < range.first || spike.compartment >= range.end) continue;
            sums[range.channel] += spike.payload;
        }
    }
    return sums;
}

void Rewards::restart(const std::array<std::int64_t, isa::kRewards>& sums, std::uint32_t count) {
    for (HostList& list : lists_) list.next = 0;
    given_ = sums;
    given_count_ = count;
}

}  // namespace seamount::emu
