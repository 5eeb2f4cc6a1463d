#include "tools/schema/key_tables.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <vector>

namespace seamount::tools {

using yaml::Form;
using yaml::Key;
using yaml::ValueKind;
using yaml::ValueType;

namespace {

constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();

/// Where the table of a form stands: its heading says which kind of file it is of.
std::string link_to(const Form& form, const Form& root) {
    return fmt::format("[{0}](#{1}-{0})", form.name, root.name);
}

std::string end_of_range(std::int64_t value) {
    return value == kAny ? "2^63-1" : fmt::format("{}", value);
}

std::string types_text(const std::vector<ValueType>& types, const Form& root);

std::string list_text(const ValueType& list, const Form& root) {
    if (!list.first.empty()) {
        return fmt::format("[{}, {}{}]", types_text(list.first, root), types_text(list.items, root),
                           list.most == 2 ? "" : ", ...");
    }
    const std::string length = list.most == kAny ? ""
                               : list.least == list.most
                                   ? fmt::format("{} x ", list.most)
                                   : fmt::format("{}..{} x ", list.least, list.most);
    return fmt::format("[{}{}{}]", length, types_text(list.items, root),
                       list.most == kAny ? ", ..." : "");
}

std::string type_text(const ValueType& type, const Form& root) {
    switch (type.kind) {
        case ValueKind::kInteger:
            return fmt::format("integer {}..{}", type.least, end_of_range(type.most));
        case ValueKind::kNumber:
            return std::isfinite(type.low) ? fmt::format("number {:g}..{:g}", type.low, type.high)
                                           : "number";
        case ValueKind::kQuantity:
            return fmt::format("number with {}", fmt::join(type.choices, ", "));
        case ValueKind::kBoolean:
            return "true, false";
        case ValueKind::kText:
            return "text";
        case ValueKind::kChoice:
            return fmt::format("`{}`", fmt::join(type.choices, "`, `"));
        case ValueKind::kList:
            return list_text(type, root);
        case ValueKind::kMap:
            return link_to(*type.form, root);
        case ValueKind::kAny:
            return "anything";
    }
    return {};
}

std::string types_text(const std::vector<ValueType>& types, const Form& root) {
    std::string text;
    for (const ValueType& type : types) {
        text += (text.empty() ? "" : " or ") + type_text(type, root);
    }
    return text;
}

std::string default_text(const Key& key) {
    if (key.required) return "*required*";
    if (key.standard.empty()) return "";
    if (key.standard.front() == '(') return key.standard.substr(1, key.standard.size() - 2);
    return fmt::format("`{}`", key.standard);
}

std::string row(const Key& key, const Form& root) {
    return fmt::format("| `{}` | {} | {} | {} | {} |\n", key.name, types_text(key.types, root),
                       key.unit, default_text(key), key.meaning);
}

std::string table(const Form& form, const Form& root) {
    std::string text = &form == &root ? fmt::format("## {}\n", form.name)
                                      : fmt::format("### {}: {}\n", root.name, form.name);
    text += fmt::format("\n{}\n", form.meaning);
    if (!form.others.empty()) {
        text += fmt::format("\nEach key is a name of yours, its value {}.\n",
                            types_text(form.others, root));
    }
    if (form.keys.empty()) return text + '\n';
    text += "\n| key | value | unit | default | meaning |\n|---|---|---|---|---|\n";
    for (const Key& key : form.keys) text += row(key, root);
    return text + '\n';
}

}  // namespace

std::string key_tables(const Form& form) {
    std::string text;
    for (const Form* const part : yaml::forms_of(form)) text += table(*part, form);
    return text;
}

}  // namespace seamount::tools
