#include "tools/report/report_page.hpp"

#include <utility>

#include "isa/base/content_hash.hpp"
#include "isa/base/json.hpp"
#include "tools/base/version.hpp"
#include "tools/explore/report/page/page_parts.hpp"
#include "tools/report/page/page_parts.hpp"
#include "tools/report/run_data.hpp"
#include "tools/report/run_words.hpp"

namespace seamount::report {
namespace {

/// JSON that can neither end the script element that it stands in nor begin a comment there.
std::string in_script(const Json& json) {
    std::string text;
    for (const char c : json_text(json)) {
        if (c == '<') {
            text += "\\u003c";  // outside of strings JSON has none
        } else {
            text += c;
        }
    }
    return text;
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        out += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string{c};
    }
    return out;
}

void replace(std::string& text, const std::string& mark, const std::string& with) {
    const std::size_t at = text.find(mark);
    if (at != std::string::npos) text.replace(at, mark.size(), with);
}

// The page says which bytes it was written as: one that was changed since is no longer ours.
const std::string kSealBegin = "<meta name=\"generator\" content=\"seamount report ";
const std::string kSealMark(32, '@');  ///< in the place of the hash while it is computed

}  // namespace

bool is_own_page(const std::string& text) {
    const std::size_t at = text.find(kSealBegin);
    if (at == std::string::npos) return false;
    const std::size_t begin = at + kSealBegin.size();
    if (text.size() < begin + kSealMark.size()) return false;
    std::string unsealed = text;
    unsealed.replace(begin, kSealMark.size(), kSealMark);
    return text.compare(begin, kSealMark.size(), content_hash(unsealed)) == 0;
}

std::string page_of(const std::vector<tools::RunRecords>& runs) {
    Json all = Json::array();
    for (const tools::RunRecords& run : runs) all.push_back(run_data(run));
    const Json difference = all.size() > 1 ? Json(difference_of(all[0], all[1])) : Json::array();
    std::string title = runs.front().folder().string();
    if (runs.size() > 1) title += " and " + runs.back().folder().string();
    std::string page{kPageHtml};
    replace(page, "@TITLE@", escaped(title));
    replace(page, "/*STYLE*/", std::string{kPageCss});
    replace(page, "@LICENCE@", escaped(std::string{explore::kChartLicence}));
    replace(page, "/*CHARTS*/", std::string{explore::kChartLibrary});
    replace(page, "/*SCRIPT*/",
            std::string{kPageRaster} + std::string{kPageCharts} + std::string{kPageScript});
    replace(page, "/*DATA*/",
            "const runs = " + in_script(all) + ";\nconst difference = " + in_script(difference) +
                ";\nconst version = " + in_script(Json(std::string{tools::version()})) + ";");
    const std::size_t seal = page.find(kSealBegin) + kSealBegin.size();
    const std::string hash = content_hash(page);
    page.replace(seal, kSealMark.size(), hash);
    return page;
}

}  // namespace seamount::report
