#include "isa/assembly/assembler_declarations.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace seamount::isa::assembly {
namespace {

constexpr std::int64_t kMaxConst = std::int64_t{1} << 62;

}  // namespace

const Symbol* Declarations::find(std::string_view name) const {
    const auto found = symbols_.find(name);
    return found == symbols_.end() ? nullptr : &found->second;
}

std::vector<std::string> Declarations::names() const {
    std::vector<std::string> names;
    for (const auto& [name, symbol] : symbols_) {
        if (symbol.kind != SymbolKind::kView) names.push_back(name);
    }
    return names;
}

void Declarations::read(Piece line, std::string_view comment) {
    Piece rest = line.from(1);
    const Piece word = take_word(rest);
    const std::string name = fmt::format(".{}", lower(word.text));
    const auto* known = std::ranges::find(kDirectives, name, &DirectiveForm::name);
    if (known == kDirectives.end()) {
        std::vector<std::string> names;
        for (const DirectiveForm& row : kDirectives) names.emplace_back(row.name);
        reporter_.error(
            "ASM-DIRECTIVE", line, fmt::format("unknown directive {}", quote(name)),
            suggest(name, names, fmt::format("directives are {}", fmt::join(names, " "))));
        return;
    }
    switch (known->directive) {
        case Directive::kArg:
            return read_arg(rest, comment);
        case Directive::kScaled:
            return read_scaled(rest);
        case Directive::kTimed:
            return read_timed(rest);
        case Directive::kConst:
            return read_const(rest);
        case Directive::kAcc:
            return read_accumulator(rest);
        case Directive::kParam:
            return read_word(rest, program_.params, params_, SymbolKind::kParam, kParameters);
        case Directive::kState:
            return read_word(rest, program_.states, states_, SymbolKind::kState, kStateWords);
        case Directive::kView:
            return read_view(rest);
    }
}

Piece Declarations::take_name(Piece& rest, Directive directive) {
    rest = trim(rest);
    Piece ahead = rest;
    const Piece name = take_word(ahead);
    if (is_name(name.text)) {
        rest = trim(ahead);
        return name;
    }
    reporter_.error("ASM-SYNTAX", rest,
                    rest.empty() ? fmt::format("{} needs a name", form_of(directive).name)
                                 : fmt::format("{} is not a name", quote(rest.text)),
                    fmt::format("write {}", form(directive)));
    return rest.first(0);
}

/// The text after the '=' that `rest` must start with; blank after an error.
Piece Declarations::take_assigned(Piece rest, Directive directive) {
    const bool assigned = rest.text.starts_with('=');
    const Piece value = assigned ? trim(rest.from(1)) : rest;
    if (assigned && !value.empty()) return value;
    std::string message = "expected '=' and a value here";
    if (assigned) {
        message = "expected a value after '='";
    } else if (!rest.empty()) {
        message = fmt::format("expected '=' and a value, not {}", quote(rest.text));
    }
    reporter_.error("ASM-SYNTAX", value, std::move(message),
                    fmt::format("write {}", form(directive)));
    return rest.from(rest.text.size());
}

bool Declarations::declare(const Piece& name, const Symbol& symbol) {
    if (is_register_name(name.text)) {
        reporter_.error(
            "ASM-NAME", name,
            fmt::format("{} is a word of the machine and cannot be declared", quote(name.text)),
            "names of r, s, p or a and a number are taken");
        return false;
    }
    if (symbol.kind == SymbolKind::kConst && program_.find_arg(name.text) != nullptr) {
        reporter_.error("ASM-NAME", name, fmt::format("{} is already an .arg", quote(name.text)),
                        "constants need a name of their own");
        return false;
    }
    if (!symbols_.emplace(std::string{name.text}, symbol).second) {
        reporter_.error("ASM-NAME", name, fmt::format("{} is declared twice", quote(name.text)),
                        "parameters, state words, accumulators, views and constants share one "
                        "name space");
        return false;
    }
    return true;
}

bool Declarations::in_limit(const Piece& name, std::size_t count, int limit,
                            std::string_view what) {
    if (count < static_cast<std::size_t>(limit)) return true;
    reporter_.error("ASM-LIMIT", name,
                    fmt::format("{} is {} number {}, a neuron has at most {}", quote(name.text),
                                what, count + 1, limit));
    return false;
}

std::int64_t Declarations::evaluate_constant(const Piece& text) {
    if (text.empty()) return 0;
    const Expression expression = resolve(text, {}, "earlier .const");
    if (!expression.names().empty()) return 0;
    const std::int64_t value = expression.evaluate([](std::string_view) { return 0; });
    if (value > -kMaxConst && value < kMaxConst) return value;
    reporter_.error("ASM-RANGE", text, fmt::format("{} is outside 63 bits", value));
    return 0;
}

/// Parses an expression and replaces constants by their values. Reports unknown names, and what is
/// constant but has no value. After an error: the constant 0.
Expression Declarations::resolve(const Piece& text, const std::vector<std::string>& allowed,
                                 std::string_view allowed_kinds) {
    try {
        static_cast<void>(Expression::parse(text.text, reporter_.locate(text)));
    } catch (const InputError& error) {
        reporter_.add(error);
        return {};
    }
    std::string folded;
    std::size_t copied = 0;
    bool known = true;
    for (const NameUse& use : find_names(text.text)) {
        const Symbol* symbol = find(use.name);
        if (symbol != nullptr && symbol->kind == SymbolKind::kConst) {
            folded += text.text.substr(copied, use.offset - copied);
            folded += symbol->value < 0 ? fmt::format("({})", symbol->value)
                                        : fmt::format("{}", symbol->value);
            copied = use.offset + use.name.size();
        } else if (std::find(allowed.begin(), allowed.end(), use.name) == allowed.end()) {
            known = false;
            reporter_.error("ASM-EXPR", text.from(use.offset),
                            fmt::format("unknown name {}, only names of {} can stand here",
                                        quote(use.name), allowed_kinds),
                            suggest(use.name, allowed));
        }
    }
    if (!known) return {};
    folded += text.text.substr(copied);
    try {
        Expression expression = Expression::parse(folded, reporter_.locate(text));
        if (expression.names().empty()) {
            static_cast<void>(expression.evaluate([](std::string_view) { return 0; }));
        }
        return expression;
    } catch (const InputError& error) {
        reporter_.add(error);
    } catch (const ExpressionError& error) {
        reporter_.error("ASM-EXPR", text,
                        fmt::format("{} has no value: {}", quote(text.text), error.what()));
    }
    return {};
}

void Declarations::read_const(Piece rest) {
    const Piece name = take_name(rest, Directive::kConst);
    if (name.empty()) return;
    const std::int64_t value = evaluate_constant(take_assigned(rest, Directive::kConst));
    declare(name, {SymbolKind::kConst, 0, value});
}

/// LOW..HIGH of the quantity `name`; 32 bits after an error of syntax.
Range Declarations::read_range(const Piece& text, const Piece& name, Directive directive) {
    const std::size_t dots = text.text.find("..");
    if (dots == std::string_view::npos || trim(text.first(dots)).empty() ||
        trim(text.from(dots + 2)).empty()) {
        reporter_.error("ASM-SYNTAX", text, fmt::format("{} needs a range", quote(name.text)),
                        fmt::format("write {}", form(directive)));
        return {};
    }
    const Range range{evaluate_constant(trim(text.first(dots))),
                      evaluate_constant(trim(text.from(dots + 2)))};
    if (range.min > range.max) {
        reporter_.error(
            "ASM-ARG", text,
            fmt::format("the range {}..{} of {} is empty", range.min, range.max, quote(name.text)));
    }
    return range;
}

void Declarations::read_word(Piece rest, std::vector<WordDecl>& words,
                             std::vector<Initial>& initials, SymbolKind kind, int limit) {
    const bool state = kind == SymbolKind::kState;
    const Directive directive = state ? Directive::kState : Directive::kParam;
    const Piece name = take_name(rest, directive);
    if (name.empty()) return;
    const bool given = !state || !rest.empty();
    const Piece initial = given ? take_assigned(rest, directive) : rest;
    const bool fits = in_limit(name, words.size(), limit, state ? "state word" : "parameter");
    const int index = fits ? static_cast<int>(words.size()) : limit - 1;
    if (!declare(name, {kind, index, 0}) || !fits) return;
    initials.push_back({initial, words.size()});
    words.push_back({std::string{name.text}, index, {}, reporter_.locate(name)});
}

/// Takes the rule of an accumulator from the end of `rest`: its last word, unless that ends a
/// range.
Accumulate Declarations::take_rule(Piece& rest) {
    const std::size_t start = rest.text.find_last_of(" \t") + 1;  // 0 if there is none
    const Piece word = rest.from(start);
    const Piece before = trim(rest.first(start));
    const bool is_range = before.empty() ? word.text.find("..") != std::string_view::npos
                                         : before.text.ends_with("..");
    if (!is_name(word.text) || is_range) return Accumulate::kSum;
    const std::optional<Accumulate> rule = parse(kAccumulateNames, lower(word.text));
    if (!rule && !before.empty() && before.text.find("..") == std::string_view::npos) {
        return Accumulate::kSum;  // the range is what is wrong
    }
    rest = before;
    if (rule) return *rule;
    reporter_.error("ASM-SYNTAX", word,
                    fmt::format("{} is no rule by which an accumulator combines what arrives",
                                quote(word.text)),
                    suggest(word.text, seamount::names(kAccumulateNames),
                            fmt::format("write {}", form(Directive::kAcc))));
    return Accumulate::kSum;
}

void Declarations::read_accumulator(Piece rest) {
    const Piece name = take_name(rest, Directive::kAcc);
    if (name.empty()) return;
    const Accumulate rule = take_rule(rest);
    Range range;
    if (!rest.empty()) {
        range = read_range(rest, name, Directive::kAcc);
        if (range.min < Range{}.min || range.max > Range{}.max) {
            reporter_.error(
                "ASM-RANGE", rest,
                fmt::format("the range {}..{} of {} is beyond 32 bits, must be in "
                            "[{}, {}]",
                            range.min, range.max, quote(name.text), Range{}.min, Range{}.max));
        }
    }
    auto& names = program_.accumulators;
    const bool fits = in_limit(name, names.size(), kAccumulators, "accumulator");
    const int index = fits ? static_cast<int>(names.size()) : kAccumulators - 1;
    if (declare(name, {SymbolKind::kAccumulator, index, 0}) && fits) {
        names.emplace_back(name.text);
        program_.combine[names.size() - 1] = rule;
        program_.inputs.push_back(range);
    }
}

void Declarations::read_view(Piece rest) {
    const Piece name = take_name(rest, Directive::kView);
    if (name.empty()) return;
    const Piece value = take_assigned(rest, Directive::kView);
    if (!declare(name, {SymbolKind::kView, 0, 0})) return;
    views_.push_back({value, program_.views.size()});
    program_.views.push_back({std::string{name.text}, {}, reporter_.locate(name)});
}

void Declarations::finish() {
    std::vector<std::string> args;
    for (const ArgDecl& arg : program_.args) args.push_back(arg.name);
    std::vector<std::string> words;
    for (const WordDecl& word : program_.states) words.push_back(word.name);
    for (const WordDecl& word : program_.params) words.push_back(word.name);

    const auto resolve_word = [&](const Initial& initial, WordDecl& word) {
        if (initial.expression.empty()) return;
        word.initial = resolve(initial.expression, args, ".arg and .const");
        if (!word.initial.names().empty()) return;
        const std::int64_t value = word.initial.evaluate([](std::string_view) { return 0; });
        if (value < std::numeric_limits<std::int32_t>::min() ||
            value > std::numeric_limits<std::int32_t>::max()) {
            reporter_.error("ASM-RANGE", initial.expression,
                            fmt::format("the initial value {} of {} does not fit 32 bits", value,
                                        quote(word.name)));
        }
    };
    for (const Initial& initial : params_) resolve_word(initial, program_.params[initial.index]);
    for (const Initial& initial : states_) resolve_word(initial, program_.states[initial.index]);
    for (const Initial& initial : views_) {
        if (initial.expression.empty()) continue;
        program_.views[initial.index].value =
            resolve(initial.expression, words, ".state, .param and .const");
    }
}

}  // namespace seamount::isa::assembly
