#include "tools/report/report_page.hpp"

#include <utility>

#include "isa/base/json.hpp"
#include "tools/base/html/page_style.hpp"
#include "tools/base/html/sealed_page.hpp"
#include "tools/base/html/static_page.hpp"
#include "tools/base/version.hpp"
#include "tools/explore/report/page/page_parts.hpp"
#include "tools/report/page/page_parts.hpp"
#include "tools/report/run_data.hpp"
#include "tools/report/run_words.hpp"

namespace seamount::report {
namespace {

constexpr const char* kGenerator = "seamount report";

std::string in_script(const Json& json) {
    return tools::json_in_script(json_text(json));
}

}  // namespace

bool is_own_page(const std::string& text) {
    return tools::is_sealed_page(text, kGenerator);
}

std::string page_of(const std::vector<tools::RunRecords>& runs) {
    Json all = Json::array();
    for (const tools::RunRecords& run : runs) all.push_back(run_data(run));
    const Json difference = all.size() > 1 ? Json(difference_of(all[0], all[1])) : Json::array();
    std::string title = runs.front().folder().string();
    if (runs.size() > 1) title += " and " + runs.back().folder().string();
    tools::SealedPage page{kPageHtml, kGenerator};
    page.put("@TITLE@", tools::html_escaped(title));
    page.put("/*STYLE*/", std::string{tools::kPageStyle} + std::string{kPageCss});
    page.put("@LICENCE@", tools::html_escaped(explore::kChartLicence));
    page.put("/*CHARTS*/", explore::kChartLibrary);
    page.put("/*SCRIPT*/",
             std::string{kPageRaster} + std::string{kPageCharts} + std::string{kPageScript});
    page.put("/*DATA*/",
             "const runs = " + in_script(all) + ";\nconst difference = " + in_script(difference) +
                 ";\nconst version = " + in_script(Json(std::string{tools::version()})) + ";");
    return page.text();
}

}  // namespace seamount::report
