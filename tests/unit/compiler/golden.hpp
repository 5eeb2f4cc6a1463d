#pragma once

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace seamount::compiler {

/// A table of the golden vectors, from beside the repository or else those kept in it.
inline nlohmann::json read_golden(const std::string& name) {
    const std::filesystem::path root{SEAMOUNT_SOURCE_DIR};
    for (const char* folder : {"../shared/golden/loihi1", "tests/conformance/loihi1"}) {
        std::ifstream file{root / folder / name};
        if (file) return nlohmann::json::parse(file);
    }
    throw std::runtime_error{name + " of the golden vectors is not here"};
}

}  // namespace seamount::compiler
