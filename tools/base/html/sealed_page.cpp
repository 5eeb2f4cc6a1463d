#include "tools/base/html/sealed_page.hpp"

#include <fmt/format.h>

#include "isa/base/assert.hpp"
#include "isa/base/content_hash.hpp"

namespace seamount::tools {
namespace {

constexpr std::size_t kSealSize = 32;
const std::string kSealMark(kSealSize, '@');  ///< in the place of the hash while it is computed

std::string seal_begin(std::string_view generator) {
    return fmt::format("<meta name=\"generator\" content=\"{} ", generator);
}

}  // namespace

std::string json_in_script(std::string_view json) {
    std::string text;
    for (const char c : json) {
        if (c == '<') {
            text += "\\u003c";  // outside of strings JSON has none
        } else {
            text += c;
        }
    }
    return text;
}

SealedPage::SealedPage(std::string_view page_template, std::string_view generator)
    : page_{page_template}, seal_begin_{seal_begin(generator)} {
    SM_ASSERT(page_.find(seal_begin_ + kSealMark) != std::string::npos, "no room for the seal");
}

void SealedPage::put(std::string_view mark, std::string_view text) {
    const std::size_t at = page_.find(mark);
    if (at != std::string::npos) page_.replace(at, mark.size(), text);
}

std::string SealedPage::text() const {
    const std::size_t seal = page_.find(seal_begin_) + seal_begin_.size();
    std::string sealed = page_;
    return sealed.replace(seal, kSealSize, content_hash(page_));
}

bool is_sealed_page(const std::string& text, std::string_view generator) {
    const std::string begin = seal_begin(generator);
    const std::size_t at = text.find(begin);
    if (at == std::string::npos) return false;
    const std::size_t seal = at + begin.size();
    if (text.size() < seal + kSealSize) return false;
    std::string unsealed = text;
    unsealed.replace(seal, kSealSize, kSealMark);
    return text.compare(seal, kSealSize, content_hash(unsealed)) == 0;
}

}  // namespace seamount::tools
