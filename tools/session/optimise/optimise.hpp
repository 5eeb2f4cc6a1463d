#pragma once

#include <filesystem>

#include "tools/session/listener.hpp"
#include "tools/session/open.hpp"
#include "tools/session/options.hpp"
#include "tools/session/request.hpp"

namespace seamount::session {

/// open(request), but with CompileSettings::optimise the mapping is the best of several for that,
/// each measured by kTrialSteps steps of the run that is asked for (fewer if it has fewer), and the
/// report says how it was found. Deterministic for a number of candidates, unless the budget ends
/// the search. Only the warnings of the kept mapping are told. Throws InputError, also for an
/// objective on a chip without prices that needs them (CLI-OPTIMISE), and for a budget or a number
/// of candidates without an objective (CLI-USAGE).
[[nodiscard]] Loaded open_best(const RunRequest& request, Listener& listener);

/// open_network(), in the same way.
[[nodiscard]] Loaded open_best(const std::filesystem::path& path, const CompileSettings& settings,
                               Listener& listener);

}  // namespace seamount::session
