#include "tools/import/import.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "isa/base/diagnostic.hpp"
#include "tools/import/hdf5/hdf5_file.hpp"

namespace seamount::importer {
namespace {

/// A file whose format is looked for.
struct Source {
    std::filesystem::path path;
    std::unique_ptr<const Hdf5File> hdf5;  ///< null: a text in JSON

    /// True of HDF5 with such a group.
    [[nodiscard]] bool has_group(const char* name) const {
        return hdf5 && hdf5->kind(name) == Hdf5File::Kind::kGroup;
    }
};

/// A format, as a row: a new one is a folder with its reader and a row here.
struct Format {
    const char* name;
    const char* described;  ///< how to know one
    bool (*recognises)(const Source& source);
    /// Names of its options that were given.
    std::vector<std::string> (*given)(const ImportOptions& options);
    Imported (*read)(const Source& source, const std::string& data, const ImportOptions& options);
};

constexpr std::array kFormats{
    Format{"netx", "HDF5 with a group 'layer', as lava-dl and nxSlayer export",
           [](const Source& source) { return source.has_group("/layer"); },
           [](const ImportOptions& options) { return given(options.netx); },
           [](const Source& source, const std::string& data, const ImportOptions& options) {
               return import_netx(*source.hdf5, data, options.netx);
           }},
    Format{"NIR", "HDF5 with a group 'node'",
           [](const Source& source) { return source.has_group("/node"); },
           [](const ImportOptions& options) { return given(options.nir); },
           [](const Source& source, const std::string& data, const ImportOptions& options) {
               return import_nir(*source.hdf5, data, options.nir);
           }},
    Format{"SONATA", "JSON: circuit_config.json, or the config.json that names it",
           [](const Source& source) { return source.hdf5 == nullptr; },
           [](const ImportOptions& options) { return given(options.sonata); },
           [](const Source& source, const std::string& data, const ImportOptions& options) {
               return import_sonata(source.path, data, options.sonata);
           }},
};

/// True if the first character that is no blank opens an object; HDF5 files begin otherwise.
bool is_json(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    char first = '\0';
    return static_cast<bool>(file >> std::ws >> first) && first == '{';
}

/// "netx (HDF5 with a group 'layer', as ...)".
std::string readable_formats() {
    std::string text;
    for (const Format& format : kFormats) {
        text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", format.name, format.described);
    }
    return text;
}

void refuse_options_of_others(const Format& format, const std::string& file,
                              const ImportOptions& options) {
    Diagnostics found;
    const std::vector<std::string> own = format.given(options);
    for (const Format& other : kFormats) {
        if (&other == &format) continue;
        for (const std::string& name : other.given(options)) {
            if (std::find(own.begin(), own.end(), name) != own.end()) continue;
            found.error(
                "IMP-OPTION", {file, 0, 0},
                fmt::format("{} says nothing to a file of the format {}", name, format.name),
                fmt::format("it is for {} files", other.name));
        }
    }
    found.throw_if_errors();
}

}  // namespace

ImportedFile import_file(const std::filesystem::path& file, const std::string& data,
                         const ImportOptions& options) {
    Source source{file, nullptr};
    if (!is_json(file)) source.hdf5 = std::make_unique<const Hdf5File>(file);
    const auto* const format =
        std::find_if(kFormats.begin(), kFormats.end(),
                     [&](const Format& one) { return one.recognises(source); });
    const std::string hint = "formats that can be imported: " + readable_formats();
    if (format == kFormats.end()) {
        bad_input("IMP-FORMAT", file.string(),
                  fmt::format("an HDF5 file of no known format; at its root: {}",
                              fmt::join(source.hdf5->members("/"), ", ")),
                  hint);
    }
    refuse_options_of_others(*format, file.string(), options);
    ImportedFile result{format->name, format->read(source, data, options), {file}};
    for (const std::filesystem::path& other : result.content.files_read) {
        result.files_read.push_back(other);
    }
    if (!options.netx.bias.empty()) result.files_read.push_back(options.netx.bias);
    return result;
}

}  // namespace seamount::importer
