#include "compiler/frontend/context/ids.hpp"

#include <catch2/catch.hpp>

#include "compiler/frontend/data/storage.hpp"
#include "compiler/frontend/data/text_table.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using namespace seamount::compiler::frontend;
using Catch::Contains;
using Rows = std::vector<std::vector<std::string>>;

namespace {

Rows rows_of_text(const std::string& text) {
    Rows rows;
    TextTable{text}.for_each_row([&rows](std::span<const std::string> fields, std::size_t) {
        rows.emplace_back(fields.begin(), fields.end());
    });
    return rows;
}

/// A network of one population with identifiers and a list of edges.
std::string network(const std::string& size, const std::string& edges) {
    return "populations:\n  cells: {neuron: lif, params: {vth: 1}, size: " + size +
           "}\nprojections:\n  - {from: cells, to: cells, rule: list, edges: " + edges + "}\n";
}

}  // namespace

TEST_CASE("a table of text is cut at commas, tabs, semicolons or spaces", "[ids]") {
    for (const char* text : {"a,b,1\nc,d,2\n", "a\tb\t1\nc\td\t2", "a;b;1\r\nc;d;2\r\n",
                             "# text\n\n  a  b 1\n c d   2 \n"}) {
        CHECK(rows_of_text(text) == Rows{{"a", "b", "1"}, {"c", "d", "2"}});
    }
    CHECK(rows_of_text("\"a,b\", 2 ,\"say \"\"x\"\"\"\n,,3\n") ==
          Rows{{"a,b", "2", "say \"x\""}, {"", "", "3"}});
    SECTION("and its first line is a header if no field of it is a number") {
        const TextTable table{",name,size\n7,KC,1\n"};
        CHECK(table.columns() == std::vector<std::string>{"", "name", "size"});
        CHECK(TextTable{"a,b\n", false}.columns().empty());
        CHECK(TextTable{"1,2\n3,4\n", true}.columns() == std::vector<std::string>{"1", "2"});
    }
    SECTION("and damage is reported with its line") {
        CHECK_THROWS_WITH(rows_of_text("a,b,1\nc,2\n"), Contains("line 2: 2 fields"));
        CHECK_THROWS_WITH(rows_of_text("a,1\n\"b,2\n"), Contains("line 2: a quote does not end"));
        CHECK_THROWS_WITH(rows_of_text("\n# nothing\n"), Contains("no rows"));
    }
}

TEST_CASE("edges may name neurons by the identifiers of a table", "[ids]") {
    const test::TemporaryFolder folder;
    folder.write("nodes.csv", "name,root id\nDN1,70\nKC\"x\",8\n\"a, b\",900000000000\n");
    folder.write("edges.csv", "post,n,pre\n8,3,70.0\n900000000000,5,8\n70,1,70\n");
    const auto net = test::read(
        folder,
        network("{ids: {file: nodes.csv, column: root id}}",
                "{file: edges.csv, by: id, columns: {source: pre, target: post, weight: n}}"));
    CHECK(net.populations[0].size == 3);
    const auto rows = test::rows_of(net, 0);
    REQUIRE(rows[0].size() == 2);
    CHECK((rows[0][0].target == 1 && rows[0][0].weight == 3.0));
    CHECK((rows[0][1].target == 0 && rows[0][1].weight == 1.0));
    REQUIRE(rows[1].size() == 1);
    CHECK((rows[1][0].target == 2 && rows[1][0].weight == 5.0));
}

TEST_CASE("identifiers may be names, and come from the edges alone", "[ids]") {
    const test::TemporaryFolder folder;
    folder.write("edges.csv", "AVAL AVAR 5\nAVAR RIML 2\nRIML AVAL 1\n");
    const auto net = test::read(
        folder, network("{ids: {file: edges.csv, columns: [0, 1]}}", "{file: edges.csv, by: id}"));
    CHECK(net.populations[0].size == 3);
    const auto rows = test::rows_of(net, 0);
    CHECK((rows[0].at(0).target == 1 && rows[0].at(0).weight == 5.0));
    CHECK((rows[2].at(0).target == 0 && rows[2].at(0).weight == 1.0));
}

TEST_CASE("columns of indices may be renamed", "[ids]") {
    const test::TemporaryFolder folder;
    folder.write("edges.csv", "w,to,from\n4,1,0\n-2,0,1\n");
    const auto net = test::read(
        folder, network("2", "{file: edges.csv, columns: {source: from, target: to, weight: w}}"));
    CHECK(test::rows_of(net, 0)[1].at(0).weight == -2.0);
    CHECK(test::rows_of(net, 0)[1].at(0).target == 0);
}

TEST_CASE("unknown identifiers are errors, or skipped and counted", "[ids]") {
    const test::TemporaryFolder folder;
    folder.write("nodes.csv", "id\nA\nB\n");
    folder.write("edges.csv", "A,B,1\nA,X,1\nY,B,1\n");
    const std::string size = "{ids: {file: nodes.csv}}";
    CHECK_THAT(test::errors_of(folder, network(size, "{file: edges.csv, by: id}")),
               Contains("line 2: the population has no 'X' [NET-ID]"));
    Diagnostics found;
    const auto net =
        test::read(folder, network(size, "{file: edges.csv, by: id, unknown: skip}"), found);
    REQUIRE(found.all().size() == 1);
    CHECK(found.all()[0].code == "NET-ID-SKIPPED");
    CHECK_THAT(found.all()[0].message, Contains("2 edges") && Contains("line 2"));
    CHECK(test::rows_of(net, 0)[0].size() == 1);
}

TEST_CASE("what identifiers cannot be is reported", "[ids]") {
    const test::TemporaryFolder folder;
    folder.write("nodes.csv", "id,x\nA,1\nB,1\nA,1\n");
    folder.write("good.csv", "id,x\nA,1\nB,1\n");
    folder.write("edges.csv", "A,B,many\n");
    const auto errors = [&](const std::string& size, const std::string& edges) {
        return test::errors_of(folder, network(size, edges));
    };
    CHECK_THAT(errors("{ids: {file: nodes.csv}}", "{file: edges.csv, by: id}"),
               Contains("line 4: 'A' has occurred before [NET-ID]"));
    CHECK_THAT(errors("{ids: {file: good.csv, column: idd}}", "{file: edges.csv, by: id}"),
               Contains("no column 'idd'") && Contains("did you mean 'id'?"));
    CHECK_THAT(errors("{ids: {file: good.csv}}", "{file: edges.csv, by: id, header: false}"),
               Contains("line 1: weight 'many' is not a finite number [NET-CSV]"));
    CHECK_THAT(errors("{ids: {file: good.csv}}",
                      "{file: edges.csv, by: id, header: false, columns: {source: 0, target: 7}}"),
               Contains("no column '7'") && Contains("count from 0"));
    CHECK_THAT(errors("{ids: {file: good.csv}}", "{file: edges.csv, by: id, columns: {source: 0}}"),
               Contains("no column is the target of the edges"));
    CHECK_THAT(errors("3", "{file: edges.csv, by: id, columns: {source: 0, target: 1}}"),
               Contains("has no identifiers [NET-ID]"));
    CHECK_THAT(errors("{ids: {file: none.csv}}", "{file: edges.csv, by: id}"),
               Contains("NET-FILE"));
    CHECK_THAT(errors("{ids: {file: x.npy}}", "{file: edges.csv, by: id}"),
               Contains("identifiers are read from .csv"));
}
