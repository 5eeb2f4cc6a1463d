#pragma once

#include <cstdint>

#include "isa/base/name_table.hpp"

namespace seamount::session {

/// The members of an answer of a host.
enum class AnswerPart : std::uint8_t {
    kSpikes,
    kWrites,
    kRewards,
    kLearning,
    kClearTags,
    kClearTraces
};
inline constexpr auto kAnswerPartNames = name_table<AnswerPart>({
    {AnswerPart::kSpikes, "spikes"},
    {AnswerPart::kWrites, "writes"},
    {AnswerPart::kRewards, "rewards"},
    {AnswerPart::kLearning, "learning"},
    {AnswerPart::kClearTags, "clear_tags"},
    {AnswerPart::kClearTraces, "clear_traces"},
});
enum class RewardChannel : std::uint8_t { kR0, kR1 };
inline constexpr auto kRewardChannelNames =
    name_table<RewardChannel>({{RewardChannel::kR0, "r0"}, {RewardChannel::kR1, "r1"}});
inline constexpr std::int64_t kLowestReward = -128;  ///< what an epoch's sum is clipped to
inline constexpr std::int64_t kHighestReward = 127;

}  // namespace seamount::session
