#include "isa/probe/text/probe_slice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace seamount::isa {
namespace {

constexpr std::string_view kSpike = "spike";
constexpr std::string_view kAny = "any";
constexpr std::string_view kIn = "in";

/// One index, or FIRST:END:STRIDE.
void add_range(const Token& part, std::uint64_t size, std::vector<std::uint32_t>& indices) {
    const std::vector<Token> ends = split_at(':', part);
    if (ends.size() > 3) throw ProbeTextError{"a slice is FIRST:END:STRIDE", part.at};
    const auto value = [&](std::size_t i, std::string_view what, std::uint64_t least,
                           std::uint64_t highest, std::uint64_t otherwise) {
        return i < ends.size() && !ends[i].text.empty() ? number_of(ends[i], what, least, highest)
                                                        : otherwise;
    };
    if (ends.size() == 1) {
        indices.push_back(
            static_cast<std::uint32_t>(number_of(ends[0], "index", 0, size == 0 ? 0 : size - 1)));
        return;
    }
    const std::uint64_t first = value(0, "first index", 0, size, 0);
    const std::uint64_t end = value(1, "end", first, size, size);
    const std::uint64_t stride = value(2, "stride", 1, std::max<std::uint64_t>(size, 1), 1);
    if (first == end) {
        throw ProbeTextError{fmt::format("'{}' selects no neuron", part.text), part.at,
                             fmt::format("the end does not count, it goes up to {}", size)};
    }
    for (std::uint64_t i = first; i < end; i += stride) {
        indices.push_back(static_cast<std::uint32_t>(i));
    }
}

}  // namespace

std::vector<Token> split_at_blanks(std::string_view text) {
    std::vector<Token> tokens;
    for (std::size_t i = 0; i < text.size();) {
        i = std::min(text.find_first_not_of(" \t", i), text.size());
        if (i == text.size()) break;
        const std::size_t end = std::min(text.find_first_of(" \t", i), text.size());
        tokens.push_back({text.substr(i, end - i), i});
        i = end;
    }
    return tokens;
}

std::vector<Token> split_at(char separator, const Token& token) {
    std::vector<Token> parts;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= token.text.size(); ++i) {
        if (i != token.text.size() && token.text[i] != separator) continue;
        parts.push_back({token.text.substr(begin, i - begin), token.at + begin});
        begin = i + 1;
    }
    return parts;
}

std::uint64_t number_of(const Token& token, std::string_view what, std::uint64_t least,
                        std::uint64_t most) {
    std::uint64_t value = 0;
    const char* const end = token.text.data() + token.text.size();
    const auto [stop, error] = std::from_chars(token.text.data(), end, value);
    if (error != std::errc{} || stop != end || value < least || value > most) {
        throw ProbeTextError{fmt::format("{} is '{}', must be a whole number in [{}, {}]", what,
                                         token.text, least, most),
                             token.at};
    }
    return value;
}

NamedSlice split_slice(std::string_view text, std::size_t at) {
    NamedSlice named;
    named.name_at = at;
    const std::size_t open = text.find('[');
    named.name = text.substr(0, open);
    if (open == std::string_view::npos) return named;
    if (text.back() != ']') throw ProbeTextError{"']' is missing", at + text.size()};
    named.slice = text.substr(open + 1, text.size() - open - 2);
    named.slice_at = at + open + 1;
    if (named.slice.empty()) throw ProbeTextError{"nothing stands in the brackets", at + open};
    return named;
}

std::vector<std::uint32_t> indices_of(std::string_view slice, std::uint32_t size, std::size_t at) {
    std::vector<std::uint32_t> indices;
    for (const Token& part : split_at(',', {slice, at})) add_range(part, size, indices);
    std::vector<std::uint32_t> sorted = indices;
    std::ranges::sort(sorted);
    if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end()) {
        throw ProbeTextError{fmt::format("{} is named twice", *twice), at};
    }
    return indices;
}

NamedSlice read_trigger(std::string_view text) {
    const std::vector<Token> tokens = split_at_blanks(text);
    std::size_t next = 0;
    const auto take = [&](std::string_view word) {
        if (next == tokens.size() || tokens[next].text != word) return false;
        ++next;
        return true;
    };
    const bool any = take(kAny);
    if (!take(kSpike) || (any && !take(kIn)) || next + 1 != tokens.size()) {
        throw ProbeTextError{fmt::format("'{}' is no trigger", text),
                             next < tokens.size() ? tokens[next].at : text.size(),
                             "spike NAME, any spike in NAME, spike NAME[0:8]"};
    }
    return split_slice(tokens[next].text, tokens[next].at);
}

}  // namespace seamount::isa
