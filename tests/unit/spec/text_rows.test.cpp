#include "isa/base/text_rows.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace seamount;

using Fields = std::vector<std::string_view>;

TEST_CASE("rows are the lines that hold something, with their numbers", "[text_rows]") {
    const std::string text = "\xEF\xBB\xBF# made by hand\n\na,b\r\n  \t\n  # more\n1,2";
    std::vector<std::pair<std::size_t, std::string_view>> found;
    for (TextRows rows{text}; rows.next();) found.emplace_back(rows.number(), rows.line());
    REQUIRE(found.size() == 2);
    CHECK(found[0] == std::pair{std::size_t{3}, std::string_view{"a,b"}});
    CHECK(found[1] == std::pair{std::size_t{6}, std::string_view{"1,2"}});
    CHECK_FALSE(TextRows{""}.next());
    CHECK_FALSE(TextRows{"\n# nothing\n"}.next());
}

TEST_CASE("a row is cut at separators or at white space", "[text_rows]") {
    Fields fields;
    split_row("1, 2 ,,3", ',', fields);
    CHECK(fields == Fields{"1", "2", "", "3"});
    split_row("1,", ',', fields);
    CHECK(fields == Fields{"1", ""});
    split_row("  1 \t 2  ", ' ', fields);
    CHECK(fields == Fields{"1", "2"});
}
