#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compiler/fit/changes.hpp"
#include "compiler/fit/core_need.hpp"
#include "compiler/fit/layer_fit.hpp"
#include "compiler/fit/rate_estimate.hpp"
#include "compiler/ir/network.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

struct FitOptions {
    /// Map and place as a compilation by this method does; nothing: bounds and a quick mapping.
    std::optional<MappingMethod> exact;
    /// Chips that may stand in for the one that is too small; called only then.
    std::function<std::vector<isa::ChipSpec>()> other_chips;
};

/// How many chips of a kind a network takes, each as good as empty.
struct ChipCount {
    std::uint64_t cores_each = 0;
    std::uint64_t available = 1;  ///< that the chip file has
    std::uint64_t least = 0;      ///< no mapping takes fewer
    std::uint64_t needed = 0;     ///< by the mapping; 0: no number of chips is enough
};

struct FitReport {
    FitVerdict verdict = FitVerdict::kUnclear;
    bool exact = false;
    std::uint64_t neurons = 0;
    /// 0 with `too_large`: they were not all generated.
    std::uint64_t synapses = 0;
    bool too_large = false;  ///< so many synapses that `chips.least` - 1 chips cannot hold them
    CoreNeed need;           ///< empty with `too_large`
    ChipCount chips;
    std::vector<LayerFit> layers;
    std::vector<std::string> inputs;  ///< names, in the order of SourceRates
    std::vector<FitChange> changes;   ///< if it does not fit, or may not; the first that is enough
                                      ///< is the one to take
    std::uint32_t steps_per_sample = 0;  ///< of a dataset; 0: there is none
    bool samples_end_early = false;      ///< the steps are the most that a sample takes
    std::uint32_t samples = 0;
    std::vector<Diagnostic> warnings;
};

/// A network that was looked at, to be asked what it costs.
class FitStudy {
public:
    /// Throws InputError for what is wrong with the network; that it does not fit is an answer.
    FitStudy(const Network& network, const isa::ChipSpec& chip, const FitOptions& options);

    [[nodiscard]] const FitReport& report() const noexcept { return report_; }
    /// On as many chips as it takes; nothing if no number is enough, or the chip has no prices.
    /// Placed along a Hilbert curve, or with `exact` as compiled.
    [[nodiscard]] std::optional<RateEstimate> cost(const SourceRates& rates) const;

private:
    /// False if it is too large to be looked at.
    bool lower_network(const Network& network);
    void count_chips();

    isa::ChipSpec chip_;
    std::optional<Lowered> lowered_;
    FitReport report_;
};

}  // namespace seamount::compiler
