#pragma once

#include <cstdint>
#include <memory>

#include "compiler/driver/neuron_work.hpp"
#include "compiler/report/report.hpp"
#include "tools/session/open.hpp"
#include "tools/session/options.hpp"

namespace seamount::session {

/// Steps of a measurement, and of them those at its start that are left out of the means: until
/// then activity has not reached the last layers.
inline constexpr std::uint64_t kTrialSteps = 64;
inline constexpr std::uint64_t kTrialWarmUp = 16;

/// What a short run says of a mapping.
struct Trial {
    compiler::MeasuredMapping measured;  ///< all but `how`
    compiler::Activity activity;
    std::uint64_t spike_hash = 0;
};

/// Runs `steps` steps; means are over those from `from` on, which is less.
[[nodiscard]] Trial try_mapping(const std::shared_ptr<const Loaded>& loaded, const RunSettings& run,
                                std::uint64_t steps, std::uint64_t from);

}  // namespace seamount::session
