#include "isa/yaml/yaml_place.hpp"

#include <fmt/format.h>

namespace seamount::yaml {

SourceLocation Place::location() const {
    return {file ? *file : std::string{}, line, column};
}

bool Use::gave(std::size_t begin, std::size_t end) const {
    if (is_value) return true;
    for (const auto& [first, last] : given) {  // in their order
        if (first <= begin && begin < last) begin = last;
    }
    return begin >= end;
}

std::string text_of_use(const Use& use) {
    const SourceLocation at = use.where.location();
    return fmt::format(" ({} of template '{}', {} at {}:{}:{})", use.name, use.of,
                       use.is_value ? "given" : "used", at.file, at.line, at.column);
}

}  // namespace seamount::yaml
