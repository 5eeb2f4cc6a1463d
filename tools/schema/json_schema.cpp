#include "tools/schema/json_schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "isa/base/json.hpp"

namespace seamount::tools {

using yaml::Form;
using yaml::Key;
using yaml::ValueKind;
using yaml::ValueType;

namespace {

constexpr std::int64_t kAnyLength = std::numeric_limits<std::int64_t>::max();

Json reference(const Form& form) {
    return {{"$ref", "#/definitions/" + form.name}};
}

Json schema_of(const std::vector<ValueType>& types);

Json schema_of(const ValueType& type) {
    switch (type.kind) {
        case ValueKind::kInteger:
            return {{"type", "integer"}, {"minimum", type.least}, {"maximum", type.most}};
        case ValueKind::kNumber: {
            Json schema{{"type", "number"}};
            if (std::isfinite(type.low)) schema["minimum"] = type.low;
            if (std::isfinite(type.high)) schema["maximum"] = type.high;
            return schema;
        }
        case ValueKind::kQuantity:
            return {{"type", "string"},
                    {"pattern",
                     fmt::format("^[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)? *({})$",
                                 fmt::join(type.choices, "|"))}};
        case ValueKind::kBoolean:
            return {{"type", "boolean"}};
        case ValueKind::kText:  // a name may be 7, or true
            return {{"type", {"string", "number", "boolean"}}};
        case ValueKind::kChoice:
            return {{"enum", type.choices}};
        case ValueKind::kList: {
            Json schema{{"type", "array"}, {"items", schema_of(type.items)}};
            if (!type.first.empty()) {
                schema["additionalItems"] = schema["items"];
                schema["items"] = Json::array({schema_of(type.first)});
            }
            if (type.least > 0) schema["minItems"] = type.least;
            if (type.most != kAnyLength) schema["maxItems"] = type.most;
            return schema;
        }
        case ValueKind::kMap:
            return reference(*type.form);
        case ValueKind::kAny:
            break;
    }
    return Json::object();
}

Json any_of(Json alternatives) {
    if (alternatives.size() == 1) return std::move(alternatives.front());
    return {{"anyOf", std::move(alternatives)}};
}

/// The alternatives of a value, and a variable: in a template it may be a list or a map.
Json schema_of(const std::vector<ValueType>& types) {
    Json alternatives = Json::array();
    const bool has_number = std::any_of(types.begin(), types.end(), [](const ValueType& type) {
        return type.kind == ValueKind::kInteger || type.kind == ValueKind::kNumber;
    });
    bool has_text = false;
    for (const ValueType& type : types) {
        alternatives.push_back(schema_of(type));
        // Beside numbers, text is what is none.
        if (type.kind == ValueKind::kText && has_number) alternatives.back() = {{"type", "string"}};
        has_text = has_text || type.kind == ValueKind::kText || type.kind == ValueKind::kAny;
    }
    if (!has_text) {
        alternatives.push_back({{"type", "string"}, {"pattern", "\\$\\{"}});
    }
    return any_of(std::move(alternatives));
}

/// {value: ...} with what may stand beside it.
Json cited(const Key& key, const Json& plain) {
    Json beside = reference(*key.beside);
    Json value{{"properties", {{"value", plain}}}};
    return any_of({plain, {{"allOf", {std::move(beside), std::move(value)}}}});
}

std::string description_of(const Key& key) {
    std::string text = key.meaning;
    if (!key.unit.empty()) text += fmt::format(" [{}]", key.unit);
    if (!key.standard.empty()) text += fmt::format("; default: {}", key.standard);
    return text;
}

Json schema_of(const Key& key) {
    Json value = schema_of(key.types);
    if (key.beside != nullptr) value = cited(key, value);
    Json schema{{"description", description_of(key)}};
    if (value.contains("$ref")) {
        schema["allOf"] = Json::array({std::move(value)});  // what stands beside $ref is ignored
    } else {
        schema.update(value);
    }
    return schema;
}

Json schema_of(const Form& form) {
    Json properties = Json::object();
    Json required = Json::array();
    for (const Key& key : form.keys) {
        properties[key.name] = schema_of(key);
        if (key.required) required.push_back(key.name);
    }
    Json schema{
        {"description", form.meaning}, {"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) schema["required"] = std::move(required);
    schema["additionalProperties"] = form.others.empty() ? Json(false) : schema_of(form.others);
    return schema;
}

}  // namespace

std::string json_schema(const Form& form) {
    Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
                {"title", fmt::format("Seamount {} file", form.name)}};
    schema.update(schema_of(form));
    Json definitions = Json::object();
    for (const Form* const part : yaml::forms_of(form)) {
        if (part != &form) definitions[part->name] = schema_of(*part);
    }
    schema["definitions"] = std::move(definitions);
    return json_text(schema, 2) + '\n';
}

}  // namespace seamount::tools
