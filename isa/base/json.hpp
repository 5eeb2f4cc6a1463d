#pragma once

// The one header that brings in the JSON library, which takes seconds to compile: for .cpp files
// that write or read JSON. Headers say what they need in words of their own.

#include <iosfwd>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

// Compiled once, in json.cpp, instead of in every file that uses them.
extern template class nlohmann::basic_json<nlohmann::ordered_map>;
extern template class nlohmann::detail::serializer<nlohmann::ordered_json>;

namespace seamount {

/// Members keep the order in which they were added, so that files can be compared.
using Json = nlohmann::ordered_json;

/// The value of a text or of what is left of a stream; is_discarded() if there is none. Compiled
/// once: a parser of its own takes two seconds of each source.
[[nodiscard]] Json parse_json(std::string_view text);
[[nodiscard]] Json parse_json(std::istream& stream);
/// The same of a text that must be one, or Json::parse_error.
[[nodiscard]] Json parse_json_or_throw(std::string_view text);

/// The text of a value. Strings should be UTF-8; bytes that are not, of a file name perhaps, become
/// U+FFFD: no report is lost for them.
template <class AnyJson>
[[nodiscard]] std::string json_text(const AnyJson& json, int indent = -1) {
    return json.dump(indent, ' ', false, AnyJson::error_handler_t::replace);
}

}  // namespace seamount
