#include "isa/probe/text/probe_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "isa/base/diagnostic.hpp"

namespace seamount::isa {
namespace {

// The words of the grammar.
constexpr std::string_view kEvery = "every";
constexpr std::string_view kFrom = "from";
constexpr std::string_view kTo = "to";
constexpr std::string_view kWhen = "when";
constexpr std::string_view kSpike = "spike";
constexpr std::string_view kAny = "any";
constexpr std::string_view kIn = "in";
constexpr std::string_view kWeights = "weights";
constexpr std::string_view kCore = "core";
constexpr std::string_view kAll = "all";
constexpr std::uint64_t kMostEvery = std::uint64_t{1} << 30U;

struct Token {
    std::string_view text;
    std::size_t at = 0;
};

std::vector<Token> tokens_of(std::string_view text) {
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

std::vector<Token> by_commas(const Token& token) {
    std::vector<Token> parts;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= token.text.size(); ++i) {
        if (i != token.text.size() && token.text[i] != ',') continue;
        parts.push_back({token.text.substr(begin, i - begin), token.at + begin});
        begin = i + 1;
    }
    return parts;
}

template <class T>
std::uint32_t index_of(const std::vector<T>& items, std::string_view name, std::string_view what,
                       std::size_t at) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].name == name) return static_cast<std::uint32_t>(i);
        names.push_back(items[i].name);
    }
    const std::string near = closest(name, names);
    throw ProbeTextError{fmt::format("there is no {} '{}'", what, name), at,
                         near.empty() ? fmt::format("there are: {}", fmt::join(names, ", "))
                                      : fmt::format("did you mean '{}'?", near)};
}

const ProgramImage* program_of(const Image& image, std::uint32_t population) {
    for (const CoreImage& core : image.cores) {
        for (const NeuronGroup& group : core.groups) {
            if (group.population == population) return &image.programs[group.program];
        }
    }
    return nullptr;
}

void find_trigger(const Image& image, std::string_view text, std::size_t at, ProbeWindow& window) {
    NamedSlice named;
    try {
        named = read_trigger(text);
    } catch (const ProbeTextError& error) {
        throw ProbeTextError{error.what(), at + error.offset, error.hint};
    }
    const auto input = std::ranges::find(image.inputs, named.name, &InputImage::name);
    std::uint32_t size = 0;
    if (input != image.inputs.end()) {
        window.when = ProbeWindow::When::kInput;
        window.index = static_cast<std::uint32_t>(input - image.inputs.begin());
        size = input->size;
    } else {
        window.when = ProbeWindow::When::kPopulation;
        window.index =
            index_of(image.populations, named.name, "population or input", at + named.name_at);
        size = image.populations[window.index].count;
    }
    if (!named.slice.empty()) {
        window.members = indices_of(named.slice, size, at + named.slice_at);
        std::ranges::sort(window.members);
    }
}

/// `every N`, `from A`, `to B` and `when ...`, which comes last; from token `next` on.
void read_rest(const Image& image, std::string_view text, const std::vector<Token>& tokens,
               std::size_t next, std::uint32_t& every, ProbeWindow& window) {
    constexpr std::uint64_t kMostStep = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = next; i < tokens.size(); i += 2) {
        const Token& word = tokens[i];
        if (i + 1 == tokens.size()) {
            throw ProbeTextError{fmt::format("nothing follows '{}'", word.text), word.at};
        }
        const Token& value = tokens[i + 1];
        if (word.text == kEvery) {
            every = static_cast<std::uint32_t>(number_of(value, kEvery, 1, kMostEvery));
        } else if (word.text == kFrom) {
            window.first = number_of(value, kFrom, 0, kMostStep);
        } else if (word.text == kTo) {
            window.end = number_of(value, kTo, window.first + 1, kMostStep);
        } else if (word.text == kWhen) {
            return find_trigger(image, text.substr(value.at), value.at, window);
        } else {
            throw ProbeTextError{
                fmt::format("'{}' stands where a word of the probe should", word.text), word.at,
                "every N, from STEP, to STEP, when spike NAME"};
        }
    }
}

void add_weights(Image& image, std::string_view text, const std::vector<Token>& tokens) {
    if (tokens.size() < 2) throw ProbeTextError{"which projection?", text.size()};
    const std::uint32_t projection =
        index_of(image.projections, tokens[1].text, "projection", tokens[1].at);
    const auto entry =
        std::ranges::find(image.learning.projections, projection, &PlasticImage::projection);
    if (entry == image.learning.projections.end()) {
        throw ProbeTextError{
            fmt::format("projection '{}' does not learn: its weights stay", tokens[1].text),
            tokens[1].at, "seamount export IMAGE --format edges has them"};
    }
    WeightProbeImage probe;
    probe.entry = static_cast<std::uint32_t>(entry - image.learning.projections.begin());
    ProbeWindow window;
    read_rest(image, text, tokens, 2, probe.every, window);
    image.weight_windows.resize(image.learning.probes.size());
    image.learning.probes.push_back(probe);
    image.weight_windows.push_back(std::move(window));
}

void add_cores(Image& image, std::string_view text, const std::vector<Token>& tokens) {
    if (tokens.size() < 3) {
        throw ProbeTextError{"which cores, and what of them?", text.size(),
                             "core 3 packets, core all queue"};
    }
    CoreProbeImage probe;
    if (tokens[1].text != kAll) {
        for (const Token& part : by_commas(tokens[1])) {
            const auto number = static_cast<std::uint32_t>(
                number_of(part, "core", 0, std::numeric_limits<std::uint32_t>::max()));
            const bool is_used = std::ranges::any_of(image.cores, [number](const CoreImage& core) {
                return core.core.value() == number;
            });
            if (!is_used) {
                throw ProbeTextError{fmt::format("core {} is not used", number), part.at,
                                     "seamount inspect IMAGE lists those that are"};
            }
            probe.cores.push_back(number);
        }
    }
    read_rest(image, text, tokens, 3, probe.every, probe.window);
    for (const Token& part : by_commas(tokens[2])) {
        if (!parse(kCoreWordNames, part.text)) {
            throw ProbeTextError{fmt::format("a core has no '{}'", part.text), part.at,
                                 fmt::format("it has: {}", fmt::join(names(kCoreWordNames), ", "))};
        }
        probe.variable = part.text;
        image.core_probes.push_back(probe);
    }
}

void add_words(Image& image, std::string_view text, const std::vector<Token>& tokens) {
    const Token& what = tokens.front();
    // Names of populations may have dots of their own: the longest one that is there counts.
    std::size_t dot = what.text.rfind('.');
    if (dot == std::string_view::npos || dot == 0) {
        throw ProbeTextError{
            fmt::format("'{}' is no word of a population", what.text), what.at,
            "POPULATION.WORD, POPULATION[0:8].WORD, weights PROJECTION, core C WORD"};
    }
    const NamedSlice named = split_slice(what.text.substr(0, dot), what.at);
    ProbeImage probe;
    probe.population = index_of(image.populations, named.name, "population", named.name_at);
    const PopulationImage& population = image.populations[probe.population];
    if (!named.slice.empty()) {
        probe.neurons = indices_of(named.slice, population.count, named.slice_at);
    }
    read_rest(image, text, tokens, 1, probe.every, probe.window);
    const ProgramImage* const program = program_of(image, probe.population);
    for (const Token& word : by_commas({what.text.substr(dot + 1), what.at + dot + 1})) {
        const bool known =
            program != nullptr &&
            (std::ranges::find(program->states, word.text) != program->states.end() ||
             std::ranges::any_of(program->views,
                                 [&](const auto& view) { return view.name == word.text; }) ||
             is_probe_word(*program, word.text));
        if (!known) {
            std::vector<std::string> names;
            if (program != nullptr) {
                names = program->states;
                names.insert(names.end(), program->accumulators.begin(),
                             program->accumulators.end());
                for (const auto& view : program->views) names.push_back(view.name);
            }
            throw ProbeTextError{
                fmt::format("population '{}' has no word '{}'", population.name, word.text),
                word.at, fmt::format("there are: {}", fmt::join(names, ", "))};
        }
        probe.variable = word.text;
        image.probes.push_back(probe);
    }
}

}  // namespace

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
    const std::uint64_t most = size;
    for (const Token& part : by_commas({slice, at})) {
        std::vector<Token> ends;
        std::size_t begin = 0;
        for (std::size_t i = 0; i <= part.text.size(); ++i) {
            if (i != part.text.size() && part.text[i] != ':') continue;
            ends.push_back({part.text.substr(begin, i - begin), part.at + begin});
            begin = i + 1;
        }
        if (ends.size() > 3) throw ProbeTextError{"a slice is FIRST:END:STRIDE", part.at};
        const auto value = [&](std::size_t i, std::string_view what, std::uint64_t least,
                               std::uint64_t highest, std::uint64_t otherwise) {
            return i < ends.size() && !ends[i].text.empty()
                       ? number_of(ends[i], what, least, highest)
                       : otherwise;
        };
        if (ends.size() == 1) {
            indices.push_back(static_cast<std::uint32_t>(
                number_of(ends[0], "index", 0, most == 0 ? 0 : most - 1)));
            continue;
        }
        const std::uint64_t first = value(0, "first index", 0, most, 0);
        const std::uint64_t end = value(1, "end", first, most, most);
        const std::uint64_t stride = value(2, "stride", 1, std::max<std::uint64_t>(most, 1), 1);
        for (std::uint64_t i = first; i < end; i += stride) {
            indices.push_back(static_cast<std::uint32_t>(i));
        }
    }
    std::vector<std::uint32_t> sorted = indices;
    std::ranges::sort(sorted);
    if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end()) {
        throw ProbeTextError{fmt::format("{} is named twice", *twice), at};
    }
    return indices;
}

NamedSlice read_trigger(std::string_view text) {
    const std::vector<Token> tokens = tokens_of(text);
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

bool is_probe_word(const ProgramImage& program, std::string_view name) {
    if (std::ranges::find(program.accumulators, name) != program.accumulators.end()) return true;
    return is_trace_name(name);
}

void add_probe(Image& image, std::string_view text) {
    const std::vector<Token> tokens = tokens_of(text);
    if (tokens.empty()) throw ProbeTextError{"the probe is empty", 0};
    if (tokens.front().text == kWeights) return add_weights(image, text, tokens);
    if (tokens.front().text == kCore) return add_cores(image, text, tokens);
    add_words(image, text, tokens);
}

}  // namespace seamount::isa
