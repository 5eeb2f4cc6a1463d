#pragma once

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// Which reward of a learning rule an input drives.
enum class RewardChannel : std::uint8_t { kR0, kR1 };
inline constexpr auto kRewardChannelNames = name_table<RewardChannel>({
    {RewardChannel::kR0, "r0"},
    {RewardChannel::kR1, "r1"},
});
static_assert(kRewardChannelNames.size() == isa::kRewards);

/// Reads an input that gives rewards (`reward`, `values`): [step, value] pairs, inline or from a
/// file, in any order; two of one step are an error (NET-SPIKES).
void read_reward_input(Context& context, const YamlNode& node, isa::InputImage& image);

}  // namespace seamount::compiler::frontend
