#include "compiler/frontend/rows/values/formula.hpp"

#include <muParser.h>

#include <cmath>
#include <mutex>
#include <numbers>

namespace seamount::compiler::frontend {

namespace {

/// Places of a shape in the unit square.
class Grid {
public:
    explicit Grid(const std::vector<std::uint32_t>& shape) {
        if (!shape.empty()) columns_ = shape.back();
        if (shape.size() > 1) rows_ = shape[shape.size() - 2];
        for (const std::uint32_t extent : shape) size_ *= extent;
    }
    [[nodiscard]] double x(std::uint32_t index) const { return unit(index % columns_, columns_); }
    [[nodiscard]] double y(std::uint32_t index) const {
        return unit(index / columns_ % rows_, rows_);
    }
    [[nodiscard]] double size() const { return size_; }

private:
    static double unit(std::uint32_t at, std::uint32_t extent) {
        return extent > 1 ? static_cast<double>(at) / (extent - 1) : 0.0;
    }
    std::uint32_t rows_ = 1;
    std::uint32_t columns_ = 1;
    double size_ = 1.0;
};

/// A parser with its variables. Evaluating changes them, so a thread needs its own.
class Evaluator {
public:
    explicit Evaluator(const std::string& text) {
        define_functions(parser_);
        parser_.DefineConst("pi", std::numbers::pi);
        for (const auto& [name, variable] : {std::pair{"i", &i},
                                             {"j", &j},
                                             {"n", &n},
                                             {"m", &m},
                                             {"x", &x},
                                             {"y", &y},
                                             {"u", &u},
                                             {"v", &v},
                                             {"d", &d}}) {
            parser_.DefineVar(name, variable);
        }
        parser_.SetExpr(text);
    }
    Evaluator(const Evaluator&) = delete;
    Evaluator& operator=(const Evaluator&) = delete;

    double value() {
        const double result = parser_.Eval();
        if (parser_.GetNumResults() != 1) throw FormulaError{"more than one value"};
        return result;
    }

    double i = 0, j = 0, n = 1, m = 1, x = 0, y = 0, u = 0, v = 0, d = 0;

private:
    mu::Parser parser_;
};

class FormulaValues : public EdgeValues {
public:
    FormulaValues(std::string text, const FormulaEnds& ends, bool rounded)
        : text_{std::move(text)},
          source_{ends.source_shape},
          target_{ends.target_shape},
          rounded_{rounded} {}

    void values(std::uint32_t source, std::span<const RawSynapse> row,
                std::span<double> out) const override {
        std::unique_ptr<Evaluator> evaluator = take();
        try {
            evaluate(*evaluator, source, row, out);
        } catch (const mu::ParserError& error) {
            throw described(error);
        }
        give_back(std::move(evaluator));
    }

private:
    void evaluate(Evaluator& f, std::uint32_t source, std::span<const RawSynapse> row,
                  std::span<double> out) const {
        f.i = source;
        f.n = source_.size();
        f.m = target_.size();
        f.x = source_.x(source);
        f.y = source_.y(source);
        for (std::size_t k = 0; k < row.size(); ++k) {
            f.j = row[k].target;
            f.u = target_.x(row[k].target);
            f.v = target_.y(row[k].target);
            f.d = std::hypot(f.x - f.u, f.y - f.v);
            const double value = f.value();
            out[k] = rounded_ ? std::round(value) : value;
        }
    }
    std::unique_ptr<Evaluator> take() const {
        {
            const std::lock_guard lock{mutex_};
            if (!idle_.empty()) {
                std::unique_ptr<Evaluator> evaluator = std::move(idle_.back());
                idle_.pop_back();
                return evaluator;
            }
        }
        return std::make_unique<Evaluator>(text_);
    }
    void give_back(std::unique_ptr<Evaluator> evaluator) const {
        const std::lock_guard lock{mutex_};
        idle_.push_back(std::move(evaluator));
    }

    std::string text_;
    Grid source_;
    Grid target_;
    bool rounded_;
    mutable std::mutex mutex_;
    mutable std::vector<std::unique_ptr<Evaluator>> idle_;
};

}  // namespace

std::shared_ptr<const EdgeValues> formula_values(const std::string& text, const FormulaEnds& ends,
                                                 bool rounded) {
    check_formula(text);
    try {
        Evaluator{text}.value();
    } catch (const mu::ParserError& error) {
        throw described(error);
    }
    return std::make_shared<FormulaValues>(text, ends, rounded);
}

std::function<double(double d)> formula_of_distance(const std::string& text) {
    check_formula(text);
    struct Formula {
        mu::Parser parser;
        double d = 0.0;
    };
    const auto formula = std::make_shared<Formula>();
    define_functions(formula->parser);
    formula->parser.DefineConst("pi", std::numbers::pi);
    formula->parser.DefineVar("d", &formula->d);
    formula->parser.SetExpr(text);
    const auto evaluate = [formula](double d) {
        formula->d = d;
        try {
            return formula->parser.Eval();
        } catch (const mu::ParserError& error) {
            throw described(error);
        }
    };
    (void)evaluate(0.0);
    return evaluate;
}

namespace {

std::function<double(std::uint32_t neuron, double t)> neuron_formula(
    const std::string& text, const std::vector<std::uint32_t>& shape, bool has_time) {
    check_formula(text);
    struct Formula {
        explicit Formula(const std::vector<std::uint32_t>& shape) : grid{shape} {}
        Grid grid;
        mu::Parser parser;
        double i = 0, n = 1, x = 0, y = 0, t = 0;
    };
    const auto formula = std::make_shared<Formula>(shape);
    formula->n = formula->grid.size();
    define_functions(formula->parser);
    formula->parser.DefineConst("pi", std::numbers::pi);
    formula->parser.DefineVar("i", &formula->i);
    formula->parser.DefineVar("n", &formula->n);
    formula->parser.DefineVar("x", &formula->x);
    formula->parser.DefineVar("y", &formula->y);
    if (has_time) formula->parser.DefineVar("t", &formula->t);
    formula->parser.SetExpr(text);
    const auto evaluate = [formula](std::uint32_t neuron, double t) {
        formula->i = neuron;
        formula->x = formula->grid.x(neuron);
        formula->y = formula->grid.y(neuron);
        formula->t = t;
        try {
            const double value = formula->parser.Eval();
            if (formula->parser.GetNumResults() != 1) throw FormulaError{"more than one value"};
            return value;
        } catch (const mu::ParserError& error) {
            throw described(error);
        }
    };
    (void)evaluate(0, 0.0);
    return evaluate;
}

}  // namespace

std::function<double(std::uint32_t neuron)> formula_of_neuron(
    const std::string& text, const std::vector<std::uint32_t>& shape) {
    return [evaluate = neuron_formula(text, shape, false)](std::uint32_t neuron) {
        return evaluate(neuron, 0.0);
    };
}

std::function<double(std::uint32_t neuron, double t)> formula_of_neuron_in_time(
    const std::string& text, const std::vector<std::uint32_t>& shape) {
    return neuron_formula(text, shape, true);
}

}  // namespace seamount::compiler::frontend
