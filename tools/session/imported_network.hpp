#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "tools/import/import.hpp"

namespace seamount::session {

/// A network of another tool as a network file, in a temporary folder that goes with this object.
class ImportedNetwork {
public:
    /// Throws InputError: IMP-*, CLI-FILE, OUT-WRITE.
    ImportedNetwork(std::filesystem::path source, const importer::ImportOptions& options);
    ~ImportedNetwork();
    ImportedNetwork(const ImportedNetwork&) = delete;
    ImportedNetwork& operator=(const ImportedNetwork&) = delete;

    /// The network file; its arrays stand beside it.
    [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
    [[nodiscard]] const importer::ImportedFile& imported() const noexcept { return imported_; }

    /// The same findings, of which those about the temporary files now name the source, and quote
    /// the line of the network file that they are about.
    [[nodiscard]] std::vector<Diagnostic> about_source(std::vector<Diagnostic> findings) const;

private:
    /// A folder that is removed by the process that made it.
    struct Folder {
        Folder();
        ~Folder();
        Folder(const Folder&) = delete;
        Folder& operator=(const Folder&) = delete;
        std::filesystem::path path;
        pid_t maker;
    };

    std::filesystem::path source_;
    Folder folder_;
    importer::ImportedFile imported_;
    std::filesystem::path file_;
    std::vector<std::string> lines_;
};

/// True unless `path` is a network file by its name, or an image.
[[nodiscard]] bool is_foreign_network(const std::filesystem::path& path);

}  // namespace seamount::session
