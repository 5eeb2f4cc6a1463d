#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tools/import/network/network_text.hpp"

namespace seamount::importer {

/// What a SONATA circuit does not say.
struct SonataOptions {
    std::optional<double> dt_ms;  ///< milliseconds per step; nothing: the `run: dt` of the file
};

/// Names of the options that were given.
[[nodiscard]] std::vector<std::string> given(const SonataOptions& options);

/// Reads a circuit of point neurons (nrn:IntFire1, nest:iaf_psc_delta) with its virtual nodes and
/// their spikes; `config` is a circuit_config.json, or a config.json that names one. `data` names
/// the .npz of its arrays. Throws InputError with every problem, each at the path of its object:
/// IMP-*, CLI-FILE.
[[nodiscard]] Imported import_sonata(const std::filesystem::path& config, const std::string& data,
                                     const SonataOptions& options);

}  // namespace seamount::importer
