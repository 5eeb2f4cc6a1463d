#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <random>

#include "isa/base/diagnostic.hpp"
#include "tests/unit/import/netx_file.hpp"

using namespace seamount;

namespace {

std::string bytes_of(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// True if the file is imported, false if it is refused with findings; all else ends the test.
bool is_imported(const std::string& path) {
    try {
        (void)test::import_netx(path);
        return true;
    } catch (const InputError& error) {
        REQUIRE_FALSE(error.diagnostics().empty());
        for (const Diagnostic& finding : error.diagnostics()) {
            REQUIRE(finding.code.substr(0, 4) == "IMP-");
        }
        return false;
    }
}

}  // namespace

TEST_CASE("a file with some bytes changed is imported or refused, never worse", "[hdf5_damage]") {
    const test::TemporaryFolder folder;
    const std::string intact = bytes_of(test::write_netx(folder, "a.net", test::fill_small));
    std::mt19937 random{1};
    std::size_t refused = 0;
    for (int trial = 0; trial < 300; ++trial) {
        std::string damaged = intact;
        for (int change = 0; change < 1 + trial % 4; ++change) {
            // Most of a small file is unused space; what is read stands where bytes are not 0.
            std::size_t at = random() % damaged.size();
            while (intact[at] == '\0') at = (at + 1) % intact.size();
            damaged[at] = static_cast<char>(random());
        }
        refused += is_imported(folder.write("b.net", damaged)) ? 0U : 1U;
    }
    CHECK(refused > 50);
    CHECK(refused < 300);
}

TEST_CASE("a file that ends early is refused", "[hdf5_damage]") {
    const test::TemporaryFolder folder;
    const std::string intact = bytes_of(test::write_netx(folder, "a.net", test::fill_small));
    for (std::size_t part = 0; part < 16; ++part) {
        CHECK_FALSE(
            is_imported(folder.write("b.net", intact.substr(0, part * intact.size() / 16))));
    }
}
