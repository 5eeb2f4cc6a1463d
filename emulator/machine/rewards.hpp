#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "emulator/machine/activity.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// The reward channels r0 and r1: what the host gives in a step, plus the payloads of the spikes of
/// the populations that are rewards. All cores see the same values. Rewards of the host are counted
/// as messages (Event::kHostReward); the way of a population's rewards to the cores is free.
class Rewards {
public:
    /// `image` must outlive the object.
    explicit Rewards(const isa::Image& image);

    /// Rewards of `step`; `cores` have just been updated. Steps must ascend.
    [[nodiscard]] std::array<std::int64_t, isa::kRewards> of_step(
        std::uint64_t step, std::span<const CoreActivity> cores);
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
    };

    std::vector<Range> ranges_;
    std::vector<HostList> lists_;
    std::uint64_t from_host_ = 0;
};

}  // namespace seamount::emu
