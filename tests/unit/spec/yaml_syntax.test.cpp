#include "isa/yaml/yaml_syntax.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "isa/yaml/yaml.hpp"

using namespace seamount;
using Catch::Contains;

namespace {

/// What a file with this text is told.
std::string said(const std::string& text) {
    Diagnostics found;
    try {
        (void)YamlFile::parse(text, "f.yaml", Settings{}, found);
    } catch (const InputError& error) {
        return to_string(error.diagnostics().front());
    }
    return {};
}

}  // namespace

TEST_CASE("a fault of YAML is named where it is made", "[yaml_syntax]") {
    const auto [text, place, word] = GENERATE(table<std::string, std::string, std::string>({
        {"a:\n\tb: 1\n", "f.yaml:2:1:", "a tab indents"},
        {"a:\n  b: 1\n  \tc: 1\n", "f.yaml:3:3:", "a tab indents"},
        {"a: {b: 1\nc: 2\n", "f.yaml:1:4:", "'{' is never closed"},
        {"a: [1, {b: 2}\nc: 2\n", "f.yaml:1:4:", "'[' is never closed"},
        {"a: [1, 2}\n", "f.yaml:1:9:", "the '[' of line 1, column 4 needs its ']'"},
        {"a: \"x\nb: 1\n", "f.yaml:1:4:", "has no end"},
        {"a:\n    b: 1\n  c: 2\n", "f.yaml:3:3:", "indented by 2 spaces"},
        {"a:\n  b: 1\n    c: 2\n", "f.yaml:3:5:", "deeper than line 2"},
        {"- a: 1\n   b: 2\n", "f.yaml:2:4:", "deeper than line 1"},
        {"a:\n  b 1\n  c: 2\n", "f.yaml:2:3:", "no ':' follows the key 'b'"},
        {"a:\n  b:1\n  c: 2\n", "f.yaml:2:3:", "no space follows the ':' after 'b'"},
        {"a: b: c\n", "f.yaml:1:5:", "not valid YAML"},
        {"# it's a [comment\na: don't [\nb: c: d\n", "f.yaml:3:5:", "not valid YAML"},
    }));
    INFO(text);
    CHECK_THAT(said(text), Contains(place) && Contains(word) && Contains("[YML-SYNTAX]"));
}

TEST_CASE("block text, comments and quotes are no faults", "[yaml_syntax]") {
    CHECK(said("a: |\n   deep: [\n   shallow\nb: 'it''s {'\nc: \"\\\"[\" # {\n") == "");
    CHECK(said("a:\n- b: 1\n  c: 2\n-   d: 3\n    e: 4\n") == "");
}

TEST_CASE("an explanation of any text stands within it", "[yaml_syntax]") {
    std::mt19937 random{1};
    const std::string letters = "ab: \t\n[]{}-'\"#,|>&*!%";
    for (int i = 0; i < 5000; ++i) {
        std::string text;
        for (auto n = random() % 40; n > 0; --n) text += letters[random() % letters.size()];
        INFO(text);
        const yaml::SyntaxFault fault = yaml::explain_syntax(text, 1, 1, "bad");
        CHECK(fault.line >= 1);
        CHECK(fault.line <= std::count(text.begin(), text.end(), '\n') + 1);
        CHECK(fault.column <= text.size() + 1);
        CHECK_FALSE(fault.message.empty());
    }
}
