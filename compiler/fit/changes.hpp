#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/fit/core_need.hpp"
#include "compiler/fit/layer_fit.hpp"
#include "compiler/ir/network.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// One change of a network, or of the chip, and what it would give.
struct FitChange {
    std::string what;   ///< "weights of 4 bits"
    std::string gives;  ///< "97 cores of 128"
    bool enough = false;
    bool tried = false;       ///< else by proportion
    std::uint64_t cores = 0;  ///< that would be needed then; 0: not counted
};

/// All that is known of a network that does not fit, or may not.
struct FitProblem {
    const Network& network;
    const Lowered& lowered;
    const CoreNeed& need;
    const std::vector<LayerFit>& layers;
    const isa::ChipSpec& chip;
    const std::vector<isa::ChipSpec>& others;  ///< that might hold it
    std::uint64_t chips = 0;                   ///< that would be needed; 0: no number is enough
    bool exact = false;
};

/// Changes in the order of what they cost the user: kernels stored once, another chip, fewer bits,
/// neurons split in two, fewer neurons, more chips. What can be tried is tried, by quick_need(),
/// until one is enough; the closed forms (fewer neurons, more chips) are always there.
[[nodiscard]] std::vector<FitChange> changes_for(const FitProblem& problem);

}  // namespace seamount::compiler
