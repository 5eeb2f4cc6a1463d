#include "tools/base/config_library.hpp"

#include <dlfcn.h>
#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/input/input_file.hpp"
#include "tools/base/console.hpp"
#include "tools/base/files.hpp"

namespace seamount::tools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHint = "set SEAMOUNT_CONFIGS to the folder that holds chips/ and neurons/";

/// Names of the files in a folder of the library that have this extension.
std::vector<std::string> library_names(const char* folder, const char* extension) {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(find_config_dir() / folder, ignored)) {
        if (entry.path().extension() == extension) names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

/// The file of that name in the library, if there is one.
std::optional<fs::path> named_in(const char* folder, const std::string& name,
                                 const char* extension) {
    if (name.find('/') != std::string::npos || name.empty()) return std::nullopt;
    std::error_code ignored;
    const fs::path path = find_config_dir() / folder / (name + extension);
    if (!fs::is_regular_file(path, ignored)) return std::nullopt;
    return path;
}

/// The file that holds this code: the program, or the Python module.
fs::path own_file() {
    Dl_info info{};
    static const int here = 0;
    if (dladdr(&here, &info) == 0 || info.dli_fname == nullptr) return {};
    std::error_code ignored;
    const fs::path file = fs::canonical(info.dli_fname, ignored);
    return ignored ? fs::path{} : file;
}

}  // namespace

fs::path find_config_dir() {
    std::error_code ignored;
    if (const char* given = std::getenv("SEAMOUNT_CONFIGS"); given != nullptr && *given != '\0') {
        if (fs::is_directory(given, ignored)) return given;
        bad_input("CLI-CONFIGS", given, "SEAMOUNT_CONFIGS is not a folder", kHint);
    }
    const fs::path executable = fs::read_symlink("/proc/self/exe", ignored);
    const fs::path installed = executable.parent_path().parent_path() / "share/seamount/configs";
    if (fs::is_directory(installed, ignored)) return installed;
    const fs::path own = own_file().parent_path();
    for (const char* const place :
         {"configs", "../share/seamount/configs", "../../share/seamount/configs"}) {
        const fs::path beside = (own / place).lexically_normal();
        if (!own.empty() && fs::is_directory(beside / "chips", ignored)) return beside;
    }
    if (fs::is_directory(SEAMOUNT_SOURCE_CONFIGS, ignored)) return SEAMOUNT_SOURCE_CONFIGS;
    bad_input("CLI-CONFIGS", installed.string(), "the configuration library is not there", kHint);
}

fs::path resolve_chip(const std::string& chip) {
    std::error_code ignored;
    if (fs::is_regular_file(chip, ignored) || is_stream(chip)) return chip;
    if (const auto named = named_in("chips", chip, ".yaml")) return *named;
    const std::vector<std::string> names = library_names("chips", ".yaml");
    bad_input("CLI-CHIP", chip, "no such chip file and no chip of the library",
              did_you_mean(chip, names,
                           fmt::format("give a chip file or one of: {}", fmt::join(names, ", "))));
}

fs::path resolve_program(const std::string& program) {
    std::error_code ignored;
    if (fs::is_regular_file(program, ignored) || is_stream(program)) return program;
    if (program.find_first_of("./") != std::string::npos) require_file(program);
    if (const auto named = named_in("neurons", program, ".asm")) return *named;
    const std::vector<std::string> names = library_names("neurons", ".asm");
    bad_input("CLI-NEURON", program, "no neuron program of the library, and no .asm file",
              did_you_mean(program, names, fmt::format("programs are {}", fmt::join(names, " "))));
}

}  // namespace seamount::tools
