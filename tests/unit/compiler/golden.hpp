#pragma once

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <string>

namespace seamount::compiler {

/// A table of the golden vectors, from beside the repository or those kept in it; null, with a
/// warning, where neither has it.
inline nlohmann::json read_golden(const std::string& name) {
    const std::filesystem::path root{SEAMOUNT_SOURCE_DIR};
    for (const char* folder : {"../shared/golden/loihi1", "tests/conformance/loihi1"}) {
        std::ifstream file{root / folder / name};
        if (file) return nlohmann::json::parse(file);
    }
    WARN("skipped: " << name << " of the golden vectors is not here");
    return nullptr;
}

}  // namespace seamount::compiler
