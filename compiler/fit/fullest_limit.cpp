#include "compiler/fit/fullest_limit.hpp"

namespace seamount::compiler {
namespace {

/// Whether a core needs more of it for more neurons of the same layer.
bool grows(isa::CoreLimit limit) {
    switch (limit) {
        case isa::CoreLimit::kSynapseFormats:
        case isa::CoreLimit::kNeuronGroups:
        case isa::CoreLimit::kMicrocodeWords:
            return false;
        default:
            return true;
    }
}

}  // namespace

LimitUse fullest_limit(const isa::CoreAmounts& fill, const isa::CoreLimits& limits) {
    LimitUse fullest;
    for (const isa::CoreLimitInfo& row : isa::kCoreLimitTable) {
        const std::uint64_t allowed = limits.*row.amount;
        const std::uint64_t used = fill.*row.amount;
        if (allowed == 0 || (!grows(row.limit) && used < allowed)) continue;
        const double share = static_cast<double>(used) / static_cast<double>(allowed);
        if (share > fullest.share) fullest = {row.limit, used, allowed, share};
    }
    return fullest;
}

}  // namespace seamount::compiler
