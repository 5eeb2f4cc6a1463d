#include "tools/debug/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "isa/microcode/program.hpp"

namespace seamount::debug {
namespace {

constexpr std::string_view kHexadecimal = "0x";

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::optional<std::uint32_t> place_in(const std::vector<std::string>& names,
                                      std::string_view name) {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - names.begin());
}

/// `letter` and a number below `count`.
std::optional<std::uint32_t> numbered(std::string_view name, char letter, int count) {
    if (name.size() < 2 || name.size() > 3 || name[0] != letter) return std::nullopt;
    std::uint32_t number = 0;
    const char* const end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data() + 1, end, number);
    if (error != std::errc{} || stop != end || (name.size() > 2 && name[1] == '0')) {
        return std::nullopt;
    }
    if (number >= static_cast<std::uint32_t>(count)) return std::nullopt;
    return number;
}

/// One index, or FIRST:END[:STRIDE] within `size`.
std::vector<std::uint32_t> read_range(Reader& reader, std::uint32_t size) {
    const std::int64_t most = size;
    reader.skip_blanks();
    const std::size_t begin = reader.position();
    const bool has_first = reader.peek() != ':';
    const std::int64_t first =
        has_first ? reader.number(0, std::max<std::int64_t>(most - 1, 0), "index") : 0;
    if (!reader.take(":")) return {static_cast<std::uint32_t>(first)};
    const char next = reader.peek();
    const bool has_end = next != ':' && next != ']' && next != ',';
    const std::int64_t end = has_end ? reader.number(first, most, "end") : most;
    const std::int64_t stride = reader.take(":") ? reader.number(1, most, "stride") : 1;
    if (first >= end) {
        refuse("DBG-VALUE", reader.where_at(begin),
               fmt::format("'{}' selects no neuron",
                           reader.text().substr(begin, reader.position() - begin)),
               fmt::format("the end does not count, it goes up to {}", size));
    }
    std::vector<std::uint32_t> members;
    for (std::int64_t i = first; i < end; i += stride) {
        members.push_back(static_cast<std::uint32_t>(i));
    }
    return members;
}

/// `[...]` behind a name, in one dimension or in all of the shape.
std::vector<std::uint32_t> read_members(Reader& reader, std::uint32_t count,
                                        const std::vector<std::uint32_t>& shape) {
    const std::size_t begin = reader.position();
    std::size_t commas = 0;
    for (std::size_t i = begin; i < reader.text().size() && reader.text()[i] != ']'; ++i) {
        commas += reader.text()[i] == ',' ? 1U : 0U;
    }
    const std::vector<std::uint32_t> sides =
        commas == 0 ? std::vector<std::uint32_t>{count} : shape;
    if (commas + 1 != sides.size()) {
        refuse("DBG-VALUE", reader.where(),
               fmt::format("{} coordinates, the shape is [{}]", commas + 1, fmt::join(shape, ", ")),
               "give one index, or one for each dimension");
    }
    std::vector<std::uint32_t> members{0};
    for (std::size_t d = 0; d < sides.size(); ++d) {
        if (d != 0 && !reader.take(",")) reader.expected("','");
        const std::vector<std::uint32_t> along = read_range(reader, sides[d]);
        std::vector<std::uint32_t> all;
        for (const std::uint32_t member : members) {
            for (const std::uint32_t i : along) all.push_back(member * sides[d] + i);
        }
        members = std::move(all);
    }
    if (!reader.take("]")) reader.expected("']'");
    return members;
}

/// The longest name of `items` that stands in `text` at `at` as a whole.
template <class T>
std::optional<std::uint32_t> named_at(const std::vector<T>& items, std::string_view text,
                                      std::size_t at, std::size_t& longest) {
    std::optional<std::uint32_t> best;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string& name = items[i].name;
        const std::size_t end = at + name.size();
        if (name.empty() || text.substr(at, name.size()) != name || name.size() <= longest) {
            continue;
        }
        if (end < text.size() && is_name_character(text[end]) && is_name_character(name.back())) {
            continue;
        }
        longest = name.size();
        best = static_cast<std::uint32_t>(i);
    }
    return best;
}

}  // namespace

void refuse(std::string code, SourceLocation where, std::string message, std::string hint) {
    throw InputError{
        Diagnostic{std::move(code), std::move(where), std::move(message), std::move(hint)}};
}

std::optional<Word> find_register(std::string_view name) {
    if (name == name_of(kWordKindNames, WordKind::kFlag)) return Word{WordKind::kFlag};
    if (name == name_of(kWordKindNames, WordKind::kPc)) return Word{WordKind::kPc};
    const auto number = numbered(name, 'r', isa::kRegisters);
    if (!number) return std::nullopt;
    return Word{WordKind::kRegister, *number};
}

std::optional<Word> find_word(const isa::ProgramImage& program, std::string_view name) {
    if (const auto i = place_in(program.states, name)) return Word{WordKind::kState, *i};
    if (const auto i = place_in(program.params, name)) return Word{WordKind::kParameter, *i};
    if (const auto i = place_in(program.accumulators, name)) {
        return Word{WordKind::kAccumulator, *i};
    }
    for (std::size_t i = 0; i < program.views.size(); ++i) {
        if (program.views[i].name == name) {
            return Word{WordKind::kView, static_cast<std::uint32_t>(i)};
        }
    }
    const auto trace = numbered(name, 'y', isa::kTraceRegisters);
    if (trace && isa::writes_traces(program.words)) return Word{WordKind::kTrace, *trace};
    return find_register(name);
}

std::vector<std::string> word_names(const isa::ProgramImage& program) {
    std::vector<std::string> names = program.states;
    names.insert(names.end(), program.accumulators.begin(), program.accumulators.end());
    names.insert(names.end(), program.params.begin(), program.params.end());
    for (const isa::ProgramImage::View& view : program.views) names.push_back(view.name);
    if (!isa::writes_traces(program.words)) return names;
    for (int y = 0; y < isa::kTraceRegisters; ++y) names.push_back(fmt::format("y{}", y));
    return names;
}

void Reader::skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
}

bool Reader::at_end() {
    skip_blanks();
    return at_ == text_.size();
}

char Reader::peek() {
    return at_end() ? '\0' : text_[at_];
}

bool Reader::take(std::string_view token) {
    skip_blanks();
    if (text_.substr(at_, token.size()) != token) return false;
    const std::size_t end = at_ + token.size();
    if (is_name_character(token.back()) && end < text_.size() && is_name_character(text_[end])) {
        return false;
    }
    at_ = end;
    return true;
}

std::string_view Reader::name() {
    skip_blanks();
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
}

std::string_view Reader::word() {
    skip_blanks();
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != ' ' && text_[at_] != '\t') ++at_;
    return text_.substr(begin, at_ - begin);
}

std::int64_t Reader::number(std::int64_t least, std::int64_t most, std::string_view what) {
    skip_blanks();
    const std::size_t begin = at_;
    const bool negative = at_ < text_.size() && text_[at_] == '-';
    if (negative) ++at_;
    const bool hexadecimal = text_.substr(at_).starts_with(kHexadecimal);
    if (hexadecimal) at_ += kHexadecimal.size();
    std::int64_t value = 0;
    const char* const end = text_.data() + text_.size();
    const auto [stop, error] =
        std::from_chars(text_.data() + at_, end, value, hexadecimal ? 16 : 10);
    if (error == std::errc::invalid_argument) {
        at_ = begin;
        expected(fmt::format("{} (a whole number)", what));
    }
    at_ = static_cast<std::size_t>(stop - text_.data());
    if (negative) value = -value;
    if (error != std::errc{} || value < least || value > most) {
        refuse("DBG-VALUE", where_at(begin),
               fmt::format("{} is {}, must be in [{}, {}]", what, text_.substr(begin, at_ - begin),
                           least, most));
    }
    return value;
}

std::string_view Reader::rest() {
    skip_blanks();
    return text_.substr(std::exchange(at_, text_.size()));
}

SourceLocation Reader::where_at(std::size_t position) const {
    SourceLocation where = where_;
    where.column += static_cast<std::uint32_t>(position);
    return where;
}

void Reader::expected(std::string_view what) {
    const SourceLocation here = where();
    const std::string_view found = word();
    refuse("DBG-COMMAND", here,
           found.empty() ? fmt::format("{} is missing", what)
                         : fmt::format("'{}' stands where {} should", found, what));
}

void Reader::end() {
    if (!at_end()) expected("the end of the command");
}

std::optional<Selection> read_selection(const isa::Image& image, Reader& reader) {
    reader.skip_blanks();
    const std::size_t begin = reader.position();
    std::size_t longest = 0;
    const auto population = named_at(image.populations, reader.text(), begin, longest);
    const auto input = named_at(image.inputs, reader.text(), begin, longest);
    if (!population && !input) return std::nullopt;
    Selection selection;
    selection.where = reader.where();
    selection.is_input = input.has_value();
    selection.index = input ? *input : *population;
    reader.back_to(begin + longest);
    const std::uint32_t count = selection.is_input ? image.inputs[selection.index].size
                                                   : image.populations[selection.index].count;
    selection.whole =
        reader.position() >= reader.text().size() || reader.text()[reader.position()] != '[';
    if (selection.whole) {
        for (std::uint32_t i = 0; i < count; ++i) selection.members.push_back(i);
    } else {
        (void)reader.take("[");
        selection.members =
            read_members(reader, count,
                         selection.is_input ? image.inputs[selection.index].shape
                                            : image.populations[selection.index].shape);
    }
    selection.text = std::string{reader.text().substr(begin, reader.position() - begin)};
    return selection;
}

Selection need_selection(const isa::Image& image, Reader& reader, bool of_neurons) {
    auto selection = read_selection(image, reader);
    if (selection && !(of_neurons && selection->is_input)) return *std::move(selection);
    if (selection) {
        refuse("DBG-NAME", selection->where,
               fmt::format("'{}' is a host input, not a population", selection->text));
    }
    const SourceLocation here = reader.where();
    const std::string name{reader.name()};
    if (name.empty()) reader.expected("the name of a population");
    std::vector<std::string> names;
    for (const auto& population : image.populations) names.push_back(population.name);
    if (!of_neurons) {
        for (const auto& input : image.inputs) names.push_back(input.name);
    }
    refuse("DBG-NAME", here, fmt::format("there is no population '{}'", name),
           did_you_mean(name, names));
}

std::string name_of(const isa::Image& image, NeuronId neuron) {
    for (const isa::PopulationImage& population : image.populations) {
        const std::uint32_t index = neuron - population.first_neuron;
        if (index < population.count) return fmt::format("{}[{}]", population.name, index);
    }
    return {};
}

NeuronId neuron_of(const isa::Image& image, const Selection& selection, std::size_t member) {
    return image.populations[selection.index].first_neuron + selection.members[member];
}

}  // namespace seamount::debug
