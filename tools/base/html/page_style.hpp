#pragma once

#include <string_view>

namespace seamount::tools {

// Embedded when the product is built: files of tools/base/html.
extern const std::string_view kPageStyle;    ///< of every page
extern const std::string_view kStaticStyle;  ///< of StaticPage, on top

}  // namespace seamount::tools
