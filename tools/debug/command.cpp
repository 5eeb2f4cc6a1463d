#include "tools/debug/command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

namespace seamount::debug {
namespace {

/// The place among `names` of what `text` is, or the only one that it begins; `what` is wanted.
std::size_t place_of(std::string_view text, const std::vector<std::string>& names,
                     std::string_view what, const SourceLocation& where) {
    std::vector<std::size_t> begun;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == text) return i;
        if (!text.empty() && names[i].starts_with(text)) begun.push_back(i);
    }
    if (begun.size() == 1) return begun.front();
    if (!begun.empty()) {
        std::vector<std::string> meant;
        for (const std::size_t i : begun) meant.push_back(names[i]);
        refuse("DBG-COMMAND", where, fmt::format("'{}' may be {}", text, fmt::join(meant, " or ")));
    }
    refuse("DBG-COMMAND", where, fmt::format("there is no {} '{}'", what, text),
           did_you_mean(text, names));
}

}  // namespace

std::vector<std::string> verb_names() {
    std::vector<std::string> names;
    for (const VerbRow& row : kVerbs) names.emplace_back(row.name);
    return names;
}

Verb read_verb(Reader& reader) {
    const SourceLocation here = reader.where();
    const std::string_view word = reader.word();
    for (const VerbRow& row : kVerbs) {
        if (!row.shorter.empty() && row.shorter == word) return row.verb;
    }
    return kVerbs[place_of(word, verb_names(), "command", here)].verb;
}

Topic read_topic(Reader& reader) {
    if (reader.at_end()) return Topic::kPlace;
    const SourceLocation here = reader.where();
    const std::string_view word = reader.word();
    return kTopicNames.value_at(place_of(word, names(kTopicNames), "topic", here));
}

std::string help_text(Verb verb) {
    const VerbRow& row = kVerbs[static_cast<std::size_t>(verb)];
    return fmt::format("  {}{}{}{}\n      {}\n", row.name,
                       row.shorter.empty() ? "" : fmt::format(" ({})", row.shorter),
                       row.arguments.empty() ? "" : " ", row.arguments, row.help);
}

std::string help_text() {
    std::string text;
    for (const VerbRow& row : kVerbs) text += help_text(row.verb);
    return text;
}

}  // namespace seamount::debug
