#pragma once

#include <cstdint>

#include "isa/base/name_table.hpp"

namespace seamount::explore {

/// The part of a sweep that a run belongs to.
enum class Stage : std::uint8_t {
    kScreen,  ///< all points, with what `screen:` sets on top
    kFinal,   ///< points as they are
};
inline constexpr auto kStageNames =
    name_table<Stage>({{Stage::kScreen, "screen"}, {Stage::kFinal, "final"}});

/// What has become of a run.
enum class Status : std::uint8_t {
    kWaiting,
    kRunning,
    kDone,
    kFailed,      ///< ended badly: a crash, a limit, bad input, an objective without value
    kInfeasible,  ///< the chip cannot be, or cannot hold the network
};
inline constexpr auto kStatusNames = name_table<Status>({
    {Status::kWaiting, "waiting"},
    {Status::kRunning, "running"},
    {Status::kDone, "done"},
    {Status::kFailed, "failed"},
    {Status::kInfeasible, "infeasible"},
});

[[nodiscard]] constexpr bool has_ended(Status status) {
    return status != Status::kWaiting && status != Status::kRunning;
}
/// True of what would be the same again, so that it is worth keeping.
[[nodiscard]] constexpr bool is_final(Status status) {
    return status == Status::kDone || status == Status::kInfeasible;
}

}  // namespace seamount::explore
