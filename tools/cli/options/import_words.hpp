#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tools/cli/options/option.hpp"
#include "tools/import/import_options.hpp"

namespace seamount::cli {

/// The options of the importers as they stand on a command line.
struct ImportWords {
    std::map<std::string, std::string> texts{};  ///< by name, without dashes; empty: not given
    std::map<std::string, bool> flags{};

    /// What was given, in the order of the table of options.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> given() const;
    /// Throws InputError (CLI-USAGE) with all problems.
    [[nodiscard]] importer::ImportOptions read() const;
};

/// The options of a command that imports networks of other tools, on the way or for good.
[[nodiscard]] std::vector<Option> import_options(ImportWords& words);

/// `text` as a number above 0. Throws InputError (CLI-USAGE).
[[nodiscard]] double positive_number(const std::string& option, const std::string& text);

}  // namespace seamount::cli
