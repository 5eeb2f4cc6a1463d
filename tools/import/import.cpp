#include "tools/import/import.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "isa/base/diagnostic.hpp"
#include "tools/import/hdf5/hdf5_file.hpp"

namespace seamount::importer {
namespace {

/// A format, as a row: a new one is a folder with its reader and a row here.
struct Format {
    const char* name;
    const char* described;  ///< how to know one
    bool (*recognises)(const Hdf5File& file);
    /// Names of its options that were given.
    std::vector<std::string> (*given)(const ImportOptions& options);
    Imported (*read)(const Hdf5File& file, const std::string& data, const ImportOptions& options);
};

constexpr std::array kFormats{
    Format{"netx", "HDF5 with a group 'layer', as lava-dl and nxSlayer export",
           [](const Hdf5File& file) { return file.kind("/layer") == Hdf5File::Kind::kGroup; },
           [](const ImportOptions& options) { return given(options.netx); },
           [](const Hdf5File& file, const std::string& data, const ImportOptions& options) {
               return import_netx(file, data, options.netx);
           }},
    Format{"NIR", "HDF5 with a group 'node'",
           [](const Hdf5File& file) { return file.kind("/node") == Hdf5File::Kind::kGroup; },
           [](const ImportOptions& options) { return given(options.nir); },
           [](const Hdf5File& file, const std::string& data, const ImportOptions& options) {
               return import_nir(file, data, options.nir);
           }},
};

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
    for (const Format& other : kFormats) {
        if (&other == &format) continue;
        for (const std::string& name : other.given(options)) {
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
    const Hdf5File source{file};
    const auto* const format =
        std::find_if(kFormats.begin(), kFormats.end(),
                     [&](const Format& one) { return one.recognises(source); });
    const std::string hint = "formats that can be imported: " + readable_formats();
    if (format == kFormats.end()) {
        bad_input("IMP-FORMAT", file.string(),
                  fmt::format("an HDF5 file of no known format; at its root: {}",
                              fmt::join(source.members("/"), ", ")),
                  hint);
    }
    refuse_options_of_others(*format, file.string(), options);
    return {format->name, format->read(source, data, options)};
}

}  // namespace seamount::importer
