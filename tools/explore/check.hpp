#pragma once

#include <cstdint>
#include <functional>

#include "tools/explore/runs/executor.hpp"
#include "tools/explore/sweep/configuration.hpp"
#include "tools/explore/sweep/sweep.hpp"

namespace seamount::explore {

/// Checks that every path of a sweep exists, that no two settings contradict each other and that
/// the chip and the options take every value that the sweep gives them, alone. Adds what is wrong
/// (EXP-PATH, EXP-VALUE), with the chip itself too. True if every path is there.
[[nodiscard]] bool check_paths(const Sweep& sweep, const RunOptions& options, Diagnostics& found);

/// Checks that the network takes the values that the sweep gives its parameters, the ends first and
/// of the others what there is time for: reads it, in points of the sweep that have the value. Adds
/// what is wrong (EXP-VALUE), once for values of a parameter of which the same is said.
void check_network_values(const Sweep& sweep, Diagnostics& found);

/// Checks that the sweep says how long its points run, or the dataset of its network does. Adds
/// that it does not (CLI-STEPS, CLI-SAMPLES). Networks that cannot be read are left to others.
void check_length(const Sweep& sweep, Configurator& configurator, Diagnostics& found);

/// Checks the names in objectives of a sweep of which something else is wrong already, by the
/// sweep's network without its parameters if that compiles. Runs nothing. Adds what is wrong
/// (EXP-OBJECTIVE).
void check_objective_names(const Sweep& sweep, const RunOptions& options, Executor& executor,
                           const std::function<bool()>& is_over, Diagnostics& found);

/// What check_objectives() may do.
enum class Trial : std::uint8_t {
    kNone,  ///< compile points, run nothing
    kRun,   ///< run a point for one step or sample, and the scripts
};

/// Checks that the objectives have values, by the first points that fit the chip. Throws InputError
/// (EXP-OBJECTIVE, EXP-SCRIPT, EXP-RUN). If no point fits it is left to the sweep to tell; if none
/// can even be, with Trial::kNone, that is an error (EXP-RUN). False if
/// the time was up (`is_over`) before anything was known.
[[nodiscard]] bool check_objectives(const Sweep& sweep, Configurator& configurator,
                                    Executor& executor, Trial trial,
                                    const std::function<bool()>& is_over);

}  // namespace seamount::explore
