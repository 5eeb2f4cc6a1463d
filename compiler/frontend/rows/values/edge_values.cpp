#include "compiler/frontend/rows/values/edge_values.hpp"

#include <algorithm>
#include <cmath>

namespace seamount::compiler::frontend {

namespace {

using Row = std::span<const RawSynapse>;

class ConstantValue : public EdgeValues {
public:
    explicit ConstantValue(double value) : value_{value} {}
    void values(std::uint32_t, Row, std::span<double> out) const override {
        std::fill(out.begin(), out.end(), value_);
    }

private:
    double value_;
};

class MatrixValues : public EdgeValues {
public:
    MatrixValues(DataArray matrix, std::uint32_t sources)
        : matrix_{std::move(matrix)}, sources_{sources} {}
    void values(std::uint32_t source, Row row, std::span<double> out) const override {
        for (std::size_t k = 0; k < row.size(); ++k) {
            out[k] = matrix_.number(std::uint64_t{row[k].target} * sources_ + source);
        }
    }

private:
    DataArray matrix_;
    std::uint32_t sources_;
};

class SourceValues : public EdgeValues {
public:
    explicit SourceValues(DataArray list) : list_{std::move(list)} {}
    void values(std::uint32_t source, Row, std::span<double> out) const override {
        std::fill(out.begin(), out.end(), list_.number(source));
    }

private:
    DataArray list_;
};

/// Draws for each synapse and leaves the distribution to `Distribution`.
template <class Distribution>
class DrawnValues : public EdgeValues {
public:
    DrawnValues(Distribution distribution, const RowRandom& random, DrawBy by)
        : distribution_{distribution}, random_{random}, by_{by} {}
    void values(std::uint32_t source, Row row, std::span<double> out) const override {
        for (std::size_t k = 0; k < row.size(); ++k) {
            const auto number =
                by_ == DrawBy::kTarget ? row[k].target : static_cast<std::uint32_t>(k);
            out[k] = distribution_(random_.draw(source, number));
        }
    }

private:
    Distribution distribution_;
    RowRandom random_;
    DrawBy by_;
};

}  // namespace

std::shared_ptr<const EdgeValues> constant_value(double value) {
    return std::make_shared<ConstantValue>(value);
}

std::shared_ptr<const EdgeValues> matrix_values(DataArray matrix, std::uint32_t sources) {
    return std::make_shared<MatrixValues>(std::move(matrix), sources);
}

std::shared_ptr<const EdgeValues> source_values(DataArray values) {
    return std::make_shared<SourceValues>(std::move(values));
}

std::shared_ptr<const EdgeValues> uniform_values(std::int64_t low, std::int64_t high,
                                                 const RowRandom& random, DrawBy by) {
    const auto count = static_cast<std::uint64_t>(high - low) + 1;
    const auto distribution = [low, count](const RowRandom::Draw& draw) {
        return static_cast<double>(low +
                                   static_cast<std::int64_t>(RowRandom::below(draw.first, count)));
    };
    return std::make_shared<DrawnValues<decltype(distribution)>>(distribution, random, by);
}

std::shared_ptr<const EdgeValues> normal_values(double mean, double sd, const RowRandom& random,
                                                DrawBy by) {
    const auto distribution = [mean, sd](const RowRandom::Draw& draw) {
        return std::round(normal_number(draw, mean, sd));
    };
    return std::make_shared<DrawnValues<decltype(distribution)>>(distribution, random, by);
}

}  // namespace seamount::compiler::frontend
