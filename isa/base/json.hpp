#pragma once

// The one header that brings in the JSON library, which takes seconds to compile: for .cpp files
// that write or read JSON. Headers say what they need in words of their own.

#include <nlohmann/json.hpp>
#include <string>

// Compiled once, in json.cpp, instead of in every file that uses them.
extern template class nlohmann::basic_json<nlohmann::ordered_map>;
extern template class nlohmann::detail::serializer<nlohmann::ordered_json>;

namespace seamount {

/// Members keep the order in which they were added, so that files can be compared.
using Json = nlohmann::ordered_json;

/// The text of a value. Strings should be UTF-8; bytes that are not, of a file name perhaps, become
/// U+FFFD: no report is lost for them.
template <class AnyJson>
[[nodiscard]] std::string json_text(const AnyJson& json, int indent = -1) {
    return json.dump(indent, ' ', false, AnyJson::error_handler_t::replace);
}

}  // namespace seamount
