#include "isa/microcode/expression.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <random>
#include <string>

using namespace seamount;
using Catch::Contains;
using isa::Expression;

namespace {

std::int64_t none(std::string_view) {
    return 0;
}

std::int64_t value(const std::string& text) {
    return Expression::parse(text, {"e", 1, 1}).evaluate(none);
}

/// `text` fails to parse, at this column, with this message.
void check_bad(const std::string& text, std::uint32_t column, const std::string& message) {
    INFO(text);
    try {
        static_cast<void>(Expression::parse(text, {"e", 3, 10}));
        FAIL("parsed");
    } catch (const InputError& error) {
        REQUIRE(error.diagnostics().size() == 1);
        const Diagnostic& d = error.diagnostics().front();
        CHECK(d.code == "ASM-EXPR");
        CHECK(d.where == SourceLocation{"e", 3, 10 + column});
        CHECK_THAT(d.message, Contains(message));
    }
}

}  // namespace

TEST_CASE("expressions follow C's precedence and association", "[expression]") {
#define SAME_AS_C(...) CHECK(value(#__VA_ARGS__) == static_cast<std::int64_t>(__VA_ARGS__))
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wparentheses"
    SAME_AS_C(1 + 2 * 3 - 4 / 2 % 3);
    SAME_AS_C(100 - 10 - 1);
    SAME_AS_C(1 << 2 + 3 >> 1);
    SAME_AS_C(7 & 3 == 3 | 4 ^ 6);
    SAME_AS_C(1 < 2 == 2 > 1);
    SAME_AS_C(0 || 1 && 0 || 5);
    SAME_AS_C(1 ? 2 : 0 ? 3 : 4);
    SAME_AS_C(0 ? 1 : 0 ? 2 : 3);
    SAME_AS_C(-2 * -3 + ~5 + !7 + !0);
    SAME_AS_C((1 + 2) * (3 - (4 - 5)));
    SAME_AS_C(0x1F + 10);
    SAME_AS_C(-7 / 2 + -7 % 2);
    SAME_AS_C(-7 >> 1);
    SAME_AS_C(3 != 3 || 4 <= 4 && 5 >= 6);
#pragma GCC diagnostic pop
#undef SAME_AS_C
    CHECK(value("min(3, -2) + max(4, 9) + abs(-5) + clip(99, 0, 10)") == -2 + 9 + 5 + 10);
    CHECK(value("010") == 10);
}

TEST_CASE("expressions look names up, each once in the list", "[expression]") {
    const auto e = Expression::parse(" ref > 0 ? (refract << 7) + refract - ref : v ", {});
    CHECK(e.names() == std::vector<std::string>{"ref", "refract", "v"});
    CHECK(e.text() == "ref > 0 ? (refract << 7) + refract - ref : v");
    const auto lookup = [](std::int64_t ref) {
        return [ref](std::string_view name) -> std::int64_t {
            return name == "ref" ? ref : name == "refract" ? 5 : -1;
        };
    };
    CHECK(e.evaluate(lookup(0)) == -1);
    CHECK(e.evaluate(lookup(5)) == 640);
    CHECK(e.evaluate(lookup(1)) == 644);
    const auto copy = Expression::parse(e.text(), {});
    CHECK(copy.evaluate(lookup(2)) == 643);
    CHECK(Expression{}.evaluate(none) == 0);
}

TEST_CASE("names are found with their positions, without functions and numbers", "[expression]") {
    const auto uses = isa::find_names("0x1f + min (a, b) - a");
    REQUIRE(uses.size() == 3);
    CHECK((uses[0].name == "a" && uses[0].offset == 12));
    CHECK((uses[1].name == "b" && uses[1].offset == 15));
    CHECK((uses[2].name == "a" && uses[2].offset == 20));
}

TEST_CASE("what has no value fails instead of being undefined", "[expression]") {
    const std::string most = std::to_string(std::numeric_limits<std::int64_t>::max());
    const std::string least = "(-" + most + " - 1)";
    for (const std::string& text :
         {most + " + 1", least + " - 1", most + " * 2", "-" + least, "abs(" + least + ")",
          least + " / -1", least + " % -1", std::string{"1 << 62 << 1"}, std::string{"1 << 63"},
          std::string{"1 << -1"}, std::string{"1 >> 63"}, std::string{"1 / 0"},
          std::string{"1 % 0"}, std::string{"clip(1, 3, 2)"}}) {
        INFO(text);
        CHECK_THROWS_AS(value(text), isa::ExpressionError);
    }
    CHECK(value("1 ? 2 : 1 / 0") == 2);
    CHECK(value("0 && 1 / 0") == 0);
    CHECK(value("1 || 1 / 0") == 1);
    CHECK(value(least) == std::numeric_limits<std::int64_t>::min());
}

TEST_CASE("faults in expressions are reported at their column", "[expression]") {
    check_bad("", 0, "expected a number, a name or '('");
    check_bad("1 +", 3, "not the end of the expression");
    check_bad("1 + * 2", 4, "not '*'");
    check_bad("(1 + 2", 6, "expected ')'");
    check_bad("1 2", 2, "expected an operator or the end, not '2'");
    check_bad("a ? b", 5, "expected ':'");
    check_bad("12ab", 0, "'12ab' is not an integer");
    check_bad("0x", 0, "'0x' is not an integer");
    check_bad("9223372036854775808", 0, "does not fit 64 bits");
    check_bad("1 + sqrt(2)", 4, "unknown function 'sqrt'");
    check_bad("min(1)", 5, "expected ','");
    check_bad("clip(1, 2, 3, 4)", 12, "expected ')'");
    check_bad("1 $ 2", 2, "not '$'");
    check_bad("\xC3", 0, "byte 0xc3");
}

TEST_CASE("hostile expressions end with an error, not with the stack", "[expression]") {
    CHECK_THROWS_AS(value(std::string(100'000, '(')), InputError);
    CHECK_THROWS_AS(value(std::string(100'000, '-') + "1"), InputError);
    std::string chain = "1";
    for (int i = 0; i < 100'000; ++i) chain += "+1";
    CHECK_THROWS_AS(value(chain), InputError);
    std::string choices;
    for (int i = 0; i < 100'000; ++i) choices += "1?";
    CHECK_THROWS_AS(value(choices), InputError);
}

TEST_CASE("text at random parses or is refused", "[expression]") {
    std::mt19937_64 engine{9};
    const std::string_view alphabet = "0123ab()+-*/%<>=!&|^~?:, minx";
    std::size_t parsed = 0;
    for (int i = 0; i < 50'000; ++i) {
        std::string text;
        for (auto n = engine() % 12; n > 0; --n) text += alphabet[engine() % alphabet.size()];
        try {
            static_cast<void>(value(text));
            ++parsed;
        } catch (const InputError&) {
        } catch (const isa::ExpressionError&) {
        }
    }
    CHECK(parsed > 100);
}
