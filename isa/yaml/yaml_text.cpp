#include "isa/yaml/yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include <yaml-cpp/null.h>

#include "isa/yaml/yaml_numbers.hpp"

namespace seamount::yaml {
namespace {

/// What YAML reads as a truth value, in any mixture of capitals.
constexpr std::array<std::string_view, 8> kTruths{"true", "false", "yes", "no",
                                                  "on",   "off",   "y",   "n"};

bool is_truth(std::string word) {
    std::ranges::transform(word, word.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::ranges::find(kTruths, word) != kTruths.end();
}

bool is_plain_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"_./+^()<>*=;-"}.find(c) != std::string_view::npos;
}

/// Whether text may stand without quotes, in brackets too.
bool is_plain(std::string_view text) {
    const char first = text.empty() ? '*' : text.front();
    return std::string_view{"*-=<>."}.find(first) == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), is_plain_character);
}

bool reads_as_text(const std::string& text) {
    double ignored = 0.0;
    return parse_number(text, ignored) == NumberFault::kNotANumber && !YAML::IsNullString(text) &&
           !is_truth(text);
}

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\x{:02x}", unsigned{byte});
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string key_text(const std::string& key) {
    return is_plain(key) && reads_as_text(key) ? key : in_quotes(key);
}

/// A scalar that the file did not quote stays without quotes: it may be a number or a truth value.
/// What the parser would take for nothing is none of these: it was in quotes, or in a variable.
std::string scalar_text(const Node& node) {
    double ignored = 0.0;
    const bool is_number = parse_number(node.text, ignored) != NumberFault::kNotANumber;
    if (node.plain && is_number) return node.text;
    const bool is_word = is_truth(node.text) && node.plain;
    return is_word || (is_plain(node.text) && reads_as_text(node.text)) ? node.text
                                                                        : in_quotes(node.text);
}

/// All on one line.
std::string flow(const Node& node) {
    switch (node.kind) {
        case Kind::kNull:
            return "null";
        case Kind::kScalar:
            return scalar_text(node);
        case Kind::kSequence: {
            std::string text;
            for (const auto& item : node.items) text += (text.empty() ? "" : ", ") + flow(*item);
            return '[' + text + ']';
        }
        case Kind::kMap:
            break;
    }
    std::string text;
    for (const Entry& entry : node.map->entries) {
        text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", key_text(entry.key),
                            flow(*entry.value));
    }
    return '{' + text + '}';
}

}  // namespace

std::string text_of(const Node& root) {
    std::string text;
    for (const Entry& section : root.map->entries) {
        const Node& value = *section.value;
        const bool is_map = value.kind == Kind::kMap && !value.map->entries.empty();
        const bool is_list = value.kind == Kind::kSequence && !value.items.empty();
        text += key_text(section.key) + ':';
        if (!is_map && !is_list) {
            text += ' ' + flow(value) + '\n';
            continue;
        }
        text += '\n';
        for (const auto& item : value.items) text += fmt::format("  - {}\n", flow(*item));
        if (!is_map) continue;
        for (const Entry& entry : value.map->entries) {
            text += fmt::format("  {}: {}\n", key_text(entry.key), flow(*entry.value));
        }
    }
    return text;
}

}  // namespace seamount::yaml
