#include "tools/conform/vectors/vector.hpp"

#include <fmt/core.h>

#include <cmath>

#include "isa/base/diagnostic.hpp"
#include "isa/base/json.hpp"

namespace seamount::conform {
namespace {

std::optional<std::int64_t> as_whole(const Json& value) {
    if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            return std::nullopt;
        }
        return static_cast<std::int64_t>(number);
    }
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_number_float()) {
        const auto number = value.get<double>();
        if (std::fabs(number) < 9e15 && std::trunc(number) == number) {
            return static_cast<std::int64_t>(number);
        }
    }
    return std::nullopt;
}

/// Of the peers' Loihi 1 vectors, and of lava's.
constexpr auto kSignModes = std::to_array<std::pair<std::string_view, isa::SignMode>>({
    {"exc", isa::kExcitatory},
    {"EXCITATORY", isa::kExcitatory},
    {"inh", isa::kInhibitory},
    {"INHIBITORY", isa::kInhibitory},
    {"mixed", isa::kMixed},
    {"MIXED", isa::kMixed},
});

/// A value for a message: not a whole list.
std::string shown(const Json& value) {
    return value.is_structured() ? value.type_name() : json_text(value);
}

}  // namespace

void bad_vector(const std::string& what) {
    throw InputError(Diagnostic{"CLI-VECTOR", {}, what, ""});
}

const Json& member(const Json& object, const std::string& key) {
    require(object.is_object(),
            fmt::format("an object with '{}' is expected, not {}", key, object.type_name()));
    const auto found = object.find(key);
    require(found != object.end(), fmt::format("'{}' is missing", key));
    return *found;
}

const Json& filled_list(const Json& object, const std::string& key) {
    const Json& list = member(object, key);
    require(list.is_array() && !list.empty(), fmt::format("'{}' must be a list, not empty", key));
    return list;
}

std::string text_of(const Json& object, const char* key) {
    if (!object.is_object()) return "";
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::int64_t whole(const Json& value, std::string_view what, std::int64_t min, std::int64_t max) {
    const std::optional<std::int64_t> number = as_whole(value);
    require(number && *number >= min && *number <= max,
            fmt::format("'{}' is {}, must be a whole number in [{}, {}]", what, shown(value), min,
                        max));
    return *number;
}

std::int64_t whole_at(const Json& object, const std::string& key, std::int64_t min,
                      std::int64_t max) {
    return whole(member(object, key), key, min, max);
}

std::int64_t whole_or(std::int64_t absent, const Json& object, const std::string& key,
                      std::int64_t min, std::int64_t max) {
    return object.contains(key) ? whole_at(object, key, min, max) : absent;
}

std::vector<std::int64_t> wholes(const Json& value, std::string_view what, std::int64_t min,
                                 std::int64_t max) {
    if (!value.is_array()) return {whole(value, what, min, max)};
    std::vector<std::int64_t> numbers;
    numbers.reserve(value.size());
    for (const Json& element : value) numbers.push_back(whole(element, what, min, max));
    return numbers;
}

std::vector<std::int64_t> wholes_of_size(const Json& value, std::string_view what, std::size_t size,
                                         std::int64_t min, std::int64_t max) {
    std::vector<std::int64_t> numbers = wholes(value, what, min, max);
    if (!value.is_array()) numbers.assign(size, numbers.front());
    require(numbers.size() == size,
            fmt::format("'{}' has {} values, {} are expected", what, numbers.size(), size));
    return numbers;
}

isa::SignMode sign_mode_of(const Json& value) {
    const auto mode =
        named(kSignModes, value.is_string() ? value.get_ref<const std::string&>() : std::string{});
    require(mode.has_value(), fmt::format("sign mode {} is none of exc, inh, mixed", shown(value)));
    return *mode;
}

isa::SignMode needed_mode(std::int64_t smallest, std::int64_t largest) {
    if (smallest >= 0) return isa::kExcitatory;
    return largest <= 0 ? isa::kInhibitory : isa::kMixed;
}

int weight_bits_at(const Json& object, const std::string& key) {
    const auto bits = static_cast<int>(whole_at(object, key, 1, 8));
    require(bits != 7, fmt::format("'{}' is 7, must be 1 to 6 or 8", key));
    return bits;
}

}  // namespace seamount::conform
