#pragma once

#include <string>
#include <string_view>

namespace seamount::tools {

/// JSON as it may stand in a script element: it can neither end the element nor begin a comment.
[[nodiscard]] std::string json_in_script(std::string_view json);

/// A page with scripts that is made from a template: marks in it are replaced, then it is sealed.
/// The page says which bytes it was written as, so that one that was changed since, or that
/// somebody else wrote, is never taken for ours and replaced.
class SealedPage {
public:
    /// The template must have `<meta name="generator" content="GENERATOR @@@@...">`, with 32 @.
    SealedPage(std::string_view page_template, std::string_view generator);

    /// Replaces the first `mark`.
    void put(std::string_view mark, std::string_view text);
    /// The whole page, with its seal.
    [[nodiscard]] std::string text() const;

private:
    std::string page_;
    std::string seal_begin_;
};

/// Whether `text` is a page of that generator as it was written, whatever it shows.
[[nodiscard]] bool is_sealed_page(const std::string& text, std::string_view generator);

}  // namespace seamount::tools
