#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tools/import/netx/netx_import.hpp"
#include "tools/import/nir/nir_import.hpp"
#include "tools/import/sonata/sonata_import.hpp"

namespace seamount::importer {

/// What the formats may have to be told; each looks at its own part. Whatever is given for another
/// format than the file's is an error (IMP-OPTION).
struct ImportOptions {
    std::string dt;  ///< as given, for networks of ours; empty: not given
    bool dt_has_unit = false;
    NetxOptions netx;
    NirOptions nir;
    SonataOptions sonata;
};

/// An option of the importers: `--dt` of the command line, `run.dt` of a sweep.
struct ImportOption {
    const char* name;   ///< without dashes
    const char* value;  ///< what the help calls it; empty: a flag, which takes no text
    const char* help;
    /// Throws InputError (CLI-USAGE) for a text that it does not take.
    void (*set)(ImportOptions& options, const std::string& text);
};

/// All of them, in the order of the help.
[[nodiscard]] std::span<const ImportOption> import_option_table();

/// The option of that name, or null.
[[nodiscard]] const ImportOption* find_import_option(const std::string& name);

/// Options from names, without dashes, and texts. Throws InputError (CLI-USAGE) with all problems.
[[nodiscard]] ImportOptions read_import_options(
    const std::vector<std::pair<std::string, std::string>>& given);

/// Names of all options that were given, for whatever format.
[[nodiscard]] std::vector<std::string> given(const ImportOptions& options);

}  // namespace seamount::importer
