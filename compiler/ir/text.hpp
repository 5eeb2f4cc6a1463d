#pragma once

#include <cstdint>
#include <string>

namespace seamount::compiler {

/// 1234567 -> "1,234,567", for messages.
[[nodiscard]] inline std::string with_commas(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (auto place = static_cast<std::ptrdiff_t>(text.size()) - 3; place > 0; place -= 3) {
        text.insert(static_cast<std::size_t>(place), 1, ',');
    }
    return text;
}

}  // namespace seamount::compiler
