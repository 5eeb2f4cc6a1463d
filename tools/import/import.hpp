#pragma once

#include <filesystem>
#include <string>

#include "tools/import/network/network_text.hpp"
#include "tools/import/netx/netx_import.hpp"
#include "tools/import/nir/nir_import.hpp"

namespace seamount::importer {

/// What the formats may have to be told; each looks at its own part. Whatever is given for another
/// format than the file's is an error (IMP-OPTION).
struct ImportOptions {
    NetxOptions netx;
    NirOptions nir;
};

/// What `import_file` made of a file, and which format that was.
struct ImportedFile {
    std::string format;
    Imported content;
};

/// Reads a file of another tool, of whatever format it is by its contents, as a network whose
/// arrays will stand in the file `data`. Throws InputError: IMP-*, CLI-FILE.
[[nodiscard]] ImportedFile import_file(const std::filesystem::path& file, const std::string& data,
                                       const ImportOptions& options);

}  // namespace seamount::importer
