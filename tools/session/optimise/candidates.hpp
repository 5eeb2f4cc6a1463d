#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "isa/chip/chip_spec.hpp"
#include "tools/session/options.hpp"

namespace seamount::session {

/// A mapping to be tried.
struct Candidate {
    std::string how;  ///< what differs from what was given: "spread 96, greedy"
    CompileSettings settings;
};

/// What is tried beside the mapping that `given` leads to, which takes `cores` cores. Options that
/// are given stay as they are.
///
/// For time and energy: spread over more cores, most first, with equal work on each by `activity`.
/// For cores and packets: other partitioners, more effort, other seeds.
[[nodiscard]] std::vector<Candidate> first_candidates(const CompileSettings& given,
                                                      compiler::Objective objective,
                                                      const isa::ChipSpec& chip,
                                                      std::uint32_t cores);

/// What is like the best of these: a little more or less spread, tiles of other forms, other
/// placers, and then any number of seeds, `most` in all.
[[nodiscard]] std::vector<Candidate> further_candidates(const CompileSettings& given,
                                                        const Candidate& best,
                                                        const isa::ChipSpec& chip,
                                                        std::size_t most);

}  // namespace seamount::session
