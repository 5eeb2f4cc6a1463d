#pragma once

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <string>

namespace seamount::compiler {

/// A table of the golden vectors beside the repository; null, with a warning, where they are
/// absent.
inline nlohmann::json read_golden(const std::string& name) {
    const auto path = std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "../shared/golden/loihi1" / name;
    std::ifstream file{path};
    if (!file) {
        WARN("skipped: " << name << " of the golden vectors is not here");
        return nullptr;
    }
    return nlohmann::json::parse(file);
}

}  // namespace seamount::compiler
