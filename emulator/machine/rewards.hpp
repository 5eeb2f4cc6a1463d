#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "emulator/machine/activity.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// Which step it is: of the run, and of its dataset.
struct RewardSteps {
    std::uint64_t run = 0;
    std::uint64_t dataset = 0;
    /// The dataset's last step of the sample if the sample ends early with this one, else the same:
    /// its reward is given too.
    std::uint64_t end = 0;
};

/// The reward channels r0 and r1: what the host gives in a step, plus the payloads of the spikes of
/// the populations that are rewards. All cores see the same values. Rewards of the host are counted
/// as messages (Event::kHostReward); the way of a population's rewards to the cores is free.
class Rewards {
public:
    /// `image` must outlive the object.
    explicit Rewards(const isa::Image& image);

    /// Rewards of a step; `cores` have just been updated. Steps must ascend.
    [[nodiscard]] std::array<std::int64_t, isa::kRewards> of_step(
        const RewardSteps& steps, std::span<const CoreActivity> cores);
    /// The host gives `value` on `channel` in the step of the next call of of_step.
    void give(std::uint32_t channel, std::int32_t value) {
        given_[channel] += value;
        ++given_count_;
    }
    /// What give() has collected for the next step, as sums, and how many they are.
    [[nodiscard]] const std::array<std::int64_t, isa::kRewards>& given() const { return given_; }
    [[nodiscard]] std::uint32_t given_count() const { return given_count_; }
    /// From now on steps may begin anywhere again, and `sums` are given for the next one.
    void restart(const std::array<std::int64_t, isa::kRewards>& sums, std::uint32_t count);
    /// How many the host gave in the step of the last call.
    [[nodiscard]] std::uint64_t from_host() const noexcept { return from_host_; }

private:
    struct Range {
        CoreSlot core;
        std::uint32_t first = 0;  ///< compartments [first, end)
        std::uint32_t end = 0;
        std::uint32_t channel = 0;
    };
    struct HostList {
        const isa::InputImage* input = nullptr;
        std::size_t next = 0;
        bool follows = false;  ///< samples, which may end early
    };
    using Sums = std::array<std::int64_t, isa::kRewards>;
    void take(HostList& list, std::uint64_t step, Sums& sums);

    std::vector<Range> ranges_;
    std::vector<HostList> lists_;
    std::uint64_t from_host_ = 0;
    std::array<std::int64_t, isa::kRewards> given_{};
    std::uint32_t given_count_ = 0;
};

}  // namespace seamount::emu
