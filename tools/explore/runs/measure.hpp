#pragma once

#include <cstdint>
#include <string>

#include "isa/base/name_table.hpp"
#include "tools/explore/runs/executor.hpp"
#include "tools/explore/store/store.hpp"
#include "tools/explore/sweep/configuration.hpp"
#include "tools/explore/sweep/sweep.hpp"

namespace seamount::explore {

/// What objectives may use beside parameters and the keys of the summary: memory, as a proxy of
/// area.
enum class Proxy : std::uint8_t {
    kCore,  ///< of one core
    kChip,  ///< of all cores of the chip
    kUsed,  ///< of the cores in use
};
inline constexpr auto kProxyNames = name_table<Proxy>({{Proxy::kCore, "core_memory_bits"},
                                                       {Proxy::kChip, "chip_memory_bits"},
                                                       {Proxy::kUsed, "used_memory_bits"}});

/// What kept a run from being done.
enum class Trouble : std::uint8_t {
    kNone,
    kRun,  ///< the run's own words say it
    kTime,
    kMemory,
    kCrash,
    kScript,
    kObjective,  ///< one has no value
};
/// Codes of those that are found here.
inline constexpr auto kTroubleCodes = name_table<Trouble, Trouble::kTime>({
    {Trouble::kTime, "EXP-TIME"},
    {Trouble::kMemory, "EXP-MEMORY"},
    {Trouble::kCrash, "EXP-CRASH"},
    {Trouble::kScript, "EXP-SCRIPT"},
    {Trouble::kObjective, "EXP-OBJECTIVE"},
});

/// What a run came to.
struct Outcome {
    Result result;
    Trouble trouble = Trouble::kNone;
};

/// Numbers and words of a summary by their path: "energy_j.total".
[[nodiscard]] Assignment flatten(const std::string& summary);

/// A summary without what differs when the same is run again, and without the hashes of what it was
/// made of. Empty if it is no JSON object.
[[nodiscard]] std::string counters_of(const std::string& summary);

/// What a finished process says about its point. Never throws for what the process did: that is a
/// status and a reason.
[[nodiscard]] Outcome outcome_of(const Sweep& sweep, const Run& run, const ResolvedChip& chip,
                                 const JobResult& ended);

/// The same of a result that is known, measured by this sweep's objectives, which must be formulas.
[[nodiscard]] Outcome outcome_of(const Sweep& sweep, const Run& run, const ResolvedChip& chip,
                                 const Result& known);

/// True if a process was ended from outside, which says nothing about the point.
[[nodiscard]] bool was_killed(const JobResult& ended);

}  // namespace seamount::explore
