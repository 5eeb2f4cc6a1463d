#pragma once

// The one header that brings in the JSON library, which takes seconds to compile: for .cpp files
// that write or read JSON. Headers say what they need in words of their own.

#include <nlohmann/json.hpp>

// Compiled once, in json.cpp, instead of in every file that uses them.
extern template class nlohmann::basic_json<nlohmann::ordered_map>;
extern template class nlohmann::detail::serializer<nlohmann::ordered_json>;

namespace seamount {

/// Members keep the order in which they were added, so that files can be compared.
using Json = nlohmann::ordered_json;

}  // namespace seamount
