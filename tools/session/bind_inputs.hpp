#pragma once

#include <optional>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "tools/session/open.hpp"

namespace seamount::session {

/// Carries out `--input NAME=FILE`: the host inputs named so spike as their files say, which are
/// entered into what was read; those in .h5
/// have times, which `dt_ms`, the milliseconds of a step, turns into steps. Returns warnings.
/// Throws InputError with all problems: CLI-INPUT for assignments that name no such input, or one
/// that a dataset or values drive, and those of the files. `max_input` as for the data files of a
/// network.
std::vector<Diagnostic> bind_inputs(const std::vector<std::string>& assignments, Loaded& loaded,
                                    std::optional<double> dt_ms = std::nullopt,
                                    const std::string& max_input = {});

/// Carries out `--data NAME=FILE`: the inputs named so are driven by other data, as the network's
/// own: those of a dataset by other samples (compiler::bind_samples has the forms of FILE), others
/// by spikes, as bind_inputs does. `labels=FILE` gives labels; those of the old samples are
/// dropped, with the accuracy that the network quotes. The number of samples may change, for all
/// dataset inputs together. Enters what was read and bound into `loaded`. Returns warnings. Throws
/// InputError with all problems: CLI-DATA, and those of the files.
std::vector<Diagnostic> bind_data(const std::vector<std::string>& assignments, Loaded& loaded,
                                  std::optional<double> dt_ms = std::nullopt,
                                  const std::string& max_input = {});

}  // namespace seamount::session
