#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace seamount::tools {

/// `text` as it may stand in HTML, also within quotes.
[[nodiscard]] std::string html_escaped(std::string_view text);

/// A cell of a table.
struct HtmlCell {
    std::string text;
    /// A bar behind the text, filled to this part of its length (what is below 0 or above 1 is
    /// cut).
    std::optional<double> bar{};
    std::string bar_says{};  ///< what the bar shows, for those who do not see it
    bool is_bad = false;     ///< the bar has the colour of warnings
};

/// A column: what its cells are, and whether they are words (which begin at the left).
struct HtmlColumn {
    std::string name;
    bool is_text = false;
};

/// A page that is built from top to bottom, complete in one file and without scripts. All texts are
/// plain, not HTML.
class StaticPage {
public:
    /// `generator` says what wrote it.
    StaticPage(std::string title, std::string generator);

    void heading(std::string_view text);
    void paragraph(std::string_view text);
    /// Rows have a cell for each column (missing ones are empty).
    void table(std::string_view caption, const std::vector<HtmlColumn>& columns,
               const std::vector<std::vector<HtmlCell>>& rows);
    /// A picture as an SVG element, which is not escaped, with a caption.
    void figure(std::string_view caption, std::string_view svg);
    [[nodiscard]] std::string text() const;

private:
    std::string title_;
    std::string generator_;
    std::string body_;
};

}  // namespace seamount::tools
