#include "tools/base/step_window.hpp"

#include <fmt/core.h>

#include <charconv>
#include <string_view>

#include "isa/base/diagnostic.hpp"

namespace seamount::tools {
namespace {

/// False if the text is no number; of no text the value stays.
bool read(std::string_view text, std::uint64_t& value) {
    if (text.empty()) return true;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stop == end;
}

}  // namespace

StepWindow parse_window(const std::string& option, const std::string& text) {
    StepWindow window;
    const std::string_view words{text};
    const std::size_t colon = words.find(':');
    if (colon == std::string_view::npos || !read(words.substr(0, colon), window.first) ||
        !read(words.substr(colon + 1), window.end) || window.first >= window.end) {
        bad_input("CLI-WINDOW", option, fmt::format("'{}' is no window of steps", text),
                  "write FIRST:END, steps from FIRST to before END: 100:200, 100: or :200");
    }
    return window;
}

}  // namespace seamount::tools
