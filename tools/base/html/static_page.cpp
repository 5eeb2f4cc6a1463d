#include "tools/base/html/static_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tools/base/html/page_style.hpp"

namespace seamount::tools {
namespace {

constexpr double kBarWidth = 80.0;

std::string bar_of(const HtmlCell& cell) {
    const double part = std::clamp(*cell.bar, 0.0, 1.0);
    return fmt::format(
        R"(<svg class="bar" width="{0:.0f}" height="10" role="img" aria-label="{1}"><title>{1}</title>)"
        R"(<rect class="room" width="{0:.0f}" height="10"/><rect class="{2}" width="{3:.1f}" height="10"/></svg>)",
        kBarWidth, html_escaped(cell.bar_says), cell.is_bad ? "bad" : "part", part * kBarWidth);
}

std::string cell_text(const HtmlCell& cell, const HtmlColumn& column) {
    return fmt::format("<td{}>{}{}</td>", column.is_text ? " class=\"text\"" : "",
                       html_escaped(cell.text), cell.bar ? bar_of(cell) : std::string{});
}

}  // namespace

std::string html_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '&':
                out += "&amp;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

StaticPage::StaticPage(std::string title, std::string generator)
    : title_{std::move(title)}, generator_{std::move(generator)} {}

void StaticPage::heading(std::string_view text) {
    body_ += fmt::format("<h2>{}</h2>\n", html_escaped(text));
}

void StaticPage::paragraph(std::string_view text) {
    body_ += fmt::format("<p>{}</p>\n", html_escaped(text));
}

void StaticPage::figure(std::string_view caption, std::string_view svg) {
    body_ +=
        fmt::format("<figure>{}<figcaption>{}</figcaption></figure>\n", svg, html_escaped(caption));
}

void StaticPage::table(std::string_view caption, const std::vector<HtmlColumn>& columns,
                       const std::vector<std::vector<HtmlCell>>& rows) {
    body_ += fmt::format("<div class=\"scroll\"><table><caption>{}</caption>\n<thead><tr>",
                         html_escaped(caption));
    for (const HtmlColumn& column : columns) {
        body_ += fmt::format("<th scope=\"col\"{}>{}</th>", column.is_text ? " class=\"text\"" : "",
                             html_escaped(column.name));
    }
    body_ += "</tr></thead>\n<tbody>\n";
    for (const std::vector<HtmlCell>& row : rows) {
        body_ += "<tr>";
        for (std::size_t i = 0; i < columns.size(); ++i) {
            body_ += cell_text(i < row.size() ? row[i] : HtmlCell{}, columns[i]);
        }
        body_ += "</tr>\n";
    }
    body_ += "</tbody></table></div>\n";
}

std::string StaticPage::text() const {
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"generator\" content=\"{}\">\n<link rel=\"icon\" href=\"data:,\">\n"
        "<title>{}</title>\n<style>{}{}</style>\n</head>\n<body>\n<main>\n<h1>{}</h1>\n"
        "{}</main>\n<footer>{}</footer>\n</body>\n</html>\n",
        html_escaped(generator_), html_escaped(title_), kPageStyle, kStaticStyle,
        html_escaped(title_), body_, html_escaped(generator_));
}

}  // namespace seamount::tools
