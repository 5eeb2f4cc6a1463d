#include "isa/learning/rule_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace seamount::isa {
namespace {

constexpr std::string_view kForm = "a rule is a sum of products such as 2^-2*x1*y0 - 2^-2*y1*x0";
constexpr std::int64_t kLargestLiteral = 1 << 20;

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// mantissa * 2^exponent.
struct Scale {
    std::int64_t mantissa = 1;
    std::int64_t exponent = 0;
};

/// How the fraction that a text begins with is written in a rule, as near as it goes.
std::string fraction_hint(std::string_view text) {
    constexpr int kMostExponent = 15;
    constexpr double kMostMantissa = 7.0;
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || !(value > std::ldexp(1.0, -kMostExponent))) {
        return "write fractions as powers of two: 2^-3";
    }
    int exponent = 0;
    while (exponent < kMostExponent && std::ldexp(value, exponent + 1) <= kMostMantissa + 0.5) {
        ++exponent;
    }
    double mantissa = std::round(std::ldexp(value, exponent));
    while (exponent > 0 && std::fmod(mantissa, 2.0) == 0.0) {
        mantissa /= 2.0;
        --exponent;
    }
    const double is = std::ldexp(mantissa, -exponent);
    const std::string written = mantissa == 1.0 ? fmt::format("2^-{}", exponent)
                                                : fmt::format("{:.0f}*2^-{}", mantissa, exponent);
    const std::string_view given = text.substr(0, static_cast<std::size_t>(end - text.data()));
    return fmt::format("write fractions by powers of two: {} {} {}{}", given,
                       is == value ? "is" : "is about", written,
                       is == value ? "" : fmt::format(" ({:g})", is));
}

class Parser {
public:
    Parser(std::string_view text, LearnTarget target, const RuleLimits& limits)
        : text_{text}, target_{target}, limits_{limits} {}

    std::vector<LearnProduct> rule();

private:
    [[noreturn]] void fail(std::string code, std::size_t at, std::string message,
                           std::string hint = {}) const {
        throw RuleProblem{std::move(code), at, std::move(message), std::move(hint)};
    }
    [[noreturn]] void unexpected(const char* wanted) {
        skip();
        const std::string found = at_ < text_.size() ? fmt::format("'{}'", text_.substr(at_, 1))
                                                     : std::string{"the end of the rule"};
        fail("RULE-SYNTAX", at_, fmt::format("{} where {} must stand", found, wanted), form_hint());
    }
    /// What to write instead of what stands here.
    [[nodiscard]] std::string form_hint() const {
        const std::string_view rest = text_.substr(std::min(at_, text_.size()));
        if (rest.starts_with('/')) return "to divide, multiply by a power of two: /4 is *2^-2";
        if (rest.starts_with('^') || rest.starts_with("*")) {
            return "write a power of a variable as a product: x1*x1";
        }
        if (rest.starts_with('=')) return "write the right side only: the key says what it changes";
        return std::string{kForm};
    }
    void skip() {
        while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    }
    [[nodiscard]] char peek() {
        skip();
        return at_ < text_.size() ? text_[at_] : '\0';
    }
    bool take(char c) {
        if (peek() != c) return false;
        ++at_;
        return true;
    }
    void expect(char c, const char* wanted) {
        if (!take(c)) unexpected(wanted);
    }
    /// +1, -1, or nothing.
    std::optional<int> take_sign() {
        if (take('+')) return 1;
        if (take('-')) return -1;
        return std::nullopt;
    }
    std::int64_t digits();
    Scale literal();
    std::string_view name();
    LearnProduct product(int sign);
    void factor(LearnProduct& product, Scale& scale, bool& gated);
    void named(LearnProduct& product, bool& gated);
    void bracket(LearnProduct& product, Scale& scale);
    [[noreturn]] void constant_comes_first(std::size_t where);
    LearnVariable variable(std::size_t where, std::string_view name) const;
    std::int32_t constant();
    void gate(LearnProduct& product, bool& gated, LearnGate gate, std::uint32_t k,
              std::size_t where) const;
    void finish(LearnProduct& product, Scale scale, bool gated, std::size_t where) const;

    std::string_view text_;
    LearnTarget target_;
    RuleLimits limits_;
    std::size_t at_ = 0;
};

std::int64_t Parser::digits() {
    if (!is_digit(peek())) unexpected("a whole number");
    const std::size_t first = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data() + first, text_.data() + at_, value);
    if (error != std::errc{} || value > kLargestLiteral) {
        fail("RULE-RANGE", first,
             fmt::format("number {} is too large, must be in [0, {}]",
                         text_.substr(first, at_ - first), kLargestLiteral));
    }
    if (at_ < text_.size() && (text_[at_] == '.' || is_letter(text_[at_]))) {
        fail("RULE-SYNTAX", first, "a number is not whole", fraction_hint(text_.substr(first)));
    }
    return value;
}

/// A whole number or a power of two, without sign.
Scale Parser::literal() {
    const std::size_t where = at_;
    const std::int64_t value = digits();
    if (!take('^')) return {value, 0};
    if (value != 2) {
        fail("RULE-SYNTAX", where, fmt::format("{} is raised to a power, only 2 can be", value),
             "write 3*2^-2 for three quarters");
    }
    const bool bracket = take('(');
    const int sign = take_sign().value_or(1);
    const std::int64_t exponent = sign * digits();
    if (bracket) expect(')', "')'");
    return {1, exponent};
}

std::string_view Parser::name() {
    const std::size_t first = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    return text_.substr(first, at_ - first);
}

LearnVariable Parser::variable(std::size_t where, std::string_view name) const {
    if (const auto variable = parse(kLearnVariableNames, name)) return *variable;
    fail("RULE-NAME", where, fmt::format("there is no variable '{}' in learning rules", name),
         fmt::format("known: {}, u<k>, sgn()", fmt::join(kLearnVariableNames.names(), ", ")));
}

/// [(+|-) literal] behind a variable in brackets.
std::int32_t Parser::constant() {
    const auto sign = take_sign();
    if (!sign) return 0;
    skip();
    const std::size_t where = at_;
    const Scale scale = literal();
    const bool whole = scale.exponent >= 0 && scale.exponent <= 8;
    const std::int64_t value = whole ? *sign * (scale.mantissa << scale.exponent) : 0;
    if (!whole || value < -255 || value > 255) {
        fail("RULE-RANGE", where, "a constant beside a variable must be whole and in [-255, 255]");
    }
    return static_cast<std::int32_t>(value);
}

void Parser::gate(LearnProduct& product, bool& gated, LearnGate gate, std::uint32_t k,
                  std::size_t where) const {
    if (!gated) {
        gated = true;
        product.gate = gate;
        product.k = k;
        return;
    }
    if (gate == LearnGate::kU) {
        fail(
            "RULE-GATE", where, "a product has a u<k> behind another gate",
            "x0, y0 or u<k> that comes first decides when a product is evaluated; u<k> can only be "
            "that");
    }
    product.factors.push_back(
        {gate == LearnGate::kX0 ? LearnVariable::kX0 : LearnVariable::kY0, 0, false});
}

void Parser::named(LearnProduct& product, bool& gated) {
    const std::size_t where = at_;
    const std::string_view word = name();
    if (word == "sgn") {
        expect('(', "'('");
        skip();
        const std::size_t inner = at_;
        const LearnVariable v = variable(inner, name());
        if (v != LearnVariable::kW && v != LearnVariable::kD && v != LearnVariable::kT) {
            fail("RULE-NAME", inner,
                 fmt::format("sgn() of '{}', must be of w, d or t", name_of(v)));
        }
        const std::int32_t added = constant();
        expect(')', "')'");
        product.factors.push_back({v, added, true});
        return;
    }
    if (word.size() >= 2 && word.front() == 'u' &&
        std::all_of(word.begin() + 1, word.end(), is_digit)) {
        std::uint32_t k = 0;
        std::from_chars(word.data() + 1, word.data() + word.size(), k);
        if (word.size() > 3 || k > 31) {
            fail("RULE-RANGE", where, fmt::format("k of '{}' must be in [0, 31]", word));
        }
        return gate(product, gated, LearnGate::kU, k, where);
    }
    if (peek() == '=' || peek() == '^') unexpected("'*'");
    const LearnVariable v = variable(where, word);
    if (v == LearnVariable::kX0) return gate(product, gated, LearnGate::kX0, 0, where);
    if (v == LearnVariable::kY0) return gate(product, gated, LearnGate::kY0, 0, where);
    product.factors.push_back({v, 0, false});
}

void Parser::bracket(LearnProduct& product, Scale& scale) {
    const std::size_t where = at_;
    const int sign = take_sign().value_or(1);
    if (is_digit(peek())) {
        const Scale inner = literal();
        scale.mantissa *= sign * inner.mantissa;
        scale.exponent += inner.exponent;
        if (peek() == '+' || peek() == '-') constant_comes_first(where);
        return expect(')', "')'");
    }
    if (!is_letter(peek())) unexpected("a variable");
    const std::size_t place = at_;
    const LearnVariable v = variable(place, name());
    if (v == LearnVariable::kX0 || v == LearnVariable::kY0) {
        fail("RULE-GATE", place, fmt::format("'{}' stands in brackets", name_of(v)),
             "a gate is a factor of its own: x0*(y1 - 4)");
    }
    const std::int32_t added = constant();
    // -(v) + c is -(v - c).
    if (sign < 0) scale.mantissa = -scale.mantissa;
    product.factors.push_back({v, sign * added, false});
    expect(')', "')'");
}

/// (255 - w) was written, up to the operator.
void Parser::constant_comes_first(std::size_t where) {
    const std::string number{text_.substr(where, at_ - where)};
    const bool minus = take('-');
    if (!minus) ++at_;
    skip();
    const std::string_view variable = name();
    const bool known = parse(kLearnVariableNames, variable).has_value();
    const std::string word = known ? std::string{variable} : std::string{"w"};
    std::string trimmed = number;
    while (!trimmed.empty() && is_space(trimmed.back())) trimmed.pop_back();
    fail("RULE-SYNTAX", where, "a constant stands before the variable in brackets",
         minus ? fmt::format("write -({} - {})", word, trimmed)
               : fmt::format("write ({} + {})", word, trimmed));
}

void Parser::factor(LearnProduct& product, Scale& scale, bool& gated) {
    if (const auto sign = take_sign()) scale.mantissa *= *sign;
    if (is_letter(peek())) return named(product, gated);
    const std::size_t where = at_;
    if (take('(')) {
        bracket(product, scale);
    } else {
        if (!is_digit(peek())) unexpected("a factor");
        const Scale number = literal();
        scale.mantissa *= number.mantissa;
        scale.exponent += number.exponent;
    }
    if (std::abs(scale.mantissa) > kLargestLiteral || std::abs(scale.exponent) > 64) {
        fail("RULE-RANGE", where, "the numbers of a product are too large");
    }
}

void Parser::finish(LearnProduct& product, Scale scale, bool gated, std::size_t where) const {
    if (!gated) {
        fail("RULE-GATE", where, "a product has no gate",
             "one of its factors must be x0 (a spike arrived), y0 (the target spiked) or u<k> "
             "(every "
             "2^k-th epoch)");
    }
    while ((scale.mantissa < -8 || scale.mantissa > 7) && scale.mantissa % 2 == 0) {
        scale.mantissa /= 2;
        ++scale.exponent;
    }
    // Of the ways to write the number, one whose exponent is legal, if there is one.
    if (scale.mantissa == 0) scale.exponent = 0;
    while (scale.exponent < limits_.min_exponent && scale.mantissa % 2 == 0) {
        scale.mantissa /= 2;
        ++scale.exponent;
    }
    while (scale.exponent > limits_.max_exponent && 2 * scale.mantissa >= limits_.min_mantissa &&
           2 * scale.mantissa <= limits_.max_mantissa) {
        scale.mantissa *= 2;
        --scale.exponent;
    }
    if (scale.mantissa < limits_.min_mantissa || scale.mantissa > limits_.max_mantissa) {
        fail("RULE-RANGE", where,
             fmt::format("the mantissa of a product is {}, must be in [{}, {}]", scale.mantissa,
                         limits_.min_mantissa, limits_.max_mantissa),
             "use a neighbouring number with fewer bits and a power of two");
    }
    if (scale.exponent < limits_.min_exponent || scale.exponent > limits_.max_exponent) {
        fail("RULE-RANGE", where,
             fmt::format("the scale of a product is {}*2^{}, the exponent must be in [{}, {}]",
                         scale.mantissa, scale.exponent, limits_.min_exponent,
                         limits_.max_exponent));
    }
    int bits = 0;
    for (const LearnFactor& f : product.factors) bits += width_of(f.variable);
    const auto most =
        limits_.exact ? kMaxExactBits - static_cast<int>(scale.exponent) : kMaxProductBits;
    if (bits > std::min(most, kMaxProductBits)) {
        fail("RULE-WIDTH", where,
             fmt::format("the factors of a product have {} bits, at most {} can be multiplied",
                         bits, std::min(most, kMaxProductBits)),
             "traces have 7 bits, w, d and t 9, rewards 7");
    }
    product.mantissa = static_cast<std::int32_t>(scale.mantissa);
    product.exponent = static_cast<std::int32_t>(scale.exponent);
}

LearnProduct Parser::product(int sign) {
    LearnProduct product;
    product.target = target_;
    Scale scale{sign, 0};
    bool gated = false;
    skip();
    const std::size_t where = at_;
    factor(product, scale, gated);
    while (take('*')) factor(product, scale, gated);
    finish(product, scale, gated, where);
    return product;
}

std::vector<LearnProduct> Parser::rule() {
    std::vector<LearnProduct> products;
    products.push_back(product(take_sign().value_or(1)));
    while (peek() != '\0') {
        const auto sign = take_sign();
        if (!sign) unexpected("'+', '-' or '*'");
        products.push_back(product(*sign));
        if (products.size() > kMaxProducts) {
            fail("RULE-WIDTH", 0, fmt::format("a rule has more than {} products", kMaxProducts));
        }
    }
    return products;
}

}  // namespace

std::optional<std::vector<LearnProduct>> parse_learning_rule(std::string_view text,
                                                             LearnTarget target,
                                                             const RuleLimits& limits,
                                                             RuleProblem& problem) {
    try {
        return Parser{text, target, limits}.rule();
    } catch (const RuleProblem& found) {
        problem = found;
        return std::nullopt;
    }
}

}  // namespace seamount::isa
