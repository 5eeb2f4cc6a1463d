#pragma once

#include <optional>
#include <string>
#include <vector>

#include "isa/chip/host_spec.hpp"
#include "tools/cli/options/import_words.hpp"
#include "tools/cli/options/option.hpp"
#include "tools/run/run_outputs.hpp"
#include "tools/session/host/host_link.hpp"
#include "tools/session/request.hpp"

namespace seamount::cli {

/// What the words of `seamount run` say.
struct RunOptions {
    session::RunRequest request;
    ImportWords import;
    std::string threads{"1"};
    std::string input_dt;  ///< milliseconds of a step
    bool no_learning = false;
    bool explain_time = false;
    bool watch = false;  ///< serve the page meanwhile
    bool uncertainty = false;
    std::optional<isa::HostClass> host_class;  ///< none: as the chip says
    std::string load_state;
    std::string window;
    session::HostLink::Params host;
    tools::OutputNames outputs;
};

/// Options that decide what comes out; `options` must outlive these, and those below.
[[nodiscard]] std::vector<Option> deciding_options(RunOptions& options);
/// The state that a run continues from.
[[nodiscard]] std::vector<Option> state_options(RunOptions& options);
/// Where results go.
[[nodiscard]] std::vector<Option> output_options(RunOptions& options);

/// Throws InputError (CLI-UNTIMED) for each output that is of what an untimed run does not model.
void reject_times(const RunOptions& options);
/// Throws InputError (RUN-RANKS) for each option that a run on several ranks does not take.
void reject_on_ranks(const RunOptions& options);
/// Puts into the request what words that were read say together.
void finish(RunOptions& options);

}  // namespace seamount::cli
