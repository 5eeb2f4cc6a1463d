#include "compiler/frontend/projections/rules/rule_table.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using namespace seamount::compiler::frontend;
using Catch::Matchers::Contains;

TEST_CASE("every projection rule has a name of its own, one reader and a place in the manual",
          "[rules]") {
    std::ifstream file{std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "compiler/NETWORK.md"};
    const std::string manual{std::istreambuf_iterator<char>{file}, {}};
    std::set<std::string> names;
    for (const ProjectionRule& rule : projection_rules()) {
        INFO(rule.name);
        CHECK(names.insert(rule.name).second);
        CHECK((rule.read_targets != nullptr) != (rule.read_rows != nullptr));
        CHECK_THAT(manual, Contains(rule.name));
        for (const yaml::Key& key : rule.keys().keys) {
            CHECK_THAT(manual, Contains(key.name + ":"));
        }
    }
    CHECK(names.size() == 8);
}

TEST_CASE("a key that stands with the wrong rule is told its owners", "[rules]") {
    CHECK(owners_of("probability") == "fixed_probability and distance");
    CHECK(owners_of("self") == "all_to_all, fixed_probability, fixed_fan_out and distance");
    CHECK(owners_of("edges") == "list");
    CHECK(owners_of("kernel") == "conv2d and sum_pool");
}
