#include "emulator/machine/rewards.hpp"

#include <algorithm>
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
    const std::vector<std::uint32_t>& following = image.dataset.until_rewards;
    for (std::uint32_t i = 0; i < image.inputs.size(); ++i) {
        if (image.inputs[i].kind != isa::InputKind::kReward) continue;
        const bool follows = std::binary_search(following.begin(), following.end(), i);
        lists_.push_back({&image.inputs[i], 0, follows});
    }
}

/// Adds those of `step`; what comes before it is passed over.
void Rewards::take(HostList& list, std::uint64_t step, Sums& sums) {
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

std::array<std::int64_t, isa::kRewards> Rewards::of_step(const RewardSteps& steps,
                                                         std::span<const CoreActivity> cores) {
    Sums sums = std::exchange(given_, {});
    from_host_ = std::exchange(given_count_, 0U);
    for (HostList& list : lists_) {
        take(list, list.follows ? steps.dataset : steps.run, sums);
        if (list.follows && steps.end != steps.dataset) take(list, steps.end, sums);
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
