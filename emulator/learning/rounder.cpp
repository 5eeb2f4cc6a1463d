#include "emulator/learning/rounder.hpp"

#include <Random123/philox.h>

namespace seamount::emu {
namespace {

/// Keeps the draws of the learning engine apart from those of neurons and host inputs.
constexpr std::uint32_t kLearnDomain = 0x4C524E47;  // "LRNG"

}  // namespace

Rounder::Rounder(const isa::LearningRuleImage& rule, std::uint64_t run_seed,
                 std::uint32_t projection)
    : seed_{rule.own_seed ? rule.seed : run_seed},
      domain_{projection << 4},
      lava_{rule.mode == isa::LearnMode::kLavaCompat} {
    switch (rule.rounding) {
        case isa::LearnRounding::kFloor:
            floor_ = true;
            threshold_ = 0xFFFFFFFF;
            break;
        case isa::LearnRounding::kHalf:
            threshold_ = 0x80000000;
            break;
        case isa::LearnRounding::kConstant:
            threshold_ = rule.threshold;
            break;
        case isa::LearnRounding::kStochastic:
            stochastic_ = true;
            break;
    }
}

std::array<std::uint32_t, 4> Rounder::draw(std::uint32_t id, std::uint32_t stream,
                                           std::uint64_t step) const {
    r123::Philox4x32::key_type key{};
    key[0] = static_cast<std::uint32_t>(seed_);
    key[1] = static_cast<std::uint32_t>(seed_ >> 32) ^ kLearnDomain;
    r123::Philox4x32::ctr_type counter{};
    counter[0] = id;
    counter[1] = domain_ | stream;
    counter[2] = static_cast<std::uint32_t>(step);
    counter[3] = static_cast<std::uint32_t>(step >> 32);
    const auto random = r123::Philox4x32{}(counter, key);
    return {random[0], random[1], random[2], random[3]};
}

}  // namespace seamount::emu
