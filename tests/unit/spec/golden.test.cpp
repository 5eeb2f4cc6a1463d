#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "isa/chip/chip_spec.hpp"

using namespace seamount;

namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

// SEAMOUNT_APPROVE=1 writes what is reported now; read the difference before committing it.
TEST_CASE("each faulty chip file gives exactly the recorded messages", "[golden]") {
    const std::filesystem::path folder =
        std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "tests/unit/spec/golden";
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    REQUIRE(files.size() >= 8);
    for (const auto& file : files) {
        CAPTURE(file.filename());
        std::string reported;
        try {
            (void)isa::ChipSpec::parse(read(file), file.filename().string());
        } catch (const InputError& e) {
            reported = std::string{e.what()} + '\n';
        }
        auto expected = file;
        expected.replace_extension(".txt");
        if (std::getenv("SEAMOUNT_APPROVE") != nullptr) {
            std::ofstream{expected, std::ios::binary} << reported;
        }
        CHECK_FALSE(reported.empty());
        CHECK(reported == read(expected));
    }
}
