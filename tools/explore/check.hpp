#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tools/explore/runs/executor.hpp"
#include "tools/explore/sweep/configuration.hpp"
#include "tools/explore/sweep/sweep.hpp"

namespace seamount::explore {

/// What is wrong with a command line of `seamount run`, or nothing; and the options it has.
struct RunOptions {
    std::function<std::optional<std::string>(const std::vector<std::string>&)> complaint;
    std::vector<std::string> names;  ///< without dashes: "mapping-seed"
};

/// Checks that every path of a sweep exists and takes every value that the sweep gives it, alone.
/// Throws InputError (EXP-PATH, EXP-VALUE) with all problems.
void check_paths(const Sweep& sweep, const RunOptions& options);

/// Checks that the objectives have values, by running the first points that fit the chip for one
/// step or sample. Throws InputError (EXP-OBJECTIVE, EXP-SCRIPT, EXP-RUN). If no point fits,
/// that is left to the sweep to tell.
void check_objectives(const Sweep& sweep, Configurator& configurator, Executor& executor);

}  // namespace seamount::explore
