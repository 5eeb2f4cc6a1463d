#include "isa/base/json.hpp"

#include <istream>

template class nlohmann::basic_json<nlohmann::ordered_map>;
template class nlohmann::detail::serializer<nlohmann::ordered_json>;

namespace seamount {

Json parse_json(std::string_view text) {
    return Json::parse(text, nullptr, false);
}

Json parse_json(std::istream& stream) {
    return Json::parse(stream, nullptr, false);
}

Json parse_json_or_throw(std::string_view text) {
    return Json::parse(text);
}

}  // namespace seamount
