#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "compiler/frontend/frontend.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;

namespace {

std::string content(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// What a user sees, without the folder of the sources.
std::string messages(const std::filesystem::path& yaml) {
    Diagnostics diagnostics;
    (void)compiler::read_network(yaml, {}, test::golden_folder(), diagnostics);
    std::string text;
    try {
        diagnostics.throw_if_errors();
    } catch (const InputError& error) {
        text = std::string{error.what()} + "\n";
    }
    const std::string prefix = (test::golden_folder() / "").string();
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
        text.erase(at, prefix.size());
    }
    return text;
}

}  // namespace

// SEAMOUNT_APPROVE=1 rewrites the expectations; read the difference before keeping it.
TEST_CASE("every kind of bad network file is explained as the golden files say", "[diagnostics]") {
    const bool approve = std::getenv("SEAMOUNT_APPROVE") != nullptr;
    int cases = 0;
    for (const auto& entry : std::filesystem::directory_iterator{test::golden_folder()}) {
        if (entry.path().extension() != ".yaml") continue;
        ++cases;
        std::filesystem::path expected = entry.path();
        expected.replace_extension(".txt");
        const std::string text = messages(entry.path());
        if (approve) {
            std::ofstream{expected, std::ios::binary} << text;
        }
        INFO(entry.path().filename().string());
        CHECK(!text.empty());
        CHECK(text == content(expected));
    }
    CHECK(cases >= 12);
}
