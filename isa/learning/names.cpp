#include <array>

#include "isa/learning/learning_image.hpp"

namespace seamount::isa {

std::string_view name_of(LearnMode mode) {
    constexpr std::array<std::string_view, kLearnModes> kNames{"exact", "lava_compat",
                                                               "brian2loihi", "nengo"};
    return kNames[static_cast<std::size_t>(mode)];
}

std::string_view name_of(LearnRounding rounding) {
    constexpr std::array<std::string_view, kLearnRoundings> kNames{"floor", "half", "constant",
                                                                   "stochastic"};
    return kNames[static_cast<std::size_t>(rounding)];
}

}  // namespace seamount::isa
