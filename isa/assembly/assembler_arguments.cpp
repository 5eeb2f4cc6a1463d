// Declarations: .arg, and what is said of one.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "isa/assembly/assembler_declarations.hpp"

namespace seamount::isa::assembly {
namespace {

constexpr std::int64_t kMaxScaleUnit = 1 << 16;
constexpr std::int64_t kMaxParts = std::int64_t{1} << 32U;

/// FIRST [, SECOND]
struct Pair {
    Piece first;
    std::optional<Piece> second;
};
Pair at_comma(const Piece& value) {
    const std::size_t comma = value.text.find(',');
    if (comma == std::string_view::npos) return {value, std::nullopt};
    return {trim(value.first(comma)), trim(value.from(comma + 1))};
}

}  // namespace

void Declarations::read_arg(Piece rest, std::string_view comment) {
    const Piece name = take_name(rest, Directive::kArg);
    if (name.empty()) return;
    ArgDecl arg;
    arg.name = name.text;
    arg.doc = comment;
    arg.where = reporter_.locate(name);
    const Symbol* symbol = find(name.text);
    if (program_.find_arg(name.text) != nullptr ||
        (symbol != nullptr && symbol->kind == SymbolKind::kConst)) {
        reporter_.error("ASM-NAME", name, fmt::format("{} is declared twice", quote(name.text)));
        return;
    }
    const std::size_t assignment = find_assignment(rest.text);
    const Range range =
        read_range(trim(rest.first(std::min(assignment, rest.text.size()))), name, Directive::kArg);
    arg.min = range.min;
    arg.max = range.max;
    if (assignment != std::string_view::npos) {
        const Piece text = take_assigned(rest.from(assignment), Directive::kArg);
        arg.initial = evaluate_constant(text);
        if (!text.empty() && arg.min <= arg.max &&
            (*arg.initial < arg.min || *arg.initial > arg.max)) {
            reporter_.error("ASM-ARG", text,
                            fmt::format("the default of {} is {}, must be in [{}, {}]",
                                        quote(name.text), *arg.initial, arg.min, arg.max));
        }
    }
    program_.args.push_back(std::move(arg));
}

ArgDecl* Declarations::find_arg(const Piece& name) {
    const auto found = std::find_if(program_.args.begin(), program_.args.end(),
                                    [&](const ArgDecl& arg) { return arg.name == name.text; });
    if (found != program_.args.end()) return &*found;
    std::vector<std::string> names;
    for (const ArgDecl& arg : program_.args) names.push_back(arg.name);
    reporter_.error("ASM-NAME", name, fmt::format("{} is no .arg", quote(name.text)),
                    suggest(std::string{name.text}, names, "declare it before"));
    return nullptr;
}

/// After the .arg that it is about: how it counts time.
void Declarations::read_timed(Piece rest) {
    const Piece name = take_name(rest, Directive::kTimed);
    if (name.empty()) return;
    ArgTime time;
    if (!rest.empty()) {
        const Piece value = take_assigned(rest, Directive::kTimed);
        if (value.empty()) return;
        const auto [parts, less] = at_comma(value);
        time.parts = evaluate_constant(parts);
        if (less) time.less = evaluate_constant(*less);
        if (time.parts < 1 || time.parts > kMaxParts || time.less < 0 || time.less > time.parts) {
            reporter_.error(
                "ASM-RANGE", parts,
                fmt::format(
                    "{} counts {} parts, less {}: must be in [1, {}], less 0 to all of them",
                    quote(name.text), time.parts, time.less, kMaxParts));
        }
    }
    ArgDecl* const arg = find_arg(name);
    if (arg == nullptr) return;
    if (arg->time) {
        reporter_.error("ASM-NAME", name, fmt::format("{} is a time already", quote(name.text)));
    }
    arg->time = time;
}

/// After the .arg that it is about: in what unit of the weights it counts.
void Declarations::read_scaled(Piece rest) {
    const Piece name = take_name(rest, Directive::kScaled);
    if (name.empty()) return;
    const Piece value = take_assigned(rest, Directive::kScaled);
    if (value.empty()) return;
    const auto [unit, exponent] = at_comma(value);
    ArgScale scale;
    scale.unit = evaluate_constant(unit);
    if (scale.unit < 1 || scale.unit > kMaxScaleUnit) {
        reporter_.error("ASM-RANGE", unit,
                        fmt::format("the unit of {} is {}, must be in [1, {}]", quote(name.text),
                                    scale.unit, kMaxScaleUnit));
    }
    if (exponent) {
        if (find_arg(*exponent) == nullptr) return;
        scale.exponent = exponent->text;
    }
    ArgDecl* const arg = find_arg(name);
    if (arg == nullptr) return;
    if (arg->scale) {
        reporter_.error("ASM-NAME", name, fmt::format("{} has a unit already", quote(name.text)));
    }
    arg->scale = std::move(scale);
}

}  // namespace seamount::isa::assembly
