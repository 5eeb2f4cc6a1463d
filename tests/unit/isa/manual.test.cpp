#include "isa/assembly/manual.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace seamount;

TEST_CASE("isa/README.md contains the instruction table of opcodes.def", "[manual]") {
    std::ifstream stream{SEAMOUNT_SOURCE_DIR "/isa/README.md"};
    REQUIRE(stream);
    std::ostringstream text;
    text << stream.rdbuf();
    INFO("replace the table in isa/README.md by this one:\n" << isa::manual());
    CHECK_THAT(text.str(), Catch::Contains(fmt::format("\n\n{}\n", isa::manual())));
}

TEST_CASE("isa/README.md has an example of every operation, encoded and run", "[manual]") {
    std::ifstream stream{SEAMOUNT_SOURCE_DIR "/isa/README.md"};
    REQUIRE(stream);
    std::ostringstream text;
    text << stream.rdbuf();
    INFO("replace the examples in isa/README.md by these:\n" << isa::examples());
    CHECK_THAT(text.str(), Catch::Contains(fmt::format("\n\n{}\n", isa::examples())));
    const std::string table = isa::examples();
    for (const isa::OpInfo& row : isa::kOpTable) {
        std::string name{row.name};
        name[0] = static_cast<char>(name[0] - 'A' + 'a');
        INFO(name);
        CHECK(table.find("| `" + name) != std::string::npos);
    }
}

TEST_CASE("the table has a row for every operation", "[manual]") {
    const std::string table = isa::manual();
    for (const isa::OpInfo& row : isa::kOpTable) {
        CHECK_THAT(table, Catch::Contains(fmt::format("| `{}` |", isa::syntax(row.opcode))));
    }
    CHECK(isa::syntax(isa::Opcode::kMulz) == "MULZ[.cond] d, a, b, n");
    CHECK(isa::syntax(isa::Opcode::kSpk) == "SPK a[, n]");
}
