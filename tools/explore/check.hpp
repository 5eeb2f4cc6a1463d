#pragma once

#include <cstdint>
#include <functional>

#include "tools/explore/runs/executor.hpp"
#include "tools/explore/sweep/configuration.hpp"
#include "tools/explore/sweep/sweep.hpp"

namespace seamount::explore {

/// Checks that every path of a sweep exists, that no two settings contradict each other and that
/// the chip and the options take every value that the sweep gives them, alone. Adds what is wrong
/// (EXP-PATH, EXP-VALUE).
void check_paths(const Sweep& sweep, const RunOptions& options, Diagnostics& found);

/// Checks that the network takes the least and the greatest number, and every word, that the sweep
/// gives a parameter: reads it, in points of the sweep that have the value. Adds what is wrong
/// (EXP-VALUE).
void check_network_values(const Sweep& sweep, Diagnostics& found);

/// Checks the names in objectives of a sweep of which something else is wrong already, by the
/// sweep's network without its parameters if that compiles. Runs nothing. Adds what is wrong
/// (EXP-OBJECTIVE).
void check_objective_names(const Sweep& sweep, const RunOptions& options, Executor& executor,
                           Diagnostics& found);

/// What check_objectives() may do.
enum class Trial : std::uint8_t {
    kNone,  ///< compile points, run nothing
    kRun,   ///< run a point for one step or sample, and the scripts
};

/// Checks that the objectives have values, by the first points that fit the chip. Throws InputError
/// (EXP-OBJECTIVE, EXP-SCRIPT, EXP-RUN). If no point fits, or the time is up before that is known
/// (`is_over`), it is left to the sweep to tell.
void check_objectives(const Sweep& sweep, Configurator& configurator, Executor& executor,
                      Trial trial, const std::function<bool()>& is_over);

}  // namespace seamount::explore
