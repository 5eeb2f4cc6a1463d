#pragma once

#include <string_view>

namespace seamount::report {

// Embedded when the product is built: files of tools/report/page.
extern const std::string_view kPageHtml;
extern const std::string_view kPageCss;
extern const std::string_view kPageRaster;
extern const std::string_view kPageCharts;
extern const std::string_view kPageScript;

}  // namespace seamount::report
