#include "emulator/learning/rounder.hpp"

#include "isa/base/random_domain.hpp"

namespace seamount::emu {
Rounder::Rounder(const isa::LearningRuleImage& rule, std::uint64_t run_seed,
                 std::uint32_t projection)
    : seed_{rule.own_seed ? rule.seed : run_seed},
      stream_base_{projection << 4U},
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
    const RandomStream random{RandomDomain::kLearning, seed_,
                              static_cast<std::uint32_t>(step >> 32U)};
    return random.block(id, stream_base_ | stream, static_cast<std::uint32_t>(step));
}

}  // namespace seamount::emu
