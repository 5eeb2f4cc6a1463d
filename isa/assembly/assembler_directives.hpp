#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace seamount::isa::assembly {

enum class Directive : std::uint8_t { kArg, kScaled, kTimed, kConst, kAcc, kParam, kState, kView };

/// How a directive is written.
struct DirectiveForm {
    Directive directive;
    std::string_view name;
    std::string_view operands;
};
inline constexpr auto kDirectives = std::to_array<DirectiveForm>({
    {Directive::kArg, ".arg", "NAME LOW..HIGH [= DEFAULT] ; what it means"},
    {Directive::kScaled, ".scaled", "NAME = UNIT [, EXPONENT]"},
    {Directive::kTimed, ".timed", "NAME [= PARTS [, LESS]]"},
    {Directive::kConst, ".const", "NAME = EXPRESSION"},
    {Directive::kAcc, ".acc", "NAME [LOW..HIGH] [sum|max|min|or]"},
    {Directive::kParam, ".param", "NAME = EXPRESSION"},
    {Directive::kState, ".state", "NAME [= EXPRESSION]"},
    {Directive::kView, ".view", "NAME = EXPRESSION"},
});

[[nodiscard]] inline const DirectiveForm& form_of(Directive directive) {
    return kDirectives.at(static_cast<std::size_t>(directive));
}

/// The whole line, for a hint.
[[nodiscard]] inline std::string form(Directive directive) {
    return fmt::format("{} {}", form_of(directive).name, form_of(directive).operands);
}

}  // namespace seamount::isa::assembly
