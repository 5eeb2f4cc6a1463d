#include "tools/session/imported_network.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <system_error>
#include <utility>

#include "tools/base/files.hpp"

namespace seamount::session {
namespace {

namespace fs = std::filesystem;

constexpr const char* kImageEnding = ".smi";

constexpr const char* kName = "network.yaml";

/// `text` with every `from` as `to`.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

std::string trimmed(const std::string& line) {
    const std::size_t first = line.find_first_not_of(" -");
    return first == std::string::npos ? std::string{} : line.substr(first);
}

}  // namespace

ImportedNetwork::Folder::Folder() : maker{getpid()} {
    std::string name = (fs::temp_directory_path() / "seamount-import-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        bad_input("OUT-WRITE", name, "no folder can be made for the imported network",
                  "TMPDIR names another place for temporary files");
    }
    path = name;
}

ImportedNetwork::Folder::~Folder() {
    if (getpid() != maker) return;  // a forked child only looks on
    std::error_code ignored;
    fs::remove_all(path, ignored);
}

ImportedNetwork::ImportedNetwork(fs::path source, const importer::ImportOptions& options)
    : source_{std::move(source)},
      imported_{importer::import_file(source_, importer::data_of(kName).string(), options)},
      file_{folder_.path / kName} {
    importer::write_network(imported_.content.network, file_);
    std::istringstream text{imported_.content.network.yaml()};
    for (std::string line; std::getline(text, line);) lines_.push_back(line);
}

ImportedNetwork::~ImportedNetwork() = default;

std::vector<Diagnostic> ImportedNetwork::about_source(std::vector<Diagnostic> findings) const {
    const std::string folder = folder_.path.string();
    for (Diagnostic& finding : findings) {
        if (finding.where.file == file_.string()) {
            const std::uint32_t line = finding.where.line;
            if (line > 0 && line <= lines_.size()) {
                finding.message +=
                    fmt::format(" (as imported, line {}: {})", line, trimmed(lines_[line - 1]));
            }
            finding.where = {source_.string(), 0, 0};
        }
        finding.where.file = replaced(finding.where.file, file_.string(), source_.string());
        for (std::string* const text : {&finding.message, &finding.hint}) {
            *text = replaced(*text, file_.string(), source_.string());
            *text = replaced(*text, folder + "/", "");
        }
    }
    return findings;
}

bool is_foreign_network(const fs::path& path) {
    // What is named as images are is one, if only a damaged one.
    return !tools::is_yaml(path) && !tools::is_image(path) && path.extension() != kImageEnding;
}

}  // namespace seamount::session
