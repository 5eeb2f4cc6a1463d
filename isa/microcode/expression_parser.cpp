#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "isa/microcode/expression.hpp"
#include "isa/microcode/expression_node.hpp"

namespace seamount::isa {
namespace {

using Op = ExpressionOp;

struct Binary {
    std::string_view spelling;
    Op op;
    int precedence;
};

// Longer spellings first, so that `<<` is not read as `<`.
constexpr auto kBinary = std::to_array<Binary>({
    {"||", Op::kOrElse, 1},
    {"&&", Op::kAndThen, 2},
    {"==", Op::kEq, 6},
    {"!=", Op::kNe, 6},
    {"<=", Op::kLe, 7},
    {">=", Op::kGe, 7},
    {"<<", Op::kShl, 8},
    {">>", Op::kShr, 8},
    {"|", Op::kBitOr, 3},
    {"^", Op::kBitXor, 4},
    {"&", Op::kBitAnd, 5},
    {"<", Op::kLt, 7},
    {">", Op::kGt, 7},
    {"+", Op::kAdd, 9},
    {"-", Op::kSub, 9},
    {"*", Op::kMul, 10},
    {"/", Op::kDiv, 10},
    {"%", Op::kMod, 10},
});

struct Function {
    std::string_view name;
    Op op;
    std::size_t arguments;
};

constexpr auto kFunctions = std::to_array<Function>({
    {"min", Op::kMin, 2},
    {"max", Op::kMax, 2},
    {"abs", Op::kAbs, 1},
    {"clip", Op::kClip, 3},
});

// An expression of a few operators is what directives need; the limits keep recursion shallow.
constexpr std::size_t kMaxNodes = 1000;
constexpr int kMaxNesting = 100;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool starts_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool continues_name(char c) {
    return starts_name(c) || is_digit(c);
}
bool is_space(char c) {
    return c == ' ' || c == '\t';
}

std::size_t word_end(std::string_view text, std::size_t from) {
    while (from < text.size() && continues_name(text[from])) ++from;
    return from;
}

std::string printable(char c) {
    return c >= ' ' && c <= '~' ? fmt::format("'{}'", c)
                                : fmt::format("byte 0x{:02x}", static_cast<unsigned char>(c));
}

}  // namespace

/// Recursive descent; throws InputError at the first fault.
class Expression::Node::Parser {
public:
    using NodePtr = std::shared_ptr<const Node>;

    Parser(std::string_view text, const SourceLocation& where, std::vector<std::string>& names)
        : text_{text}, where_{where}, names_{names} {}

    NodePtr parse() {
        NodePtr root = ternary();
        skip_space();
        if (at_ < text_.size()) fail("expected an operator or the end, not " + next());
        return root;
    }

private:
    [[noreturn]] void fail(const std::string& message) const {
        SourceLocation here = where_;
        here.column += static_cast<std::uint32_t>(at_);
        throw InputError({"ASM-EXPR", here, message,
                          "expressions have C's operators, integers, names, min(a, b), max(a, b), "
                          "abs(a) and clip(x, low, high)"});
    }

    void skip_space() {
        while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    }

    [[nodiscard]] std::string next() const {
        return at_ < text_.size() ? printable(text_[at_]) : "the end of the expression";
    }

    bool accept(std::string_view spelling) {
        skip_space();
        if (text_.substr(at_, spelling.size()) != spelling) return false;
        at_ += spelling.size();
        return true;
    }

    void expect(std::string_view spelling) {
        if (!accept(spelling)) fail(fmt::format("expected '{}', not {}", spelling, next()));
    }

    NodePtr make(Op operation, std::int64_t operand, std::vector<NodePtr> arguments) {
        if (++nodes_ > kMaxNodes) {
            fail(fmt::format("the expression has more than {} operands and operators", kMaxNodes));
        }
        return std::make_shared<const Node>(Node{operation, operand, std::move(arguments)});
    }

    NodePtr ternary() {
        if (++nesting_ > kMaxNesting) {
            fail(fmt::format("the expression is nested more than {} deep", kMaxNesting));
        }
        NodePtr node = binary(1);
        if (accept("?")) {
            NodePtr yes = ternary();
            expect(":");
            NodePtr no = ternary();
            node = make(Op::kChoose, 0, {std::move(node), std::move(yes), std::move(no)});
        }
        --nesting_;
        return node;
    }

    const Binary* peek_binary() {
        skip_space();
        const auto found = std::find_if(kBinary.begin(), kBinary.end(), [&](const Binary& b) {
            return text_.substr(at_, b.spelling.size()) == b.spelling;
        });
        return found == kBinary.end() ? nullptr : &*found;
    }

    NodePtr binary(int lowest) {
        NodePtr left = unary();
        for (const Binary* b = peek_binary(); b != nullptr && b->precedence >= lowest;
             b = peek_binary()) {
            at_ += b->spelling.size();
            NodePtr right = binary(b->precedence + 1);
            left = make(b->op, 0, {std::move(left), std::move(right)});
        }
        return left;
    }

    NodePtr unary() {
        if (++nesting_ > kMaxNesting) {
            fail(fmt::format("the expression is nested more than {} deep", kMaxNesting));
        }
        NodePtr node;
        if (accept("-")) {
            node = make(Op::kNegate, 0, {unary()});
        } else if (accept("~")) {
            node = make(Op::kInvert, 0, {unary()});
        } else if (accept("!")) {
            node = make(Op::kNot, 0, {unary()});
        } else {
            node = primary();
        }
        --nesting_;
        return node;
    }

    NodePtr primary() {
        if (accept("(")) {
            NodePtr node = ternary();
            expect(")");
            return node;
        }
        skip_space();
        if (at_ < text_.size() && is_digit(text_[at_])) return literal();
        if (at_ < text_.size() && starts_name(text_[at_])) return name();
        fail("expected a number, a name or '(', not " + next());
    }

    NodePtr literal() {
        const std::size_t end = word_end(text_, at_);
        const std::string_view word = text_.substr(at_, end - at_);
        const bool hex = word.starts_with("0x") || word.starts_with("0X");
        const std::string_view digits = hex ? word.substr(2) : word;
        std::int64_t number = 0;
        const auto [stop, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), number, hex ? 16 : 10);
        if (error == std::errc::result_out_of_range) {
            fail(fmt::format("{} does not fit 64 bits", word));
        }
        if (error != std::errc{} || stop != digits.data() + digits.size()) {
            fail(fmt::format("'{}' is not an integer", word));
        }
        at_ = end;
        return make(Op::kLiteral, number, {});
    }

    NodePtr name() {
        const std::size_t end = word_end(text_, at_);
        const std::string_view word = text_.substr(at_, end - at_);
        std::size_t after = end;
        while (after < text_.size() && is_space(text_[after])) ++after;
        if (after < text_.size() && text_[after] == '(') return call(word, after + 1);
        at_ = end;
        auto found = std::find(names_.begin(), names_.end(), word);
        if (found == names_.end()) found = names_.insert(names_.end(), std::string{word});
        return make(Op::kName, found - names_.begin(), {});
    }

    NodePtr call(std::string_view word, std::size_t arguments_at) {
        const auto function = std::find_if(kFunctions.begin(), kFunctions.end(),
                                           [&](const Function& f) { return f.name == word; });
        if (function == kFunctions.end()) fail(fmt::format("unknown function '{}'", word));
        at_ = arguments_at;
        std::vector<NodePtr> arguments;
        for (std::size_t i = 0; i < function->arguments; ++i) {
            if (i > 0) expect(",");
            arguments.push_back(ternary());
        }
        expect(")");
        return make(function->op, 0, std::move(arguments));
    }

    std::string_view text_;
    const SourceLocation& where_;
    std::vector<std::string>& names_;
    std::size_t at_ = 0;
    std::size_t nodes_ = 0;
    int nesting_ = 0;
};

Expression Expression::parse(std::string_view text, const SourceLocation& where) {
    Expression result;
    result.root_ = Node::Parser{text, where, result.names_}.parse();
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    result.text_ = text;
    return result;
}

std::vector<NameUse> find_names(std::string_view text) {
    std::vector<NameUse> found;
    for (std::size_t at = 0; at < text.size();) {
        if (!continues_name(text[at])) {
            ++at;
            continue;
        }
        const std::size_t end = word_end(text, at);
        std::size_t after = end;
        while (after < text.size() && is_space(text[after])) ++after;
        const bool call = after < text.size() && text[after] == '(';
        if (starts_name(text[at]) && !call) found.push_back({at, text.substr(at, end - at)});
        at = end;
    }
    return found;
}

}  // namespace seamount::isa
