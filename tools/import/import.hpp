#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/import/import_options.hpp"
#include "tools/import/network/network_text.hpp"

namespace seamount::importer {

/// What `import_file` made of a file, and which format that was.
struct ImportedFile {
    std::string format;
    Imported content;
    std::vector<std::filesystem::path> files_read;  ///< that file first
};

/// Reads a file of another tool, of whatever format it is by its contents, as a network whose
/// arrays will stand in the file `data`. Throws InputError: IMP-*, CLI-FILE.
[[nodiscard]] ImportedFile import_file(const std::filesystem::path& file, const std::string& data,
                                       const ImportOptions& options);

}  // namespace seamount::importer
