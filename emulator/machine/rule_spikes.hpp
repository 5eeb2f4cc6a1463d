#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/learning/core_learning.hpp"
#include "emulator/machine/activity.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// Spikes that switch learning rules on and off or clear tags. All cores see the same, at once and
/// at no cost, as they see the rewards of a population.
class RuleSpikes {
public:
    /// `image` must outlive the object.
    explicit RuleSpikes(const isa::Image& image);

    /// What the rules are told at the end of a step; `cores` have just been updated. Empty if no
    /// rule listens to spikes. Valid until the next call.
    [[nodiscard]] std::span<const LearnSignals::Rule> of_step(std::span<const CoreActivity> cores);

    /// By entry of LearningImage::rule_spikes: 1 if the rule is on.
    [[nodiscard]] std::vector<std::uint8_t> state() const;
    /// The reverse; as many entries. None: as at step 0.
    void restart(std::span<const std::uint8_t> state);

private:
    enum class Act : std::uint8_t { kOn, kOff, kClearTags };
    struct Range {
        CoreSlot core;
        std::uint32_t first = 0;  ///< compartments [first, end)
        std::uint32_t end = 0;
        std::uint32_t rule = 0;  ///< index into LearningImage::rules
        Act act{};
    };

    void add(std::uint32_t population, std::uint32_t rule, Act act, const isa::Image& image);

    const std::vector<isa::RuleSpikesImage>& entries_;
    std::vector<Range> ranges_;  ///< those that switch on come before those that switch off
    std::vector<LearnSignals::Rule> rules_;
};

}  // namespace seamount::emu
