#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "isa/base/json.hpp"
#include "tools/explore/sweep/value.hpp"

namespace seamount::explore {

/// {"chip.topology.width": 8, "compile.placer": "hilbert"}
[[nodiscard]] inline Json to_json(const Assignment& assignment) {
    auto json = Json::object();
    for (const auto& [path, value] : assignment) {
        if (const auto* word = std::get_if<std::string>(&value)) {
            json[path] = *word;
            continue;
        }
        const double number = std::get<double>(value);
        constexpr double kExact = 9007199254740992.0;  // 2^53
        if (std::abs(number) <= kExact && number == std::trunc(number)) {
            json[path] = static_cast<std::int64_t>(number);
        } else {
            json[path] = number;
        }
    }
    return json;
}

[[nodiscard]] inline std::string json_text(const Assignment& assignment) {
    return seamount::json_text(to_json(assignment));
}

/// Reads what to_json() wrote, also from elsewhere: what is neither number nor text is left out.
[[nodiscard]] inline Assignment assignment_of(const Json& json) {
    Assignment assignment;
    for (const auto& [path, value] : json.items()) {
        if (value.is_number()) {
            assignment[path] = value.get<double>();
        } else if (value.is_string()) {
            assignment[path] = value.get<std::string>();
        }
    }
    return assignment;
}

[[nodiscard]] inline Assignment assignment_of(const std::string& text) {
    return assignment_of(parse_json(text));
}

}  // namespace seamount::explore
