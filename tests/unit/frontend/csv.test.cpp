#include "compiler/frontend/data/csv.hpp"

#include <zlib.h>

#include <catch2/catch.hpp>

#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using namespace seamount::compiler::frontend;
using Catch::Matchers::Contains;

TEST_CASE("commas and white space give the same table", "[csv]") {
    const std::string text = GENERATE(
        "a,b\n1,2\n3,4\n", "a b\n1 2\n3 4", "a\tb\r\n1\t2\r\n3\t4\r\n",
        "# made by hand\n\"a\", \"b\"\n1, 2\n\n 3 , 4 \n", "  a   b \n  1   2 \n  3  4  \n");
    const DataArray table = parse_csv(text);
    CHECK(table.columns() == std::vector<std::string>{"a", "b"});
    REQUIRE(table.shape() == std::vector<std::uint64_t>{2, 2});
    CHECK(table.is_integer());
    for (std::uint64_t i = 0; i < 4; ++i)
        CHECK(table.integer(i) == static_cast<std::int64_t>(i + 1));
}

TEST_CASE("a table without header starts with its first row", "[csv]") {
    const DataArray table = parse_csv("-1,2.5\n+3,4e2\n");
    CHECK(table.columns().empty());
    CHECK(table.shape() == std::vector<std::uint64_t>{2, 2});
    CHECK(table.number(0) == -1.0);
    CHECK(table.number(1) == 2.5);
    CHECK(table.number(3) == 400.0);
}

TEST_CASE("large integers of a table stay exact", "[csv]") {
    CHECK(parse_csv("9007199254740993\n").integer(0) == 9007199254740993);
}

TEST_CASE("junk in a table is reported with line and column", "[csv]") {
    CHECK_THROWS_WITH(parse_csv("a,b\n1,2\n3,x4\n"), Contains("line 3, column 3: 'x4'"));
    CHECK_THROWS_WITH(parse_csv("1 2\n3 nan\n"), Contains("line 2, column 3: 'nan'"));
    CHECK_THROWS_WITH(parse_csv("nan\n"), Contains("line 1, column 1: 'nan'"));
    CHECK_THROWS_WITH(parse_csv("inf,1\n"), Contains("line 1, column 1: 'inf'"));
    CHECK_THROWS_WITH(parse_csv("1,2\n3,1e999\n"), Contains("line 2, column 3: '1e999'"));
    CHECK_THROWS_WITH(parse_csv("1,2\n3,\n"), Contains("line 2, column 3: ''"));
    CHECK_THROWS_WITH(parse_csv("1,2\n3\n"), Contains("line 2: 1 fields, the first line has 2"));
}

TEST_CASE("a table may have no rows, or nothing at all", "[csv]") {
    const DataArray headed = parse_csv("a,b\n");
    CHECK(headed.shape() == std::vector<std::uint64_t>{0, 2});
    CHECK(headed.columns() == std::vector<std::string>{"a", "b"});
    CHECK(parse_csv("").shape() == std::vector<std::uint64_t>{0, 0});
    CHECK(parse_csv("# nothing\n").count() == 0);
}

TEST_CASE("a compressed table is read, and every damaged one is refused", "[csv]") {
    const test::TemporaryFolder folder;
    std::string text = "id,value\n";
    for (int i = 0; i < 50; ++i) text += std::to_string(i) + "," + std::to_string(i * i) + "\n";
    const std::string path = folder / "t.csv.gz";
    gzFile file = gzopen(path.c_str(), "wb");
    REQUIRE(gzwrite(file, text.data(), static_cast<unsigned>(text.size())) ==
            static_cast<int>(text.size()));
    REQUIRE(gzclose(file) == Z_OK);
    CHECK(read_gzip(path) == text);

    const auto size = std::filesystem::file_size(path);
    for (std::uintmax_t length = size; length-- > 0;) {
        INFO("length " << length);
        std::filesystem::resize_file(path, length);
        CHECK_THROWS_AS(parse_csv(read_gzip(path)), DataError);
    }
    folder.write("plain.csv.gz", text);
    CHECK_THROWS_WITH(read_gzip(folder / "plain.csv.gz"), Contains("not a gzip file"));
}

TEST_CASE("semicolons separate fields, decimal commas are pointed out", "[csv]") {
    const DataArray table = parse_csv("source;target;weight\n0;1;2.5\n");
    CHECK(table.columns() == std::vector<std::string>{"source", "target", "weight"});
    CHECK(table.number(2) == 2.5);
    try {
        (void)parse_csv("0;1;2,5\n");
        FAIL("a decimal comma was read");
    } catch (const DataError& error) {
        CHECK_THAT(error.what(), Contains("'2,5' is not a finite number"));
        CHECK_THAT(error.hint(), Contains("point"));
    }
}

TEST_CASE("a table that takes more memory than allowed is refused before it is read", "[csv]") {
    const test::TemporaryFolder folder;
    const auto packed = [&](const std::string& text) {
        std::string path = folder / "t.csv.gz";
        gzFile file = gzopen(path.c_str(), "wb");
        REQUIRE(gzwrite(file, text.data(), static_cast<unsigned>(text.size())) ==
                static_cast<int>(text.size()));
        REQUIRE(gzclose(file) == Z_OK);
        return path;
    };
    std::string narrow;
    std::string wide;
    for (int i = 0; i < 100'000; ++i) {
        narrow += "0,1\n";
        wide += "1,";
    }
    wide += "1\n";
    const std::uint64_t values = 200'000 * sizeof(double);
    const auto is_too_large = Catch::Predicate<DataError>(
        [](const DataError& error) { return error.code() == "NET-LARGE"; }, "NET-LARGE");
    CHECK(parse_csv(narrow, values + 1000).count() == 200'000);
    CHECK_THROWS_MATCHES(parse_csv(narrow, values - 1), DataError, is_too_large);
    CHECK_THROWS_MATCHES(read_gzip(packed(narrow), values - 1), DataError, is_too_large);
    CHECK(read_gzip(packed(narrow), values + 1000) == narrow);
    CHECK_THROWS_MATCHES(parse_csv(wide, values), DataError, is_too_large);
    CHECK_THROWS_MATCHES(read_gzip(packed(wide), values), DataError, is_too_large);
}
