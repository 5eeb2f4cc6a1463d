#include "emulator/learning/normaliser.hpp"

#include <algorithm>
#include <cstdlib>

namespace seamount::emu {
namespace {

constexpr std::int64_t kLowest = -256;
constexpr std::int64_t kHighest = 255;
constexpr unsigned kFractionBits = 16;

}  // namespace

void Normaliser::add(std::uint32_t target, std::int32_t weight) {
    sums_[target] += static_cast<std::uint64_t>(std::abs(weight));
}

std::int32_t Normaliser::scaled(std::uint32_t target, std::int32_t weight, std::uint32_t id,
                                std::uint64_t step, LearningActivity& activity) const {
    ++activity.synapse_updates;
    if (weight == 0) return 0;
    ++activity.multiply_accumulates;
    // 9 bits times 25, and a rest below 33 bits times 16.
    const std::uint64_t sum = sums_[target];
    const std::uint64_t product = static_cast<std::uint64_t>(std::abs(weight)) * rule_->normal_sum;
    const auto fraction =
        static_cast<std::uint32_t>(((product % sum << kFractionBits) / sum) << kFractionBits);
    auto size = static_cast<std::int64_t>(product / sum);
    if (fraction != 0) {
        std::uint32_t threshold = rounder_.threshold();
        if (rounder_.stochastic()) {
            constexpr auto kStream = static_cast<std::uint32_t>(LearnStream::kNormalise);
            threshold = rounder_.draw(id / 4, kStream, step)[id % 4];
        }
        if (threshold < fraction) ++size;
    }
    const std::int64_t exact = weight < 0 ? -size : size;
    const auto kept = static_cast<std::int32_t>(std::clamp(exact, kLowest, kHighest));
    if (kept != exact) ++activity.saturations;
    if (kept != weight) ++activity.synapse_writes;
    return kept;
}

}  // namespace seamount::emu
