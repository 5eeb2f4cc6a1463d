#include "tools/explore/sweep/strategy_spec.hpp"

namespace seamount::explore {

bool takes(StrategyKind kind, Takes what) {
    std::uint32_t all = 0;
    switch (kind) {
#define SM_DESIGN(name, text, takes, places) \
    case StrategyKind::k##name:              \
        all = takes;                         \
        break;
#define SM_SEARCH(name, text, takes, make) SM_DESIGN(name, text, takes, make)
#include "tools/explore/sweep/strategies.def"
    }
    return (all & what) != 0;
}

bool is_design(StrategyKind kind) {
    switch (kind) {
#define SM_DESIGN(name, text, takes, places) \
    case StrategyKind::k##name:              \
        return true;
#define SM_SEARCH(name, text, takes, make) \
    case StrategyKind::k##name:            \
        return false;
#include "tools/explore/sweep/strategies.def"
    }
    return false;
}

}  // namespace seamount::explore
