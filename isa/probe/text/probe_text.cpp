#include "isa/probe/text/probe_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "isa/base/diagnostic.hpp"
#include "isa/microcode/program.hpp"

namespace seamount::isa {
namespace {

// The words of the grammar.
constexpr std::string_view kEvery = "every";
constexpr std::string_view kFrom = "from";
constexpr std::string_view kTo = "to";
constexpr std::string_view kWhen = "when";
constexpr std::string_view kWeights = "weights";
constexpr std::string_view kCore = "core";
constexpr std::string_view kAll = "all";
constexpr std::uint64_t kMostEvery = std::uint64_t{1} << 30U;

template <class T>
std::uint32_t index_of(const std::vector<T>& items, std::string_view name, std::string_view what,
                       std::size_t at) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].name == name) return static_cast<std::uint32_t>(i);
        names.push_back(items[i].name);
    }
    throw ProbeTextError{fmt::format("there is no {} '{}'", what, name), at,
                         did_you_mean(name, names)};
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

/// `every N`, `from A`, `to B`, each at most once, and `when ...`, which comes last; from token
/// `next` on.
void read_rest(const Image& image, std::string_view text, const std::vector<Token>& tokens,
               std::size_t next, std::uint32_t& every, ProbeWindow& window) {
    constexpr std::uint64_t kMostStep = std::numeric_limits<std::int64_t>::max();
    std::vector<std::string_view> given;
    std::size_t end_at = 0;
    for (std::size_t i = next; i < tokens.size(); i += 2) {
        const Token& word = tokens[i];
        if (i + 1 == tokens.size()) {
            throw ProbeTextError{fmt::format("nothing follows '{}'", word.text), word.at};
        }
        const Token& value = tokens[i + 1];
        if (std::ranges::find(given, word.text) != given.end()) {
            throw ProbeTextError{fmt::format("'{}' is given twice", word.text), word.at};
        }
        given.push_back(word.text);
        if (word.text == kEvery) {
            every = static_cast<std::uint32_t>(number_of(value, kEvery, 1, kMostEvery));
        } else if (word.text == kFrom) {
            window.first = number_of(value, kFrom, 0, kMostStep);
        } else if (word.text == kTo) {
            window.end = number_of(value, kTo, 1, kMostStep);
            end_at = value.at;
        } else if (word.text == kWhen) {
            find_trigger(image, text.substr(value.at), value.at, window);
            break;
        } else {
            throw ProbeTextError{
                fmt::format("'{}' stands where a word of the probe should", word.text), word.at,
                "every N, from STEP, to STEP, when spike NAME"};
        }
    }
    if (window.end <= window.first) {
        throw ProbeTextError{
            fmt::format("'to' is {}, must be above 'from', {}", window.end, window.first), end_at};
    }
}

using Warnings = std::vector<ProbeTextWarning>;

/// Other probes write `most` of the rows of this one. Throws ProbeTextError if that is all.
void tell_twice(SameRows most, const std::string& what, std::size_t at, Warnings& warnings) {
    if (most == SameRows::kNone) return;
    if (most == SameRows::kSome) {
        warnings.push_back({twice_text(most, what), at});
        return;
    }
    throw ProbeTextError{twice_text(most, what), at, "rows would stand in the record twice"};
}

/// Adds a probe to those that are there. Throws ProbeTextError if one of them writes its rows.
template <class Probe>
void add_once(std::vector<Probe>& probes, const Probe& probe, const std::string& what,
              std::size_t at, Warnings& warnings) {
    SameRows most = SameRows::kNone;
    for (const Probe& other : probes) most = std::max(most, same_rows(other, probe));
    tell_twice(most, what, at, warnings);
    probes.push_back(probe);
}

Warnings add_weights(Image& image, std::string_view text, const std::vector<Token>& tokens) {
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
    Warnings warnings;
    SameRows most = SameRows::kNone;
    for (std::size_t i = 0; i < image.learning.probes.size(); ++i) {
        const WeightProbeImage& other = image.learning.probes[i];
        const ProbeWindow other_window =
            i < image.weight_windows.size() ? image.weight_windows[i] : ProbeWindow{};
        if (other.entry != probe.entry || other.bins != probe.bins) continue;
        most = std::max(most, same_rows(other.every, other_window, probe.every, window));
    }
    tell_twice(most, fmt::format("the weights of '{}'", tokens[1].text), tokens[1].at, warnings);
    image.weight_windows.resize(image.learning.probes.size());
    image.learning.probes.push_back(probe);
    image.weight_windows.push_back(std::move(window));
    return warnings;
}

Warnings add_cores(Image& image, std::string_view text, const std::vector<Token>& tokens) {
    if (tokens.size() < 3) {
        throw ProbeTextError{"which cores, and what of them?", text.size(),
                             "core 3 packets, core all queue"};
    }
    CoreProbeImage probe;
    if (tokens[1].text != kAll) {
        for (const Token& part : split_at(',', tokens[1])) {
            const auto number = static_cast<std::uint32_t>(
                number_of(part, "core", 0, std::numeric_limits<std::uint32_t>::max()));
            const bool is_used = std::ranges::any_of(image.cores, [number](const CoreImage& core) {
                return core.core.value() == number;
            });
            if (!is_used) {
                throw ProbeTextError{fmt::format("core {} is not used", number), part.at,
                                     "seamount inspect IMAGE lists those that are"};
            }
            if (std::ranges::find(probe.cores, number) != probe.cores.end()) {
                throw ProbeTextError{fmt::format("core {} is named twice", number), part.at};
            }
            probe.cores.push_back(number);
        }
    }
    read_rest(image, text, tokens, 3, probe.every, probe.window);
    Warnings warnings;
    std::vector<CoreProbeImage> probes = image.core_probes;
    for (const Token& part : split_at(',', tokens[2])) {
        if (!parse(kCoreWordNames, part.text)) {
            throw ProbeTextError{fmt::format("a core has no '{}'", part.text), part.at,
                                 fmt::format("it has: {}", fmt::join(names(kCoreWordNames), ", "))};
        }
        probe.variable = part.text;
        add_once(probes, probe, fmt::format("'{}' of these cores", part.text), part.at, warnings);
    }
    image.core_probes = std::move(probes);
    return warnings;
}

Warnings add_words(Image& image, std::string_view text, const std::vector<Token>& tokens) {
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
    const std::vector<std::string> known =
        program == nullptr ? std::vector<std::string>{} : probe_words(*program);
    Warnings warnings;
    std::vector<ProbeImage> probes = image.probes;
    for (const Token& word : split_at(',', {what.text.substr(dot + 1), what.at + dot + 1})) {
        if (std::ranges::find(known, word.text) == known.end()) {
            throw ProbeTextError{
                fmt::format("population '{}' has no word '{}'", population.name, word.text),
                word.at, did_you_mean(word.text, known)};
        }
        probe.variable = word.text;
        add_once(probes, probe, fmt::format("'{}' of population '{}'", word.text, population.name),
                 word.at, warnings);
    }
    image.probes = std::move(probes);
    return warnings;
}

}  // namespace

std::vector<std::string> probe_words(const ProgramImage& program) {
    std::vector<std::string> words = program.states;
    words.insert(words.end(), program.accumulators.begin(), program.accumulators.end());
    for (const ProgramImage::View& view : program.views) words.push_back(view.name);
    if (writes_traces(program.words)) {
        for (int y = 0; y < kTraceRegisters; ++y) words.push_back(fmt::format("y{}", y));
    }
    return words;
}

std::string twice_text(SameRows same, const std::string& what) {
    if (same == SameRows::kAll) return fmt::format("another probe records {} already", what);
    return fmt::format(
        "another probe records {} too, in other steps: where both do, the record has its rows "
        "twice",
        what);
}

std::vector<ProbeTextWarning> add_probe(Image& image, std::string_view text) {
    const std::vector<Token> tokens = split_at_blanks(text);
    if (tokens.empty()) throw ProbeTextError{"the probe is empty", 0};
    if (tokens.front().text == kWeights) return add_weights(image, text, tokens);
    if (tokens.front().text == kCore) return add_cores(image, text, tokens);
    return add_words(image, text, tokens);
}

}  // namespace seamount::isa
