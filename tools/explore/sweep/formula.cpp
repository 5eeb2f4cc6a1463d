#include "tools/explore/sweep/formula.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <limits>
#include <utility>

namespace seamount::explore {

struct Formula::Impl {
    mu::Parser parser;
    std::map<std::string, double> words;  ///< numbers that stand for words in this formula
    std::vector<std::string> names;
    std::map<std::string, double> values;

    /// A number that no parameter has by chance.
    double number_of(const std::string& word) {
        const auto [entry, added] = words.try_emplace(word, 0.0);
        if (added) entry->second = -1.5e300 - 1e297 * static_cast<double>(words.size());
        return entry->second;
    }

    /// 'word' becomes its number, as long as the quotes and the word at least.
    std::string without_words(const std::string& text) {
        std::string out;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (text[at] != '\'') {
                out += text[at];
                continue;
            }
            const std::size_t end = text.find('\'', at + 1);
            if (end == std::string::npos) {
                throw FormulaError{fmt::format("at character {}: ' is not closed", at + 1)};
            }
            out += fmt::format("({})", number_of(text.substr(at + 1, end - at - 1)));
            at = end;
        }
        return out;
    }
};

Formula::Formula(std::string text) : text_{std::move(text)}, impl_{std::make_unique<Impl>()} {
    compiler::frontend::check_formula(text_);
    mu::Parser& parser = impl_->parser;
    try {
        parser.DefineNameChars("0123456789_.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        compiler::frontend::define_functions(parser);
        parser.SetExpr(impl_->without_words(text_));
        for (const auto& [name, unused] : parser.GetUsedVar()) impl_->names.push_back(name);
        for (const std::string& name : impl_->names) {
            parser.DefineVar(name, &impl_->values[name]);
        }
        parser.Eval();
        if (parser.GetNumResults() != 1) throw FormulaError{"more than one value"};
    } catch (const mu::ParserError& error) {
        throw compiler::frontend::described(error);
    }
}

Formula::~Formula() = default;
Formula::Formula(Formula&&) noexcept = default;
Formula& Formula::operator=(Formula&&) noexcept = default;

double Formula::evaluate(const Lookup& lookup) const {
    for (const std::string& name : impl_->names) {
        const Value* const value = lookup(name);
        double& slot = impl_->values[name];
        if (value == nullptr) {
            slot = std::numeric_limits<double>::quiet_NaN();
        } else if (const auto* word = std::get_if<std::string>(value)) {
            slot = impl_->number_of(*word);
        } else {
            slot = std::get<double>(*value);
        }
    }
    try {
        return impl_->parser.Eval();
    } catch (const mu::ParserError& error) {
        throw compiler::frontend::described(error);
    }
}

const std::vector<std::string>& Formula::names() const noexcept {
    return impl_->names;
}

}  // namespace seamount::explore
