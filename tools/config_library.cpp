#include "tools/config_library.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "isa/spec/diagnostic.hpp"
#include "tools/console.hpp"

namespace seamount::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHint = "set SEAMOUNT_CONFIGS to the folder that holds chips/ and neurons/";

std::vector<std::string> library_chips() {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(find_config_dir() / "chips", ignored)) {
        if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
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
    if (fs::is_directory(SEAMOUNT_SOURCE_CONFIGS, ignored)) return SEAMOUNT_SOURCE_CONFIGS;
    bad_input("CLI-CONFIGS", installed.string(), "the configuration library is not there", kHint);
}

fs::path resolve_chip(const std::string& chip) {
    std::error_code ignored;
    if (fs::is_regular_file(chip, ignored)) return chip;
    if (chip.find('/') == std::string::npos && !chip.empty()) {
        const fs::path named = find_config_dir() / "chips" / (chip + ".yaml");
        if (fs::is_regular_file(named, ignored)) return named;
    }
    const std::vector<std::string> names = library_chips();
    const std::string near = closest(chip, names);
    const std::string hint =
        near.empty() ? fmt::format("give a chip file or one of: {}", fmt::join(names, ", "))
                     : fmt::format("did you mean '{}'?", near);
    bad_input("CLI-CHIP", chip, "no such chip file and no chip of the library", hint);
}

}  // namespace seamount::cli
