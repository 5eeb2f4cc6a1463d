#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/session/listener.hpp"
#include "tools/session/open.hpp"
#include "tools/session/options.hpp"

namespace seamount::session {

/// All that decides a run: what is run, with which inputs, how it is mapped and how it runs. Can be
/// handed to another process as text.
struct RunRequest {
    std::filesystem::path file;       ///< network or image
    std::vector<std::string> inputs;  ///< NAME=FILE, of host inputs
    std::vector<std::string> data;    ///< NAME=FILE, of datasets and other inputs
    std::vector<std::string> probes;  ///< `--probe` texts, added to those of the network
    /// Milliseconds of a step, for inputs with times; none: as the network has it.
    std::optional<double> input_dt_ms;
    /// Options of the importers, by name, for a network of another tool; instead of mapping.import.
    std::vector<std::pair<std::string, std::string>> import;
    CompileSettings mapping;  ///< dumps are not handed on
    RunSettings run;
    bool dry =
        false;  ///< everything but the steps: the answer has the keys of a run, not its values
};

/// As one line of JSON.
[[nodiscard]] std::string text_of(const RunRequest& request);
/// Reads it back. Throws InputError (CLI-REQUEST) if it is none.
[[nodiscard]] RunRequest request_of(const std::string& text);

/// Opens what a request names and binds its inputs. Throws InputError.
[[nodiscard]] Loaded open(const RunRequest& request, Listener& listener);

}  // namespace seamount::session
