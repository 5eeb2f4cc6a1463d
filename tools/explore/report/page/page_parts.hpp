#pragma once

#include <string_view>

namespace seamount::explore {

// Embedded when the product is built: files of tools/explore/report/page and the charting library.
extern const std::string_view kPageHtml;
extern const std::string_view kPageCss;
extern const std::string_view kPageScript;
extern const std::string_view kPageViews;
extern const std::string_view kChartLibrary;  ///< d3.min.js
extern const std::string_view kChartLicence;

}  // namespace seamount::explore
