#include "tools/debug/formula.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace seamount::debug {
namespace {

bool begins_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// A word of the compartment in work: one of some program, or a register.
void check_name(const isa::Image& image, const Formula::Term& term) {
    if (find_register(term.name)) return;
    std::vector<std::string> names;
    for (const isa::ProgramImage& program : image.programs) {
        if (find_word(program, term.name)) return;
        for (std::string& name : word_names(program)) names.push_back(std::move(name));
    }
    for (const isa::PopulationImage& population : image.populations) {
        names.push_back(population.name);
    }
    refuse("DBG-NAME", term.where,
           fmt::format("there is no population and no word '{}'", term.name),
           did_you_mean(term.name, names, "words of neurons are written POPULATION[INDEX].WORD"));
}

}  // namespace

Formula::Term read_term(const isa::Image& image, Selection selection, Reader& reader) {
    if (!reader.take(".")) reader.expected(fmt::format("'.' and a word of {}", selection.text));
    const SourceLocation here = reader.where();
    const std::string name{reader.name()};
    const isa::PopulationImage& population = image.populations[selection.index];
    const isa::ProgramImage* const program = isa::program_of(image, selection.index);
    if (program == nullptr) {
        refuse("DBG-NAME", here, fmt::format("population '{}' is on no core", population.name));
    }
    const auto word = find_word(*program, name);
    if (!word) {
        refuse("DBG-NAME", here, fmt::format("'{}' has no word '{}'", population.name, name),
               did_you_mean(name, word_names(*program)));
    }
    Formula::Term term{std::move(selection), name, *word, here};
    if (reader.take("@")) {
        if (word->kind != WordKind::kAccumulator) {
            refuse("DBG-VALUE", reader.where(),
                   fmt::format("'{}' is a {}: only accumulators have what is due later", name,
                               name_of(kWordKindNames, word->kind)));
        }
        term.word.later = static_cast<std::uint32_t>(
            reader.number(0, isa::kMaxDelay, "steps that it is due later"));
    }
    return term;
}

Formula Formula::parse(const isa::Image& image, std::string_view text,
                       const SourceLocation& where) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    Formula formula;
    formula.text_ = text;
    formula.where_ = where;
    Reader reader{text, where};
    if (reader.at_end()) reader.expected("an expression");
    std::string plain;
    while (reader.position() < text.size()) {
        const std::size_t at = reader.position();
        const char c = text[at];
        if (c >= '0' && c <= '9') {
            plain += reader.name();  // a number, 0x included
            continue;
        }
        auto selection = read_selection(image, reader);
        if (selection && reader.position() > at) {
            if (selection->is_input) {
                refuse("DBG-NAME", selection->where,
                       fmt::format("'{}' is a host input: it has no words", selection->text));
            }
            formula.terms_.push_back(read_term(image, *std::move(selection), reader));
        } else if (begins_name(c)) {
            reader.back_to(at);
            Term term{{}, std::string{reader.name()}, {}, reader.where_at(at)};
            if (reader.peek() == '(') {  // a function
                plain += term.name;
                continue;
            }
            check_name(image, term);
            formula.terms_.push_back(std::move(term));
        } else {
            reader.back_to(at + 1);
            plain += c;
            continue;
        }
        plain += fmt::format("q{}", formula.terms_.size() - 1);
    }
    for (const Term& term : formula.terms_) {
        const std::size_t size = term.of ? term.of->members.size() : 1;
        if (size == 1) continue;
        if (formula.count_ != 1 && formula.count_ != size) {
            refuse("DBG-VALUE", term.where,
                   fmt::format("{} neurons beside {}: selections must be of one size", size,
                               formula.count_));
        }
        formula.count_ = size;
    }
    try {
        formula.expression_ = isa::Expression::parse(plain, where);
    } catch (const InputError& error) {
        refuse("DBG-COMMAND", where,
               fmt::format("'{}' is no expression: {}", text, error.diagnostics().front().message));
    }
    return formula;
}

std::int64_t Formula::evaluate(const isa::Image& image, std::size_t i, const Lookup& lookup) const {
    const auto value = [&](std::string_view name) -> std::int64_t {
        const Term& term =
            terms_[static_cast<std::size_t>(std::stoul(std::string{name.substr(1)}))];
        if (!term.of) return lookup(term, std::nullopt);
        return lookup(term, neuron_of(image, *term.of, term.of->members.size() == 1 ? 0 : i));
    };
    try {
        return expression_.evaluate(value);
    } catch (const isa::ExpressionError& error) {
        refuse("DBG-VALUE", where_, fmt::format("'{}' has no value: {}", text_, error.what()));
    }
}

std::optional<NeuronId> Formula::neuron(const isa::Image& image, std::size_t i) const {
    for (const Term& term : terms_) {
        if (term.of && (term.of->members.size() > 1 || terms_.size() == 1)) {
            return neuron_of(image, *term.of, term.of->members.size() == 1 ? 0 : i);
        }
    }
    return std::nullopt;
}

}  // namespace seamount::debug
