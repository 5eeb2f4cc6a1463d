#include <catch2/catch.hpp>

#include <cmath>
#include <string>

#include <random>

#include "isa/learning/microcode.hpp"
#include "isa/learning/rule_parser.hpp"

using namespace seamount::isa;

namespace {

std::vector<LearnProduct> parsed(const std::string& text, const RuleLimits& limits = kChipLimits) {
    RuleProblem problem;
    const auto products = parse_learning_rule(text, LearnTarget::kWeight, limits, problem);
    INFO(text << ": " << problem.message);
    REQUIRE(products.has_value());
    return *products;
}

RuleProblem problem_of(const std::string& text) {
    RuleProblem problem;
    INFO(text);
    REQUIRE_FALSE(parse_learning_rule(text, LearnTarget::kWeight, kChipLimits, problem));
    return problem;
}

}  // namespace

TEST_CASE("a learning rule becomes gates, factors and scales", "[rule]") {
    const auto stdp = parsed("2^-2*x1*y0 - 2^-2*y1*x0");
    REQUIRE(stdp.size() == 2);
    CHECK(stdp[0] == LearnProduct{.target = LearnTarget::kWeight,
                                  .gate = LearnGate::kY0,
                                  .factors = {{LearnVariable::kX1, 0, false}},
                                  .mantissa = 1,
                                  .exponent = -2});
    CHECK(stdp[1].gate == LearnGate::kX0);
    CHECK(stdp[1].mantissa == -1);

    const auto rich = parsed("-3*2^-4*u5*(-t + 7)*sgn(w-2)*r1*x0");
    REQUIRE(rich.size() == 1);
    CHECK(rich[0].gate == LearnGate::kU);
    CHECK(rich[0].k == 5);
    CHECK(rich[0].mantissa == 3);  // -3 times -(t - 7)
    CHECK(rich[0].exponent == -4);
    CHECK(rich[0].factors == std::vector<LearnFactor>{{LearnVariable::kT, -7, false},
                                                      {LearnVariable::kW, -2, true},
                                                      {LearnVariable::kR1, 0, false},
                                                      {LearnVariable::kX0, 0, false}});
}

TEST_CASE("the numbers of a product make one mantissa and one exponent", "[rule]") {
    const auto scale = [](const std::string& text) {
        const LearnProduct product = parsed(text).front();
        return std::pair{product.mantissa, product.exponent};
    };
    CHECK(scale("x0") == std::pair{1, 0});
    CHECK(scale("4*x0") == std::pair{4, 0});
    CHECK(scale("-8*x0") == std::pair{-8, 0});
    CHECK(scale("8*x0") == std::pair{4, 1});
    CHECK(scale("2*x0*3*2^-4") == std::pair{6, -4});
    CHECK(scale("x0*(2^-3)*-1") == std::pair{-1, -3});
    CHECK(scale("96*x0") == std::pair{6, 4});
}

TEST_CASE("a number that some mantissa and exponent can say is taken, however it is written",
          "[rule]") {
    const auto scale = [](const std::string& text, const RuleLimits& limits) {
        RuleProblem problem;
        const auto products = parse_learning_rule(text, LearnTarget::kWeight, limits, problem);
        INFO(text << ": " << problem.message);
        REQUIRE(products);
        return std::pair{products->front().mantissa, products->front().exponent};
    };
    const RuleLimits wide{.min_mantissa = -128,
                          .max_mantissa = 127,
                          .min_exponent = -16,
                          .max_exponent = 8,
                          .exact = true};
    for (int mantissa = -128; mantissa <= 127; ++mantissa) {
        for (int exponent = -16; exponent <= 8; ++exponent) {
            if (mantissa == 0) continue;
            const auto [m, e] =
                scale(std::to_string(mantissa) + "*2^" + std::to_string(exponent) + "*x0", wide);
            REQUIRE(std::ldexp(m, e) == std::ldexp(mantissa, exponent));
            REQUIRE((m >= -128 && m <= 127 && e >= -16 && e <= 8));
        }
    }
    CHECK(scale("2^9*x0", wide) == std::pair{2, 8});
    CHECK(scale("2^14*x0", wide) == std::pair{64, 8});
    CHECK(scale("4*2^-17*x0", wide) == std::pair{2, -16});
    CHECK(scale("2^10*x0", kChipLimits) == std::pair{4, 8});
    CHECK(scale("4*2^-8*x0", kChipLimits) == std::pair{2, -7});
    RuleProblem problem;
    CHECK_FALSE(parse_learning_rule("2^15*x0", LearnTarget::kWeight, wide, problem));
    CHECK_FALSE(parse_learning_rule("3*2^-17*x0", LearnTarget::kWeight, wide, problem));
}

TEST_CASE("an error in a learning rule names its column", "[rule]") {
    struct Bad {
        const char* text;
        const char* code;
        std::size_t column;
    };
    const Bad bad = GENERATE(values<Bad>({
        {"2^-2*x1*z0", "RULE-NAME", 8},
        {"x1*y1", "RULE-GATE", 0},
        {"x0 + 2*w", "RULE-GATE", 5},
        {"x0*u2", "RULE-GATE", 3},
        {"(x0 + 1)*y0", "RULE-GATE", 1},
        {"x0*", "RULE-SYNTAX", 3},
        {"x0 y0", "RULE-SYNTAX", 3},
        {"x0*(y1 + 4", "RULE-SYNTAX", 10},
        {"0.5*x0", "RULE-SYNTAX", 0},
        {"3^2*x0", "RULE-SYNTAX", 0},
        {"9*x0", "RULE-RANGE", 0},
        {"x0 - 2^-8*x0", "RULE-RANGE", 5},
        {"2^11*x0", "RULE-RANGE", 0},
        {"x0*(w + 256)", "RULE-RANGE", 8},
        {"u32", "RULE-RANGE", 0},
        {"x0*sgn(x1)", "RULE-NAME", 7},
        {"u0*w*w*w*t*t", "RULE-WIDTH", 0},
        {"", "RULE-SYNTAX", 0},
        {"99999999999999999999*x0", "RULE-RANGE", 0},
    }));
    const RuleProblem problem = problem_of(bad.text);
    CHECK(problem.code == bad.code);
    CHECK(problem.column == bad.column);
    CHECK_FALSE(problem.message.empty());
}

TEST_CASE("learning microcode survives encoding and decoding", "[rule]") {
    std::mt19937 random{5};
    const auto draw = [&random](int low, int high) {
        return std::uniform_int_distribution<int>{low, high}(random);
    };
    for (int trial = 0; trial < 300; ++trial) {
        std::vector<LearnProduct> products(static_cast<std::size_t>(draw(0, 5)));
        for (LearnProduct& product : products) {
            product.target = static_cast<LearnTarget>(draw(0, 2));
            product.gate = static_cast<LearnGate>(draw(0, 2));
            product.k = product.gate == LearnGate::kU ? static_cast<std::uint32_t>(draw(0, 31)) : 0;
            product.mantissa = draw(-128, 127);
            product.exponent = draw(-16, 4);
            product.factors.resize(static_cast<std::size_t>(draw(0, 3)));
            for (LearnFactor& factor : product.factors) {
                factor.variable = static_cast<LearnVariable>(draw(0, kLearnVariables - 1));
                factor.constant = draw(-256, 255);
                factor.sign = factor.variable >= LearnVariable::kW &&
                              factor.variable <= LearnVariable::kT && draw(0, 1) == 1;
            }
        }
        const auto words = encode(products);
        CHECK(check_learning(words, true).empty());
        CHECK(decode_learning(words) == products);
    }
}

TEST_CASE("damaged learning microcode is refused or can be decoded", "[rule]") {
    const auto words = encode(parsed("2^-2*x1*y0 - 2^-2*y1*x0*sgn(w-3)"));
    std::size_t refused = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        for (int bit = 0; bit < 32; ++bit) {
            auto damaged = words;
            damaged[i] ^= 1U << bit;
            if (check_learning(damaged, true).empty()) {
                CHECK(encode(decode_learning(damaged)) == damaged);
            } else {
                ++refused;
            }
        }
    }
    CHECK(refused > 100);
    CHECK_FALSE(check_learning({}, false).empty());
    CHECK_FALSE(check_learning(std::vector(words.begin(), words.end() - 1), false).empty());
}

TEST_CASE("constants of a product that leave 64 bits are out of range", "[rule]") {
    CHECK(problem_of("x0*(1048576)*(1048576)*(1048576)*(1048576)").code == "RULE-RANGE");
}

TEST_CASE("learning microcode is listed in words", "[rule]") {
    const auto words = encode(parsed("-3*2^-4*u5*sgn(w-2)*x1"));
    REQUIRE(words.size() == 5);
    CHECK(disassemble_learning(words[0]) == "LGATE u5");
    CHECK(disassemble_learning(words[1]) == "LMUL  sgn(w - 2)");
    CHECK(disassemble_learning(words[2]) == "LMUL  (x1)");
    CHECK(disassemble_learning(words[3]) == "LACC  dw, -3*2^-4");
    CHECK(disassemble_learning(words[4]) == "LEND");
    CHECK(cost_of(parsed("x1*y2*y0 - 2*x0 + u1*t")) == LearnCost{.x0 = 1, .y0 = 3, .u = 2});
}
